package io.tandem.node.config;

import java.time.Duration;

/**
 * How long a listener waits for a client before it closes the connection.
 *
 * @param handshake for the complete opening handshake of TLS, WebSocket or RawSocket: 100 ms to 60
 *     s, 5 s unless configured (RS-01)
 * @param hello for HELLO once the transport is open: 100 ms to 60 s, 5 s unless configured; closed
 *     without ABORT, since no session exists yet (SES-01)
 * @param authenticate for each AUTHENTICATE, and for the node's own judgement of it: 100 ms to 10
 *     min, 60 s unless configured (AUTH-07)
 * @param nextHello for another HELLO after a completed GOODBYE: 100 ms to 10 min, 10 s unless
 *     configured (TR-03)
 * @param stall without a byte inside a message that has begun: 1 s to 10 min, 30 s unless
 *     configured
 * @param goodbye for the answer to a GOODBYE that the node sent: 100 ms to 60 s, 5 s unless
 *     configured
 */
public record TimeoutsConfig(
    Duration handshake,
    Duration hello,
    Duration authenticate,
    Duration nextHello,
    Duration stall,
    Duration goodbye) {

  /** How long a listener waits that says nothing else. */
  public static final TimeoutsConfig DEFAULT =
      new TimeoutsConfig(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5));
}
