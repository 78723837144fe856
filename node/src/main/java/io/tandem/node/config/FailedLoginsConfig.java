package io.tandem.node.config;

import java.time.Duration;

/**
 * When clients have to pause after failed logins (AUTH-11). A further attempt within a pause is
 * refused without a look at what it shows.
 *
 * @param perAuthid failures of one authid from one address, which is a network of 64 bits for IPv6:
 *     1 to 1,000,000; from the 10th on unless configured
 * @param perAddress failures of one address, whatever the authid: 1 to 1,000,000; from the 100th on
 *     unless configured
 * @param perAuthidAnywhere failures of one authid from all addresses: 1 to 1,000,000, 100 unless
 *     configured. From then on each failure counts from an address where it has not logged in yet
 * @param pause the first one: 100 ms to 1 h, 1 s unless configured; each failure doubles it
 * @param longestPause that none exceeds: 100 ms to 24 h, 5 min unless configured, and not below
 *     {@code pause}
 * @param forgetAfter how long after the last one failures count: 1 s to 7 d, 15 min unless
 *     configured, and not below {@code longestPause}
 */
public record FailedLoginsConfig(
    int perAuthid,
    int perAddress,
    int perAuthidAnywhere,
    Duration pause,
    Duration longestPause,
    Duration forgetAfter) {

  static final int MAX = 1_000_000;

  /** What holds unless configured. */
  public static final FailedLoginsConfig DEFAULT =
      new FailedLoginsConfig(
          10, 100, 100, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(15));
}
