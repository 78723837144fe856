package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.ClusterState;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.tandem.cluster.membership.Discovery;
import io.tandem.cluster.membership.EmbeddedHazelcast;
import io.tandem.cluster.membership.MembershipSettings;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.RebalanceConfig;
import io.tandem.node.config.WireKind;
import io.tandem.node.testing.TestNode;
import io.tandem.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A node that is not ready yet tells who asks its management port what it waits for. */
class WaitingNodeIT {

  private static final String HOST = "127.0.0.1";
  private static final String UP = "200 {\"status\":\"UP\"}";

  private static final String MAJORITY_MISSING =
      "503 {\"status\":\"DOWN\",\"waitsFor\":[\"majority: 1 of 3 nodes here\"]}";

  private static final String SHARE_MISSING =
      "503 {\"status\":\"DOWN\",\"waitsFor\":[\"record: no share of it yet\"]}";

  private static final String LINK_MISSING =
      "503 \\{\"status\":\"DOWN\",\"waitsFor\":\\[\"link to mute: not open for [1-9]\\d* s\"]}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String cluster = "waiting-" + UUID.randomUUID();
  private final int port = FreePorts.pair(HOST);
  private final int management = FreePorts.pair(HOST);

  @Test
  void nodeThatWaitsForItsMajoritySaysSoUntilThatIsThere() {
    Promise<Node> ready = Promise.promise();
    Node first =
        Node.launch(config(port, 3).withManagementPort(management), null, ready::tryComplete);

    until("it says what it waits for", () -> get("/health/ready").equals(MAJORITY_MISSING));
    // A restart would not help.
    assertThat(get("/health/live")).isEqualTo(UP);
    assertThat(get("/health/startup")).isEqualTo(UP);

    Node second = await(Node.start(config(0, 3, port)));
    await(ready.future());
    assertThat(get("/health/ready")).isEqualTo(UP);
    await(second.stop());
    await(first.stop());
  }

  @Test
  void nodeWhoseLinkDoesNotOpenNamesThatLink() {
    // A member of the cluster that nobody can be linked to.
    EmbeddedHazelcast mute =
        await(
            Future.fromCompletionStage(
                EmbeddedHazelcast.start(
                    new MembershipSettings(
                        cluster,
                        new NodeId("mute", 1),
                        HOST,
                        port,
                        new Discovery.Addresses(List.of()),
                        ClusterConfig.DEFAULT.evictAfter(),
                        Map.of(),
                        () -> ClusterKey.of("")))));
    Promise<Node> ready = Promise.promise();
    Node node =
        Node.launch(config(0, 1, port).withManagementPort(management), null, ready::tryComplete);

    until("it says what it waits for", () -> get("/health/ready").matches(LINK_MISSING));
    assertThat(get("/health/startup")).startsWith("503 ");

    await(node.stop());
    assertThat(ready.future().isComplete()).isFalse();
    await(Future.fromCompletionStage(mute.stop()));
  }

  @Test
  void nodeThatIsGivenNoShareOfTheRecordSaysSoUntilItIs() {
    Node first = await(Node.start(config(port, 1)));
    Cluster record =
        Hazelcast.getAllHazelcastInstances().stream()
            .filter(instance -> instance.getConfig().getClusterName().equals(cluster))
            .map(HazelcastInstance::getCluster)
            .findFirst()
            .orElseThrow();
    record.changeClusterState(ClusterState.NO_MIGRATION);
    Promise<Node> ready = Promise.promise();
    Node second =
        Node.launch(config(0, 1, port).withManagementPort(management), null, ready::tryComplete);

    until("it says what it waits for", () -> get("/health/ready").equals(SHARE_MISSING));
    assertThat(ready.future().isComplete()).isFalse();

    until("migrations that are due no more are forgotten", () -> becomesActive(record));
    await(ready.future());
    assertThat(get("/health/ready")).isEqualTo(UP);
    await(second.stop());
    await(first.stop());
  }

  private static boolean becomesActive(Cluster record) {
    try {
      record.changeClusterState(ClusterState.ACTIVE);
      return true;
    } catch (IllegalStateException notYet) {
      return false;
    }
  }

  /** No link would ever open. */
  @Test
  void nodeWithAnotherWireThanTheOthersDoesNotStartAndSaysWhy() {
    Node first = await(Node.start(config(port, 1)));
    NodeConfig alike = config(0, 1, port);
    NodeConfig other = alike.withCluster(requireNonNull(alike.cluster()).withWire(WireKind.SOCKET));
    Future<Node> refused = Node.start(other);
    until("it is refused", refused::isComplete);
    assertThat(refused.cause())
        .hasMessageContaining("cluster.wire is socket here and event-bus on [127.0.0.1]:" + port);
    await(first.stop());
  }

  /**
   * @param members cluster ports of those to look for
   */
  private NodeConfig config(int clusterPort, int expect, int... members) {
    List<String> join = Arrays.stream(members).mapToObj(member -> HOST + ":" + member).toList();
    try {
      return Configurations.parse(
              "test.yaml", TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM + "lanes: 1\n")
          .withCluster(
              new ClusterConfig(
                  cluster,
                  null,
                  HOST,
                  clusterPort,
                  new Discovery.Addresses(join),
                  expect,
                  ClusterConfig.DEFAULT.evictAfter(),
                  ClusterConfig.DEFAULT.wire(),
                  null,
                  null,
                  false,
                  RebalanceConfig.DEFAULT));
    } catch (ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  /** Status and body; nothing before the port is open. */
  private String get(String path) {
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + management + path))
                  .build(),
              BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
