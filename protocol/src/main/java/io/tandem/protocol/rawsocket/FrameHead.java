package io.tandem.protocol.rawsocket;

/**
 * The four octets before each RawSocket frame, read and written as one number, the first octet
 * highest: four reserved bits, one for a length of exactly 2^24, three for the type, 24 for the
 * length (RS-08, RS-11).
 */
public final class FrameHead {

  /** Octets of a head. */
  public static final int LENGTH = 4;

  /** Longest frame that is sent. One of 2^24 octets is only read: old peers misread its head. */
  public static final int LONGEST_SENT = (1 << 24) - 1;

  /** Longest frame that a head can announce. */
  public static final int LONGEST = 1 << 24;

  /** The bit of a frame of {@link #LONGEST} octets, whose 24 bits of length are 0. */
  private static final int IS_LONGEST = 1 << 27;

  /** By their codes. */
  private static final FrameType[] TYPES = FrameType.values();

  private FrameHead() {}

  /** The head of a frame of this type, with 0 to {@link #LONGEST_SENT} octets after it. */
  public static int of(FrameType type, int length) {
    return type.code << 24 | length;
  }

  /** Whether the head has no reserved bit or type, and no length beyond {@link #LONGEST}. */
  public static boolean isValid(int head) {
    return head >>> 28 == 0
        && (head >>> 24 & 0x7) < TYPES.length
        && ((head & IS_LONGEST) == 0 || (head & LONGEST_SENT) == 0);
  }

  /** The type in a valid head. */
  public static FrameType type(int head) {
    return TYPES[head >>> 24 & 0x7];
  }

  /** The octets that follow a valid head, 0 to {@link #LONGEST}. */
  public static int length(int head) {
    return (head & IS_LONGEST) == 0 ? head & LONGEST_SENT : LONGEST;
  }
}
