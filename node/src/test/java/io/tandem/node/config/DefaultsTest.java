package io.tandem.node.config;

import static io.tandem.node.config.ListenerConfig.TransportKind.RAWSOCKET;
import static io.tandem.node.config.ListenerConfig.TransportKind.WEBSOCKET;
import static io.tandem.protocol.wire.Serializer.CBOR;
import static io.tandem.protocol.wire.Serializer.JSON;
import static io.tandem.protocol.wire.Serializer.MSGPACK;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.membership.Discovery;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriRule;
import io.tandem.testing.Conformance;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds where keys are absent, and what follows from others. */
class DefaultsTest {

  @Test
  void absentKeysHaveTheDocumentedDefaults() throws Exception {
    NodeConfig config = Yaml.config("listeners: [{}]\nrealms: [{name: realm1}]\n");
    assertThat(config)
        .isEqualTo(
            new NodeConfig(
                List.of(
                    new ListenerConfig(
                        new Endpoint.Tcp("127.0.0.1", 8080),
                        "/ws",
                        Set.of(WEBSOCKET, RAWSOCKET),
                        List.of(JSON, MSGPACK, CBOR),
                        new LimitsConfig(
                            1 << 20, 1 << 20, 4 << 20, 100_000, 1_000_000, 64, 1 << 20, 1_000),
                        new TimeoutsConfig(
                            ofSeconds(5),
                            ofSeconds(5),
                            ofSeconds(60),
                            ofSeconds(10),
                            ofSeconds(30),
                            ofSeconds(5)),
                        new KeepAliveConfig(ofSeconds(30), ofSeconds(10), false),
                        new OriginsConfig(null),
                        null,
                        null,
                        null,
                        null,
                        false,
                        AdmitsConfig.DEFAULT,
                        false)),
                new ManagementConfig(new Endpoint.Tcp("127.0.0.1", 9080), null, false, null),
                null,
                List.of(
                    new RealmConfig(
                        "realm1",
                        UriRule.LOOSE,
                        false,
                        true,
                        false,
                        true,
                        CallsConfig.DEFAULT,
                        PartitionPolicy.AVAILABLE,
                        true,
                        List.of(),
                        List.of(),
                        new SessionLimitsConfig(
                            null, 10_000, 10_000, 10_000, null, null, null, null, 1024, 32, 65_536,
                            1_000, 262_144),
                        new RetentionConfig(
                            1_000,
                            List.of(
                                new KeptTopicsConfig("", MatchPolicy.PREFIX, 10_000, null, null))),
                        List.of(),
                        null)),
                0,
                ofSeconds(10),
                null,
                Set.of(),
                new FailedLoginsConfig(10, 100, 100, ofSeconds(1), ofMinutes(5), ofMinutes(15)),
                null,
                new ReloadConfig(false, ofSeconds(5)),
                null));
  }

  @Test
  @Conformance("AUTH-ANON-01")
  void roleOfAnonymousClientsIsAnonymousUnlessAnotherIsNamed() throws Exception {
    NodeConfig config =
        Yaml.config(
            """
            listeners: [{}]
            realms: [{name: r, auth: {anonymous: {}}, roles: [{name: anonymous}]}]
            """);
    assertThat(config.realms().get(0).auth())
        .containsExactly(new AuthConfig.Anonymous("anonymous"));
  }

  @Test
  void emptyClusterSectionWaitsForOthers() throws Exception {
    assertThat(cluster("{}"))
        .isEqualTo(
            new ClusterConfig(
                "tandem",
                null,
                "127.0.0.1",
                5701,
                new Discovery.Addresses(List.of()),
                1,
                ofSeconds(5),
                WireKind.EVENT_BUS,
                null,
                null,
                false,
                RebalanceConfig.DEFAULT))
        .isEqualTo(ClusterConfig.DEFAULT);
  }

  @Test
  void serviceIsLookedUpInDns() throws Exception {
    assertThat(cluster("{service: tandem.default.svc, insecure: true}").discovery())
        .isEqualTo(new Discovery.KubernetesDns("tandem.default.svc", ofSeconds(5)));
  }

  @Test
  void nodeIsCalledByItsClusterPortUnlessNamed() throws Exception {
    assertThat(cluster("{port: 0}").nodeName(5703)).isEqualTo("127.0.0.1:5703");
    assertThat(cluster("{host: '::1'}").nodeName(5701)).isEqualTo("[::1]:5701");
    assertThat(cluster("{node: tandem-0}").nodeName(5701)).isEqualTo("tandem-0");
  }

  @Test
  void sizesThatAreNotSetFollowTheMessageSize() throws Exception {
    NodeConfig config = Yaml.config(Yaml.listener("limits: {maxMessageSize: 8MiB}"));
    assertThat(config.listeners().get(0).limits())
        .isEqualTo(
            new LimitsConfig(8 << 20, 8 << 20, 8 << 20, 100_000, 1_000_000, 64, 1 << 20, 1_000));
  }

  @Test
  void largestMessageIsOneByteShortOf16MiB() throws Exception {
    NodeConfig config = Yaml.config(Yaml.listener("limits: {maxMessageSize: 16MiB}"));
    assertThat(config.listeners().get(0).limits().maxMessageSize()).isEqualTo(1 << 24);
  }

  @Test
  void metricsTokenComesFromAnEnvironmentVariableToo() throws Exception {
    String management = "management:\n  metricsToken: {env: METRICS_TOKEN}\n";
    NodeConfig config = Yaml.config(Yaml.LISTENERS + Yaml.REALMS + management);
    assertThat(config.management().metricsToken())
        .isEqualTo(new Secret("token-from-the-environment"));
  }

  @Test
  void anchorsMayShareWhatIsTheSame() throws Exception {
    String yaml =
        """
        listeners: [{port: 1, limits: &l {maxConnections: 5}}, {port: 2, limits: *l}]
        realms: [{name: realm1}]
        """;
    assertThat(Yaml.config(yaml).listeners())
        .extracting(listener -> listener.limits().maxConnections())
        .containsExactly(5, 5);
  }

  private static ClusterConfig cluster(String section) throws ConfigurationException {
    return requireNonNull(
        Yaml.config(Yaml.LISTENERS + Yaml.REALMS + "cluster: " + section + "\n").cluster());
  }
}
