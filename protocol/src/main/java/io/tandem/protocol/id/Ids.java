package io.tandem.protocol.id;

/** The range of WAMP IDs (ID-01). */
public final class Ids {

  /** The smallest ID; 0 occurs only as the request ID of a revocation. */
  public static final long MIN = 1;

  /** The largest ID, 2^53. */
  public static final long MAX = 1L << 53;

  private Ids() {}

  public static boolean isId(long value) {
    return value >= MIN && value <= MAX;
  }
}
