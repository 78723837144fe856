package io.tandem.node.router;

/**
 * How fast a client may send once it is a session. What exceeds it is read later.
 *
 * @param messages in a second; {@link #ANY} for any number
 * @param messageBurst at once, after a time in which fewer came
 * @param octets of messages in a second; {@link #ANY} for any number
 * @param octetBurst at once, likewise; a message that is longer is taken, and paid for
 */
public record Rate(long messages, long messageBurst, long octets, long octetBurst) {

  /** Where nothing is limited. */
  public static final long ANY = Long.MAX_VALUE;
}
