package io.tandem.cluster.wire;

import java.time.Duration;

/** The bounds that every wire between nodes keeps. */
public final class WireLimits {

  /** Longest frame taken: a link's have 32 KiB of records, or one part of 16 KiB, and a header. */
  public static final int FRAME_OCTETS = 64 << 10;

  /** How long a connection may take to come about; frames for the other node wait meanwhile. */
  public static final Duration CONNECT = Duration.ofSeconds(3);

  /**
   * After so long without an acknowledgement of TCP's a connection is given up, where the native
   * transport is there: over a way that was cut TCP itself would try again ever more rarely.
   */
  public static final Duration UNACKNOWLEDGED = Duration.ofSeconds(5);

  /**
   * An accepted connection that has brought nothing for so long is dead, or that of a stranger:
   * links ask to be opened five times a second, and ping twice a second when they are.
   */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  private WireLimits() {}

  /**
   * Checks a frame that is to be sent.
   *
   * @throws IllegalArgumentException when it is too long: a defect of the link
   */
  public static void check(byte[] frame) {
    if (frame.length > FRAME_OCTETS) {
      throw new IllegalArgumentException("a frame of " + frame.length + " octets");
    }
  }
}
