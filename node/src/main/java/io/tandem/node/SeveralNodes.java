package io.tandem.node;

import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.Endpoint;
import io.tandem.processes.NodeProcesses;
import io.tandem.processes.SameJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster on this machine, each in a process of its own that is a JVM like this one.
 * What is counted up or must be common to them is decided here; the rest is said to each.
 *
 * @param nodes 1 to 16
 * @param port for clients of the first one; 0 for any on each
 * @param managementPort likewise
 * @param clusterPort of the first one, 1 to 65534 for the last
 * @param clusterName null for one of this installation and this port
 * @param common options that each of them gets
 */
record SeveralNodes(
    int nodes,
    int port,
    int managementPort,
    int clusterPort,
    String clusterHost,
    @Nullable String clusterName,
    List<String> common) {

  private static final int MOST = 16;
  private static final int LAST_PORT = 65_535;

  /**
   * Checks what the options say.
   *
   * @throws IllegalArgumentException when one makes no sense; the message names it
   */
  SeveralNodes {
    check("--nodes", 1, nodes, MOST);
    check("--port", 0, port, LAST_PORT - nodes + 1);
    check("--management-port", 0, managementPort, LAST_PORT - nodes + 1);
    check(
        "--cluster-port", 1, clusterPort, LAST_PORT - 2 * nodes + 1); // 0: nobody could look for it
    common = List.copyOf(common);
  }

  private static void check(String option, int least, int value, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " is a number from " + least + " to " + most + ", not " + value);
    }
  }

  /**
   * Starts them.
   *
   * @param readsAgain whether a HUP has them read their configuration again
   */
  void start(NodeProcesses processes, boolean readsAgain) throws IOException {
    for (int i = 0; i < nodes; i++) {
      List<String> command = new ArrayList<>();
      // What the keyboard sends to all of a group comes from this process alone.
      command.addAll(
          List.of("sh", "-c", "trap '' INT" + (readsAgain ? "" : " HUP") + "; exec \"$0\" \"$@\""));
      command.addAll(SameJvm.command(Main.class));
      command.addAll(arguments(i));
      processes.start(name(i), new ProcessBuilder(command));
    }
  }

  private static String name(int number) {
    return "node" + (number + 1);
  }

  /** Of the node with this number, from 0. */
  List<String> arguments(int number) {
    List<String> arguments = new ArrayList<>(List.of("start"));
    arguments.addAll(common);
    arguments.addAll(
        List.of(
            "--port",
            String.valueOf(port == 0 ? 0 : port + number),
            "--management-port",
            String.valueOf(managementPort == 0 ? 0 : managementPort + number),
            "--cluster-host",
            clusterHost,
            "--cluster-port",
            String.valueOf(clusterPort(number)),
            "--cluster-name",
            clusterName == null ? nameOfThis() : clusterName,
            "--join",
            members(),
            "--expect",
            String.valueOf(nodes),
            "--node",
            name(number)));
    return arguments;
  }

  /** Each takes the next one too. */
  private int clusterPort(int number) {
    return clusterPort + 2 * number;
  }

  private String members() {
    return IntStream.range(0, nodes)
        .mapToObj(i -> new Endpoint.Tcp(clusterHost, clusterPort(i)).toString())
        .collect(Collectors.joining(","));
  }

  /** Two installations on one machine must not become one cluster by accident. */
  private String nameOfThis() {
    CodeSource source = Main.class.getProtectionDomain().getCodeSource();
    CRC32 sum = new CRC32();
    sum.update(
        String.valueOf(source == null ? "" : source.getLocation())
            .getBytes(StandardCharsets.UTF_8));
    return ClusterConfig.DEFAULT.name() + "-" + sum.getValue() + "-" + clusterPort;
  }
}
