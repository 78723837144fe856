package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.client.Arguments;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients whose machine is gone: nothing comes from it any more, not even an end, and nobody
 * acknowledges what is sent to it. It takes a network of its own, in which packets can be dropped.
 */
class VanishedClientIT {

  @Test
  void clientsThatVanishLoseTheirRegistrationsThoughTheyAreNotPinged(@TempDir Path directory)
      throws Exception {
    assumeTrue(hasOwnNetwork(), "needs root, and unshare, ip and nft on the PATH");
    Path said = directory.resolve("said");
    Process inside =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Inside.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(inside.waitFor(Patience.LIMIT.multipliedBy(2).toSeconds(), TimeUnit.SECONDS))
          .isTrue();
      assertThat(inside.exitValue()).as(Files.readString(said)).isZero();
    } finally {
      inside.destroyForcibly();
    }
  }

  private static boolean hasOwnNetwork() {
    try {
      return run("unshare", "--net", "--", "sh", "-c", "ip link set lo up && nft list tables") == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A node and its clients, in that network. */
  static final class Inside {

    private Inside() {}

    public static void main(String[] none) throws IOException {
      assertThat(run("ip", "link", "set", "lo", "up")).isZero();
      try (TestNode node =
              TestNode.start(
                  TestNode.LISTENER
                      + "    keepAlive: {pingInterval: 1s, pingTimeout: 3s}\n"
                      + TestNode.MANAGEMENT
                      + TestNode.REALM
                      + "lanes: 2\n");
          Socket idle = connection(node);
          Socket called = connection(node)) {
        register(idle, "com.idle");
        register(called, "com.called");
        Patience.until("both are registered", () -> registrations(node) == 2);

        vanish(idle);
        vanish(called);
        // This is sent, and never acknowledged; to the other one nothing is sent.
        Future<Arguments> call = node.join().call("com.called", Arguments.none());

        Patience.until("nothing is registered any more", () -> registrations(node) == 0);
        Patience.until("the call has ended", call::isComplete);
        assertThat(call.failed()).isTrue();
        node.assertServes();
      }
    }

    private static Socket connection(TestNode node) throws IOException {
      return new Socket(InetAddress.getLoopbackAddress(), node.port());
    }

    private static void register(Socket connection, String procedure) throws IOException {
      RawSocketClient client = RawSocketClient.open(Line.of(connection));
      client.join();
      client.say("[64,1,{},\"" + procedure + "\"]");
      assertThat(client.hear()).startsWith("[65,1,");
    }

    /**
     * From now on no packet of this connection arrives, in either direction. Others may have its
     * port: the system gives it again to a connection to somebody else.
     */
    private static void vanish(Socket connection) throws IOException {
      int port = connection.getLocalPort();
      String rules =
          """
          add table inet gone%1$d
          add chain inet gone%1$d in { type filter hook input priority 0; }
          add rule inet gone%1$d in tcp sport %1$d tcp dport %2$d drop
          add rule inet gone%1$d in tcp sport %2$d tcp dport %1$d drop
          """;
      assertThat(run("nft", rules.formatted(port, connection.getPort()))).isZero();
    }

    private static long registrations(TestNode node) {
      return node.metric("tandem_registrations{realm=\"realm1\"}");
    }
  }
}
