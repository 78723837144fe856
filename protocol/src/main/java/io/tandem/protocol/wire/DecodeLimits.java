package io.tandem.protocol.wire;

/**
 * What a reader accepts from a stranger. Memory and steps are bounded by the message's length in
 * any case; these bounds keep a short message from becoming an expensive one. Crossing one is a
 * protocol violation.
 *
 * @param maxDepth nested lists and maps, the message's own list included: 1 to 512, 64 by default
 * @param maxElements elements of one list or entries of one map: 1 or more, 2^20 by default
 * @param maxNumberLength characters of one JSON number: 20 to 10,000, 1,000 by default; longer ones
 *     cost quadratic time to convert
 */
public record DecodeLimits(int maxDepth, int maxElements, int maxNumberLength) {

  /** The bounds of a listener that configures none. */
  public static final DecodeLimits DEFAULT = new DecodeLimits(64, 1 << 20, 1_000);

  /** For bytes that were checked when they arrived: the widest bounds there are. */
  static final DecodeLimits CHECKED = new DecodeLimits(512, Integer.MAX_VALUE, 10_000);

  public DecodeLimits {
    check("maxDepth", maxDepth, 1, 512);
    check("maxElements", maxElements, 1, Integer.MAX_VALUE);
    check("maxNumberLength", maxNumberLength, 20, 10_000);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must be " + min + " to " + max);
    }
  }
}
