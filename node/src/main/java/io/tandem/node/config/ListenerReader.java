package io.tandem.node.config;

import static io.tandem.node.config.ListenerConfig.TransportKind.WEBSOCKET;
import static io.tandem.node.config.Quantity.SIZE;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.tandem.node.config.ListenerConfig.TransportKind;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriRule;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The mapping from keys to {@link ListenerConfig}. */
final class ListenerReader {

  static final Type<String> NETWORK =
      Type.text(
          "an IPv4 or IPv6 address, or a network such as 10.0.0.0/8",
          text -> ProxyConfig.network(text) != null);

  /** What clients use that do not prove who they are. */
  static final String ANONYMOUS = "anonymous";

  /** As clients name them in HELLO. */
  private static final List<String> METHOD_NAMES =
      List.of(
          ANONYMOUS,
          "cookie",
          "ticket",
          "jwt",
          "wampcra",
          "wamp-scram",
          "scram",
          "cryptosign",
          "tls");

  private static final String METHODS =
      "a method of WAMP, one of " + String.join(", ", METHOD_NAMES);

  private final Surroundings surroundings;
  private final BiConsumer<Section, Endpoint> takeEndpoint;

  /**
   * @param takeEndpoint records a problem with the section when its endpoint is not free
   */
  ListenerReader(Surroundings surroundings, BiConsumer<Section, Endpoint> takeEndpoint) {
    this.surroundings = surroundings;
    this.takeEndpoint = takeEndpoint;
  }

