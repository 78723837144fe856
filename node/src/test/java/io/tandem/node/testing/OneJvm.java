package io.tandem.node.testing;

import io.tandem.cluster.membership.Discovery;
import io.tandem.node.Node;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.RebalanceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Several nodes of one cluster in one JVM, on free ports of loopback. Needs nothing but the node
 * itself, so that {@code interop/run} can start this file with the node's jar: {@code java -cp
 * tandem-node.jar OneJvm.java 3 tandem.yaml}.
 */
public final class OneJvm {

  private OneJvm() {}

  /** Starts so many nodes, says of each where it is, and stops them at a signal. */
  public static void main(String[] arguments) throws Exception {
    NodeConfig told = Configurations.load(Path.of(arguments[1]));
    String cluster = "one-jvm-" + UUID.randomUUID();
    List<String> join = List.of();
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      Node node =
          Node.start(configuration(told, cluster, join))
              .toCompletionStage()
              .toCompletableFuture()
              .get();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> node.stop().toCompletionStage().toCompletableFuture().join()));
      System.out.println("ready: ws://127.0.0.1:" + node.ports().get(0) + "/ws");
      join = List.of("127.0.0.1:" + node.clusterPort());
      nodes.add(node);
    }
    for (Node node : nodes) {
      node.ended().toCompletionStage().toCompletableFuture().get();
    }
  }

  private static NodeConfig configuration(NodeConfig told, String cluster, List<String> join) {
    return told.withPort(0)
        .withManagementPort(0)
        .withCluster(
            new ClusterConfig(
                cluster,
                null,
                "127.0.0.1",
                0,
                new Discovery.Addresses(join),
                1,
                ClusterConfig.DEFAULT.evictAfter(),
                ClusterConfig.DEFAULT.wire(),
                null,
                null,
                false,
                RebalanceConfig.DEFAULT));
  }
}
