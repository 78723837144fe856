package io.tandem.node.transport;

import io.tandem.node.router.Rate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client may still send: two buckets, of messages and of octets, that fill with time. Both
 * are kept as the time until which all that was sent is paid for. A message is taken whole while
 * anything is left, and what it takes more is waited for. Belongs to its lane.
 */
final class Allowance {

  /** No bucket holds less than what comes in so long: or each message would have its own timer. */
  static final long SHORTEST_PAUSE = Duration.ofMillis(20).toNanos();

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private @Nullable Rate rate;

  /** What one message costs, and what may be owed for messages and octets, in nanoseconds. */
  private long messageCost;

  private long messageCredit;
  private long octetCredit;

  private long messagesPaid;
  private long octetsPaid;

  Allowance(Rate rate, long now) {
    messagesPaid = now;
    octetsPaid = now;
    limit(rate, now);
  }

  /** Another rate holds from now on, or none; what is owed by then stays within the new bounds. */
  void limit(@Nullable Rate next, long now) {
    rate = next;
    if (next != null) {
      messageCost = next.messages() == Rate.ANY ? 0 : SECOND / next.messages();
      messageCredit = credit(next.messageBurst(), next.messages());
      octetCredit = credit(next.octetBurst(), next.octets());
      messagesPaid = within(messagesPaid, now, messageCredit);
      octetsPaid = within(octetsPaid, now, octetCredit);
    }
  }

  private static long credit(long burst, long each) {
    return each == Rate.ANY ? SHORTEST_PAUSE : Math.max(SHORTEST_PAUSE, cost(burst, each));
  }

  /** At most 2^30 octets, or messages. */
  private static long cost(long number, long each) {
    return number * SECOND / each;
  }

  private static long within(long paid, long now, long credit) {
    return paid - now > credit ? now + credit : paid;
  }

  /** A message of so many octets has come. */
  void take(int octets, long now) {
    Rate current = rate;
    if (current != null) {
      messagesPaid = later(messagesPaid, now) + messageCost;
      if (current.octets() != Rate.ANY) {
        octetsPaid = later(octetsPaid, now) + cost(octets, current.octets());
      }
    }
  }

  private static long later(long paid, long now) {
    return paid - now > 0 ? paid : now;
  }

  /** How long to wait before the next message may come, in nanoseconds; 0 where it may now. */
  long pause(long now) {
    if (rate == null) {
      return 0;
    }
    long owed =
        Math.max(
            messagesPaid + messageCost - now - messageCredit, octetsPaid + 1 - now - octetCredit);
    return owed > 0 ? Math.max(owed, SHORTEST_PAUSE) : 0;
  }
}