  ListenerConfig listener(Section listener) {
    Endpoint endpoint = endpoint(listener);
    takeEndpoint.accept(listener, endpoint);
    String path = listener.value("path", path("/ws"), ListenerConfig.DEFAULT_PATH);
    Set<TransportKind> transports =
        listener.value(
            "transports",
            Type.someOf(Type.oneOf(TransportKind.class)),
            EnumSet.allOf(TransportKind.class));
    Set<Serializer> serializers =
        listener.value(
            "serializers",
            Type.someOf(Type.oneOf(Serializer.class)),
            EnumSet.allOf(Serializer.class));
    LimitsConfig limits = listener.section("limits", ListenerReader::limits);
    TimeoutsConfig timeouts = listener.section("timeouts", ListenerReader::timeouts);
    KeepAliveConfig keepAlive = listener.section("keepAlive", ListenerReader::keepAlive);
    OriginsConfig origins = origins(listener);
    TlsConfig tls =
        listener.optionalSection("tls", section -> new TlsReader(surroundings).tls(section));
    ProxyConfig proxy = listener.optionalSection("proxy", ListenerReader::proxy);
    CookieConfig cookie = cookie(listener, transports, origins, CookieReader.encrypts(tls, proxy));
    LongPollConfig longPoll = listener.optionalSection("longPoll", ListenerReader::longPoll);
    boolean compression = listener.value("compression", Type.bool(), false);
    AdmitsConfig admits = listener.section("admits", ListenerReader::admits);
    boolean tryIt = listener.value("tryIt", Type.bool(), false);
    listener.check(
        !tryIt || transports.contains(WEBSOCKET),
        "tryIt",
        "the page needs websocket among the transports",
        "transports");
    return new ListenerConfig(
        endpoint,
        path,
        transports,
        List.copyOf(serializers),
        limits,
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

  private static Type<String> path(String example) {
    return Type.text("a path such as " + example, text -> text.matches("/[A-Za-z0-9._~/-]{0,200}"));
  }

  private static LongPollConfig longPoll(Section longPoll) {
    LongPollConfig byDefault = LongPollConfig.DEFAULT;
    Duration wait =
        longPoll.value("wait", Type.duration(ofSeconds(1), ofSeconds(60)), byDefault.longestWait());
    Duration idle =
        longPoll.value("idle", Type.duration(ofSeconds(2), ofMinutes(10)), byDefault.idle());
    longPoll.check(
        idle.compareTo(wait) > 0, "idle", "must be longer than wait, which a request takes");
    String path = longPoll.value("path", path("/lp"), byDefault.path());
    longPoll.check(!path.endsWith("/"), "path", "must not end with a slash: more follows it");
    return new LongPollConfig(path, wait, idle);
  }

  private Endpoint endpoint(Section listener) {
    Path socket =
        listener.optional(
            "unix",
            Type.path(
                "the path of a socket, at most " + Endpoint.Unix.MAX_PATH_BYTES + " bytes",
                surroundings.directory(),
                path ->
                    path.toString().getBytes(StandardCharsets.UTF_8).length
                        <= Endpoint.Unix.MAX_PATH_BYTES));
    Endpoint.Tcp tcp = tcp(listener, ListenerConfig.DEFAULT_ADDRESS, ListenerConfig.DEFAULT_PORT);
    listener.check(
        !listener.has("unix") || !(listener.has("address") || listener.has("port")),
        "unix",
        "excludes address and port");
    return socket == null ? tcp : new Endpoint.Unix(socket);
  }

  static Endpoint.Tcp tcp(Section section, String address, int port) {
    return new Endpoint.Tcp(
        section.value(
            "address",
            Type.text("an IPv4 or IPv6 address or a host name", Endpoint.Tcp::isAddress),
            address),
        section.value("port", Type.integer(0, Endpoint.Tcp.MAX_PORT), port));
  }

  private static LimitsConfig limits(Section limits) {
    LimitsConfig byDefault = LimitsConfig.DEFAULT;
    Type<Long> messageSize =
        Type.bytes(LimitsConfig.MIN_MESSAGE_SIZE, LimitsConfig.MAX_MESSAGE_SIZE);
    long maxMessageSize =
        limits.value("maxMessageSize", messageSize, (long) byDefault.maxMessageSize());
    long maxFrameSize = limits.value("maxFrameSize", messageSize, maxMessageSize);
    long outboundQueue =
        limits.value(
            "outboundQueue",
            Type.bytes(LimitsConfig.MIN_OUTBOUND_QUEUE, LimitsConfig.MAX_OUTBOUND_QUEUE),
            Math.max(byDefault.outboundQueue(), maxMessageSize));
    String message = "maxMessageSize, which is " + SIZE.format(maxMessageSize);
    limits.check(
        maxFrameSize <= maxMessageSize,
        "maxFrameSize",
        "must not be more than " + message,
        "maxMessageSize");
    limits.check(
        outboundQueue >= maxMessageSize,
        "outboundQueue",
        "must not be less than " + message,
        "maxMessageSize");
    return new LimitsConfig(
        (int) maxMessageSize,
        (int) maxFrameSize,
        outboundQueue,
        limits.value(
            "maxConnections",
            Type.integer(1, LimitsConfig.MAX_CONNECTIONS),
            byDefault.maxConnections()),
        limits.value(
            "maxConnectionsPerAddress",
            Type.integer(1, LimitsConfig.MAX_CONNECTIONS),
            byDefault.maxConnectionsPerAddress()),
        limits.value(
            "maxDepth",
            Type.integer(LimitsConfig.MIN_DEPTH, DecodeLimits.MAX_DEPTH),
            byDefault.maxDepth()),
        limits.value(
            "maxElements",
            Type.integer(LimitsConfig.MIN_ELEMENTS, LimitsConfig.MAX_ELEMENTS),
            byDefault.maxElements()),
        limits.value(
            "maxNumberLength",
            Type.integer(DecodeLimits.MIN_NUMBER_LENGTH, DecodeLimits.MAX_NUMBER_LENGTH),
            byDefault.maxNumberLength()));
  }

  private static TimeoutsConfig timeouts(Section timeouts) {
    TimeoutsConfig byDefault = TimeoutsConfig.DEFAULT;
    Type<Duration> brief = Type.duration(ofMillis(100), ofSeconds(60));
    return new TimeoutsConfig(
        timeouts.value("handshake", brief, byDefault.handshake()),
        timeouts.value("hello", brief, byDefault.hello()),
        timeouts.value(
            "authenticate", Type.duration(ofMillis(100), ofMinutes(10)), byDefault.authenticate()),
        timeouts.value(
            "nextHello", Type.duration(ofMillis(100), ofMinutes(10)), byDefault.nextHello()),
        timeouts.value("stall", Type.duration(ofSeconds(1), ofMinutes(10)), byDefault.stall()),
        timeouts.value("goodbye", brief, byDefault.goodbye()));
  }

  private static KeepAliveConfig keepAlive(Section keepAlive) {
    KeepAliveConfig byDefault = KeepAliveConfig.DEFAULT;
    Duration pingInterval =
        keepAlive.value("pingInterval", Type.duration(ZERO, ofHours(1)), byDefault.pingInterval());
    keepAlive.check(
        pingInterval.isZero() || pingInterval.compareTo(ofSeconds(1)) >= 0,
        "pingInterval",
        "must be 0s, which sends no pings, or at least 1s");
    boolean rawSocketPing =
        keepAlive.value("rawSocketPing", Type.bool(), byDefault.rawSocketPing());
    keepAlive.check(
        !rawSocketPing || !pingInterval.isZero(),
        "rawSocketPing",
        "contradicts a pingInterval of 0s",
        "pingInterval");
    return new KeepAliveConfig(
        pingInterval,
        keepAlive.value(
            "pingTimeout", Type.duration(ofMillis(100), ofMinutes(5)), byDefault.pingTimeout()),
        rawSocketPing);
  }

  private static OriginsConfig origins(Section listener) {
    return new OriginsConfig(
        listener.optional(
            "origins",
            Type.setOf(
                Type.text(
                    "an origin such as https://app.example.com, in lower case, or * or null",
                    OriginsConfig::isOrigin))));
  }

  private static @Nullable CookieConfig cookie(
      Section listener, Set<TransportKind> transports, OriginsConfig origins, boolean encrypts) {
    CookieConfig cookie =
        listener.optionalSection("cookie", section -> CookieReader.cookie(section, encrypts));
    listener.check(
        !listener.has("cookie") || transports.contains(WEBSOCKET),
        "cookie",
        "needs websocket among the transports",
        "transports");
    listener.check(
        !listener.has("cookie") || !CookieReader.admitsStrangers(origins),
        "origins",
        "has to name the origins where there is a cookie, by which other pages would come in");
    return cookie;
  }

  private static AdmitsConfig admits(Section admits) {
    return new AdmitsConfig(
        admits.optional(
            "realms",
            Type.someOf(
                Type.text(
                    "the name of a realm, or how names begin, up to a dot",
                    text -> UriRule.LOOSE.isPattern(text, MatchPolicy.PREFIX)))),
        admits.optional("methods", Type.someOf(Type.text(METHODS, METHOD_NAMES::contains))));
  }

  private static ProxyConfig proxy(Section proxy) {
    Set<String> from = proxy.required("from", Type.someOf(NETWORK), Set.of());
    boolean protocol = proxy.value("protocol", Type.bool(), false);
    boolean forwarded = proxy.value("forwarded", Type.bool(), false);
    boolean tls = proxy.value("tls", Type.bool(), false);
    proxy.check(
        protocol || forwarded || tls, "from", "one of protocol, forwarded and tls has to be true");
    return new ProxyConfig(from, protocol, forwarded, tls);
  }
}
