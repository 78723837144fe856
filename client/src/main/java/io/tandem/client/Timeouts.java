package io.tandem.client;

import java.time.Duration;

/** What a configured wait may be: 1 ms to a day. */
final class Timeouts {

  private static final Duration MAX = Duration.ofDays(1);

  private Timeouts() {}

  static void check(String name, Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(name + " must be 1 ms to 24 h");
    }
  }
}
