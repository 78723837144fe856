package io.tandem.node.config;

import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One door for clients. WebSocket, RawSocket and HTTP share it: the first octet tells them apart
 * (RS-02).
 *
 * @param endpoint keys {@code address} and {@code port}, or {@code unix}; the port 8080 on
 *     127.0.0.1 unless configured
 * @param path where WebSocket is served, {@code /ws} unless configured; RawSocket has no path
 * @param transports what is spoken here, both unless configured, never empty
 * @param serializers what is offered here, all three unless configured, never empty; among those
 *     the client's order decides (WS-02)
 * @param limits sizes and numbers
 * @param timeouts how long the node waits for a client
 * @param keepAlive pings that find dead connections
 * @param origins which web pages may connect (WS-06)
 * @param tls certificate and key, or null for plain text
 * @param proxy what stands before the listener and is believed about its clients, or null
 * @param cookie the one that WebSocket clients are given, or null for none
 * @param longPoll how clients are served that can do HTTP requests only; null for not at all
 * @param longPoll how clients are served that can do nothing but HTTP requests; null for not at all
 * @param compression whether WebSocket messages are compressed for clients that ask for it; off
 *     unless configured (WS-06)
 * @param admits which realms and methods of authentication can be used here, all unless configured
 * @param tryIt whether {@code /} serves the page to try the router; off unless configured
 */
public record ListenerConfig(
    Endpoint endpoint,
    String path,
    Set<TransportKind> transports,
    List<Serializer> serializers,
    LimitsConfig limits,
    TimeoutsConfig timeouts,
    KeepAliveConfig keepAlive,
    OriginsConfig origins,
    @Nullable TlsConfig tls,
    @Nullable ProxyConfig proxy,
    @Nullable CookieConfig cookie,
    @Nullable LongPollConfig longPoll,
    boolean compression,
    AdmitsConfig admits,
    boolean tryIt) {

  static final String DEFAULT_ADDRESS = "127.0.0.1";
  static final int DEFAULT_PORT = 8080;
  static final String DEFAULT_PATH = "/ws";

  /** The transports of WAMP that this node speaks. */
  public enum TransportKind {
    WEBSOCKET,
    RAWSOCKET
  }

  public ListenerConfig {
    transports = Set.copyOf(transports);
    serializers = List.copyOf(serializers);
  }

  /** Whether a page or client with these headers may open a transport here (WS-06). */
  public boolean admits(@Nullable String originHeader, @Nullable String hostHeader) {
    return origins.admits(originHeader, hostHeader, endpoint.isLocal());
  }

  /** This listener on the port that it got where any free one was asked for. */
  public ListenerConfig withActualPort(int port) {
    return endpoint instanceof Endpoint.Tcp tcp ? at(tcp.withPort(port)) : this;
  }

  /** This listener with so many connections at most. */
  public ListenerConfig withMaxConnections(int number) {
    return with(endpoint, limits.withMaxConnections(number));
  }

  /** This listener with other certificates; without them if it has none. */
  public ListenerConfig withTls(@Nullable TlsConfig other) {
    return new ListenerConfig(
        endpoint,
        path,
        transports,
        serializers,
        limits,
        timeouts,
        keepAlive,
        origins,
        other,
        proxy,
        cookie,
        longPoll,
        compression,
        admits,
        tryIt);
  }

  /** This listener somewhere else. */
  public ListenerConfig at(Endpoint other) {
    return with(other, limits);
  }

  private ListenerConfig with(Endpoint other, LimitsConfig granted) {
    return new ListenerConfig(
        other,
        path,
        transports,
        serializers,
        granted,
        timeouts,
        keepAlive,
        origins,
        tls,
        proxy,
        cookie,
        longPoll,
        compression,
        admits,
        tryIt);
  }
}
