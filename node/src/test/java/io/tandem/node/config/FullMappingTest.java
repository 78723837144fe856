package io.tandem.node.config;

import static io.tandem.node.config.AuthConfig.Dynamic.Method.ANONYMOUS;
import static io.tandem.node.config.AuthConfig.Dynamic.Method.TICKET;
import static io.tandem.node.config.AuthConfig.Dynamic.Method.WAMPCRA;
import static io.tandem.node.config.ListenerConfig.TransportKind.RAWSOCKET;
import static io.tandem.node.config.ListenerConfig.TransportKind.WEBSOCKET;
import static io.tandem.node.config.PermissionConfig.Right.CALL;
import static io.tandem.node.config.PermissionConfig.Right.PUBLISH;
import static io.tandem.node.config.PermissionConfig.Right.REGISTER;
import static io.tandem.node.config.PermissionConfig.Right.SUBSCRIBE;
import static io.tandem.protocol.wire.Serializer.CBOR;
import static io.tandem.protocol.wire.Serializer.JSON;
import static io.tandem.protocol.wire.Serializer.MSGPACK;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.membership.Discovery;
import io.tandem.node.config.CookieConfig.SameSite;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pins what every key means and what holds without it. */
class FullMappingTest {

  @TempDir Path directory;

  @BeforeEach
  void writeFiles() throws Exception {
    Files.writeString(directory.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(directory.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(directory.resolve("tls.key"), "-----BEGIN EC PRIVATE KEY-----\n");
    Files.writeString(directory.resolve("token"), "a-token-of-24-characters\n");
    Files.writeString(directory.resolve("reload-token"), "another-token-of-31-characters\n");
    Files.writeString(directory.resolve("joe.ticket"), "joe-s ticket\n");
  }

  @Test
  void everyKeyReachesItsComponent() throws Exception {
    assertThat(Yaml.config(EveryKey.YAML, directory))
        .isEqualTo(
            new NodeConfig(
                List.of(
                    new ListenerConfig(
                        new Endpoint.Tcp("::1", 8443),
                        "/wamp",
                        Set.of(RAWSOCKET, WEBSOCKET),
                        List.of(CBOR, JSON),
                        new LimitsConfig(64 << 10, 32 << 10, 128 << 10, 10, 9, 8, 64, 20),
                        new TimeoutsConfig(
                            ofSeconds(1),
                            ofSeconds(2),
                            ofSeconds(6),
                            ofSeconds(3),
                            ofSeconds(4),
                            ofMillis(500)),
                        new KeepAliveConfig(Duration.ofHours(1), ofSeconds(7), true),
                        new OriginsConfig(Set.of("https://app.example.com", "http://[::1]:3000")),
                        new TlsConfig(
                            directory.resolve("tls.crt"),
                            directory.resolve("tls.key"),
                            List.of(
                                new TlsConfig.Named(
                                    Set.of("a.example.com", "*.b.example.com"),
                                    directory.resolve("ca.crt"),
                                    directory.resolve("tls.key"))),
                            directory.resolve("ca.crt"),
                            TlsConfig.Clients.OPTIONAL,
                            new Surroundings(directory, name -> null)
                                .digest(
                                    List.of(
                                        directory.resolve("tls.crt"),
                                        directory.resolve("tls.key"),
                                        directory.resolve("ca.crt"),
                                        directory.resolve("ca.crt"),
                                        directory.resolve("tls.key"))),
                            null),
                        new ProxyConfig(Set.of("::1", "10.0.0.0/8"), true, true, true),
                        new CookieConfig(
                            "shop", Duration.ofDays(1), SameSite.NONE, "/wamp", "example.com"),
                        new LongPollConfig("/wamp/lp", ofSeconds(5), ofSeconds(20)),
                        true,
                        new AdmitsConfig(Set.of("realm1", "com.example."), Set.of("ticket")),
                        true),
                    new ListenerConfig(
                        new Endpoint.Unix(directory.resolve("run/tandem.sock")),
                        "/ws",
                        Set.of(RAWSOCKET),
                        List.of(JSON, MSGPACK, CBOR),
                        LimitsConfig.DEFAULT,
                        TimeoutsConfig.DEFAULT,
                        KeepAliveConfig.DEFAULT,
                        OriginsConfig.DEFAULT,
                        null,
                        null,
                        null,
                        null,
                        false,
                        AdmitsConfig.DEFAULT,
                        false)),
                new ManagementConfig(
                    new Endpoint.Tcp("0.0.0.0", 9443),
                    new Secret("a-token-of-24-characters", directory.resolve("token")),
                    false,
                    new Secret(
                        "another-token-of-31-characters", directory.resolve("reload-token"))),
                new ClusterConfig(
                    "shop",
                    "shop-0",
                    "10.0.0.1",
                    5800,
                    new Discovery.Addresses(List.of("10.0.0.2:5800", "[::1]:65534", "shop-3:1")),
                    3,
                    ofMinutes(1),
                    WireKind.SOCKET,
                    new Secret("a-token-of-24-characters", directory.resolve("token")),
                    new ClusterTlsConfig(
                        directory.resolve("tls.crt"),
                        directory.resolve("tls.key"),
                        directory.resolve("ca.crt"),
                        new Surroundings(directory, name -> null)
                            .digest(
                                List.of(
                                    directory.resolve("tls.crt"),
                                    directory.resolve("tls.key"),
                                    directory.resolve("ca.crt"))),
                        null),
                    false,
                    new RebalanceConfig(true, 30, 5, ofSeconds(40))),
                List.of(
                    new RealmConfig(
                        "com.example.shop",
                        UriRule.STRICT,
                        true,
                        false,
                        true,
                        false,
                        new CallsConfig(ofSeconds(30), ofMinutes(5), CallsConfig.Forward.NEVER, 7),
                        PartitionPolicy.QUORUM,
                        false,
                        List.of(
                            new AuthConfig.Anonymous("guest"),
                            new AuthConfig.Cookie(Duration.ofHours(1), true),
                            new AuthConfig.Ticket(
                                true,
                                List.of(
                                    new AuthConfig.Ticket.Holder(
                                        "joe",
                                        "nobody",
                                        new Secret(
                                            "joe-s ticket", directory.resolve("joe.ticket")))))),
                        List.of(
                            new RoleConfig(
                                "guest",
                                List.of(
                                    new PermissionConfig(
                                        "com.example..changed",
                                        MatchPolicy.WILDCARD,
                                        Set.of(SUBSCRIBE, PUBLISH),
                                        true,
                                        3,
                                        place("- uri: com.example..changed")),
                                    new PermissionConfig(
                                        "com.example.time",
                                        MatchPolicy.EXACT,
                                        Set.of(CALL),
                                        false,
                                        place("- uri: com.example.time")))),
                            new RoleConfig(
                                "nobody",
                                List.of(),
                                new AuthorizerConfig(
                                    "com.example.authorize",
                                    ofSeconds(2),
                                    place("authorizer: {procedure")),
                                1,
                                new RoleLimitsConfig(
                                    9, 10, 11, 12, 13L, new RateConfig(5, null, null, null))),
                            new RoleConfig(
                                "judge",
                                List.of(
                                    new PermissionConfig(
                                        "com.example.auth",
                                        MatchPolicy.PREFIX,
                                        Set.of(REGISTER),
                                        false,
                                        place("- {uri: com.example.auth"))))),
                        new SessionLimitsConfig(
                            50,
                            1,
                            2,
                            3,
                            32L << 10,
                            new RateConfig(100, 200, 64L << 10, 1L << 20),
                            8L << 20,
                            1L << 20,
                            100,
                            4,
                            2048,
                            5,
                            128 << 10),
                        new RetentionConfig(
                            7,
                            List.of(
                                new KeptTopicsConfig(
                                    "com.example..changed",
                                    MatchPolicy.WILDCARD,
                                    8,
                                    1L << 20,
                                    Duration.ofHours(1)))),
                        List.of(
                            new KeptTopicsConfig(
                                "com.example.time",
                                MatchPolicy.EXACT,
                                9,
                                64L << 10,
                                Duration.ofHours(24)),
                            new KeptTopicsConfig(
                                "com.example.news.", MatchPolicy.PREFIX, 10_000, null, null)),
                        null),
                    new RealmConfig(
                        "com.example.club",
                        UriRule.LOOSE,
                        false,
                        true,
                        false,
                        true,
                        CallsConfig.DEFAULT,
                        PartitionPolicy.AVAILABLE,
                        true,
                        List.of(
                            new AuthConfig.Dynamic(
                                TICKET,
                                new AuthConfig.Dynamic.Procedure(
                                    "com.example.shop", "com.example.authenticate"),
                                ofMillis(100),
                                true),
                            new AuthConfig.Dynamic(
                                ANONYMOUS,
                                new AuthConfig.Dynamic.Procedure(
                                    "com.example.shop", "com.example.authenticate"),
                                ofMillis(100),
                                true)),
                        List.of(),
                        SessionLimitsConfig.DEFAULT,
                        RetentionConfig.DEFAULT,
                        List.of(),
                        null),
                    new RealmConfig(
                        "com.example..users",
                        UriRule.LOOSE,
                        false,
                        true,
                        false,
                        true,
                        CallsConfig.DEFAULT,
                        PartitionPolicy.AVAILABLE,
                        true,
                        List.of(
                            new AuthConfig.Dynamic(
                                WAMPCRA,
                                new AuthConfig.Dynamic.Provider(
                                    "postgres",
                                    List.of(
                                        new AuthConfig.Dynamic.Setting("fetch", "10", null),
                                        new AuthConfig.Dynamic.Setting(
                                            "password",
                                            null,
                                            new Secret(
                                                "a-token-of-24-characters",
                                                directory.resolve("token"))),
                                        new AuthConfig.Dynamic.Setting("url", "jdbc:x", null))),
                                ofSeconds(5),
                                false)),
                        List.of(),
                        SessionLimitsConfig.DEFAULT,
                        RetentionConfig.DEFAULT,
                        List.of(),
                        new TemplateConfig(MatchPolicy.WILDCARD, 7, ofSeconds(90)))),
                3,
                ofMinutes(1),
                16L << 20,
                Set.of("203.0.113.0/24", "2001:db8::1"),
                new FailedLoginsConfig(
                    5, 50, 500, ofMillis(500), ofMinutes(2), Duration.ofHours(1)),
                new AuditConfig(directory.resolve("audit.log")),
                new ReloadConfig(true, ofSeconds(30)),
                new TracingConfig("https://otel.example.com/v1/traces", 7)));
  }

  private static String place(String words) {
    String before = EveryKey.YAML.substring(0, EveryKey.YAML.indexOf(words));
    return "node.yaml:" + before.lines().count();
  }

  @Test
  void tokenIsNeverPrinted() throws Exception {
    assertThat(Yaml.config(EveryKey.YAML, directory).toString())
        .contains("(secret)")
        .doesNotContain("a-token-of", "another-token", "joe-s ticket");
  }

  @Test
  void listsCannotBeChangedAfterwards() throws Exception {
    NodeConfig config = Yaml.config(EveryKey.YAML, directory);
    assertThat(config.listeners()).isUnmodifiable();
    assertThat(config.realms()).isUnmodifiable();
    assertThat(config.realms().get(0).roles()).isUnmodifiable();
  }
}
