package io.tandem.protocol.wire;

/**
 * What a reader accepts from a stranger. Memory and steps are bounded by the message's length in
 * any case; these bounds keep a short message from becoming an expensive one. Crossing one ends in
 * a {@link LimitException}.
 *
 * @param maxDepth nested lists and maps, the message's own list included: 1 to {@link #MAX_DEPTH},
 *     64 by default
 * @param maxElements elements of one list or entries of one map: 1 or more, 2^20 by default
 * @param maxNumberLength characters of one JSON number: {@link #MIN_NUMBER_LENGTH} to {@link
 *     #MAX_NUMBER_LENGTH}, 1,000 by default; longer ones cost quadratic time to convert
 */
public record DecodeLimits(int maxDepth, int maxElements, int maxNumberLength) {

  public static final int MAX_DEPTH = 512;
  public static final int MIN_NUMBER_LENGTH = 20;
  public static final int MAX_NUMBER_LENGTH = 10_000;

  /** The bounds of a listener that configures none. */
  public static final DecodeLimits DEFAULT = new DecodeLimits(64, 1 << 20, 1_000);

  /** For bytes that were checked when they arrived: the widest bounds there are. */
  static final DecodeLimits CHECKED =
      new DecodeLimits(MAX_DEPTH, Integer.MAX_VALUE, MAX_NUMBER_LENGTH);

  public DecodeLimits {
    check("maxDepth", maxDepth, 1, MAX_DEPTH);
    check("maxElements", maxElements, 1, Integer.MAX_VALUE);
    check("maxNumberLength", maxNumberLength, MIN_NUMBER_LENGTH, MAX_NUMBER_LENGTH);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must be " + min + " to " + max);
    }
  }
}
