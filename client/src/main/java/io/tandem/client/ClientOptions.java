package io.tandem.client;

import io.tandem.protocol.wire.Serializer;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;

/**
 * Everything a session needs to know before it is opened. Immutable; start with {@link #to}.
 *
 * @param transport how the channel is opened
 * @param realm the realm to join
 * @param authentication who the session says it is; anonymous by default
 * @param maxPending requests that may wait for their answers, and, apart, invocations that may run:
 *     1 or more, 65,536 by default. A further request fails with {@link LimitExceededException}, a
 *     further invocation is answered with {@code wamp.error.unavailable}
 * @param helloTimeout longest wait from HELLO to WELCOME, all challenges included; 10 s by default
 * @param closeTimeout longest wait for the router's GOODBYE; 5 s by default
 */
public record ClientOptions(
    TransportOptions transport,
    String realm,
    ClientAuthentication authentication,
    int maxPending,
    Duration helloTimeout,
    Duration closeTimeout) {

  public ClientOptions {
    if (maxPending < 1) {
      throw new IllegalArgumentException("maxPending must be 1 or more");
    }
    Timeouts.check("helloTimeout", helloTimeout);
    Timeouts.check("closeTimeout", closeTimeout);
  }

  /**
   * An anonymous session in JSON with the default limits.
   *
   * @param url as {@link RouterAddress#parse} reads it
   * @throws IllegalArgumentException when it does not
   */
  public static ClientOptions to(String url, String realm) {
    return new ClientOptions(
        TransportOptions.to(url),
        realm,
        ClientAuthentication.anonymous(),
        1 << 16,
        Duration.ofSeconds(10),
        Duration.ofSeconds(5));
  }

  public ClientOptions withTransport(TransportOptions other) {
    return new ClientOptions(other, realm, authentication, maxPending, helloTimeout, closeTimeout);
  }

  public ClientOptions withSerializer(Serializer serializer) {
    return withTransport(transport.withSerializer(serializer));
  }

  public ClientOptions withTrust(TrustOptions certificates) {
    return withTransport(transport.withTrust(certificates));
  }

  public ClientOptions withAuthentication(ClientAuthentication other) {
    return new ClientOptions(transport, realm, other, maxPending, helloTimeout, closeTimeout);
  }

  public ClientOptions withMaxPending(int requests) {
    return new ClientOptions(
        transport, realm, authentication, requests, helloTimeout, closeTimeout);
  }

  public ClientOptions withHelloTimeout(Duration timeout) {
    return new ClientOptions(transport, realm, authentication, maxPending, timeout, closeTimeout);
  }

  public ClientOptions withCloseTimeout(Duration timeout) {
    return new ClientOptions(transport, realm, authentication, maxPending, helloTimeout, timeout);
  }
}
