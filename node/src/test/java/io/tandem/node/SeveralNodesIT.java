package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.Endpoint;
import io.tandem.processes.NodeProcess;
import io.tandem.processes.SameJvm;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** {@code start --nodes}: a process that starts the nodes of a cluster, and ends them. */
class SeveralNodesIT {

  private final List<String> said = new CopyOnWriteArrayList<>();

  private NodeProcess start(String... arguments) throws IOException {
    List<String> command =
        SameJvm.command(
            Main.class,
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Dio.netty.leakDetection.level=simple",
            "-Dlogback.configurationFile=logback.xml");
    command.addAll(List.of("start", "--nodes=2", "--port=0", "--management-port=0"));
    command.addAll(List.of(arguments));
    return NodeProcess.start("both", new ProcessBuilder(command), said::add);
  }

  /** The first of four in a row. */
  private static int freePorts() {
    int port;
    do {
      port = FreePorts.pair("127.0.0.1");
    } while (isTaken(port + 2) || isTaken(port + 3));
    return port;
  }

  private static boolean isTaken(int port) {
    return FreePorts.isTaken(new Endpoint.Tcp("127.0.0.1", port));
  }

  private long times(String words) {
    return said.stream().filter(line -> line.matches("node[12] \\| .*" + words + ".*")).count();
  }

  @Test
  void nodesAreReadyAndASignalEndsAllOfThem() throws IOException {
    NodeProcess both = start("--cluster-port=" + freePorts());
    try {
      Patience.until("both are ready or over", () -> times("ready: ") == 2 || !both.isAlive());
      List<ProcessHandle> nodes = both.process().children().toList();
      assertThat(nodes).hasSize(2);

      both.stop();

      assertThat(both.ended()).succeedsWithin(Patience.LIMIT).isEqualTo(0);
      assertThat(nodes).noneMatch(ProcessHandle::isAlive);
      assertThat(times("stopped")).isEqualTo(2);
    } finally {
      both.process().descendants().forEach(ProcessHandle::destroyForcibly);
      both.kill();
    }
  }

  @Test
  void nodeThatCannotStartEndsTheOthers() throws IOException {
    NodeProcess both = start("--cluster-port=" + freePorts(), "--config=nowhere.yaml");

    assertThat(both.ended()).succeedsWithin(Patience.LIMIT).isNotEqualTo(0);

    assertThat(times("nowhere.yaml")).isPositive();
    assertThat(both.process().children()).isEmpty();
  }
}
