package io.tandem.client;

import io.tandem.protocol.wire.Serializer;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a channel to a router is opened and what it may hold.
 *
 * @param address where the router listens
 * @param serializer encoding of all messages; JSON by default
 * @param maxMessageBytes largest message accepted from the router, 512 to 2^24 octets, 2^24 by
 *     default; RawSocket announces the power of two below. A larger one ends the transport
 * @param maxQueuedBytes octets that may wait to be written, 2^24 by default; a request that would
 *     exceed them fails at once with {@link LimitExceededException}
 * @param connectTimeout longest wait for the channel, its TLS and its transport handshake included;
 *     10 s by default
 * @param trust certificates trusted over TLS; null means those of the Java runtime
 */
public record TransportOptions(
    RouterAddress address,
    Serializer serializer,
    int maxMessageBytes,
    int maxQueuedBytes,
    Duration connectTimeout,
    @Nullable TrustOptions trust) {

  private static final int MAX_MESSAGE = 1 << 24;

  public TransportOptions {
    if (maxMessageBytes < 512 || maxMessageBytes > MAX_MESSAGE) {
      throw new IllegalArgumentException("maxMessageBytes must be 512 to " + MAX_MESSAGE);
    }
    if (maxQueuedBytes < 512) {
      throw new IllegalArgumentException("maxQueuedBytes must be 512 or more");
    }
    Timeouts.check("connectTimeout", connectTimeout);
  }

  /**
   * JSON and the default limits.
   *
   * @throws IllegalArgumentException for a URL that {@link RouterAddress#parse} does not know
   */
  public static TransportOptions to(String url) {
    return new TransportOptions(
        RouterAddress.parse(url),
        Serializer.JSON,
        MAX_MESSAGE,
        MAX_MESSAGE,
        Duration.ofSeconds(10),
        null);
  }

  public TransportOptions withSerializer(Serializer other) {
    return new TransportOptions(
        address, other, maxMessageBytes, maxQueuedBytes, connectTimeout, trust);
  }

  public TransportOptions withMaxMessageBytes(int bytes) {
    return new TransportOptions(address, serializer, bytes, maxQueuedBytes, connectTimeout, trust);
  }

  public TransportOptions withMaxQueuedBytes(int bytes) {
    return new TransportOptions(address, serializer, maxMessageBytes, bytes, connectTimeout, trust);
  }

  public TransportOptions withConnectTimeout(Duration timeout) {
    return new TransportOptions(
        address, serializer, maxMessageBytes, maxQueuedBytes, timeout, trust);
  }

  public TransportOptions withTrust(TrustOptions certificates) {
    return new TransportOptions(
        address, serializer, maxMessageBytes, maxQueuedBytes, connectTimeout, certificates);
  }
}
