package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel has been told about the connections of clients, as it says itself. */
class ClientSocketsTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    assumeTrue(Epoll.isAvailable(), "no native transport, which these options need");
    node =
        TestNode.start(
            TestNode.LISTENER
                + "  - port: 0\n"
                + "    keepAlive: {pingInterval: 7s, pingTimeout: 100ms}\n"
                + "  - port: 0\n"
                + "    keepAlive: {pingInterval: 0s, pingTimeout: 5s}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void kernelWatchesClientsInTheTimesOfTheirListenersPings(Way way) throws IOException {
    assertThat(watched(way, 0)).isEqualTo(new Watched(true, 30, 3, 3, 40_000));
    assertThat(watched(way, 1)).isEqualTo(new Watched(true, 7, 1, 3, 7_100));
  }

  @ParameterizedTest
  @EnumSource
  void kernelWatchesClientsWhereNobodyIsPinged(Way way) throws IOException {
    assertThat(watched(way, 2)).isEqualTo(new Watched(true, 60, 20, 3, 120_000));
  }

  /**
   * How the kernel watches a connection.
   *
   * @param probes whether it probes one that is idle
   * @param idle seconds before the first probe
   * @param interval seconds between two of them
   * @param count probes without an answer that end it
   * @param unacknowledged milliseconds that what was sent may be unacknowledged
   */
  private record Watched(boolean probes, int idle, int interval, int count, int unacknowledged) {

    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_USER_TIMEOUT = 18;

    static Watched of(io.netty.channel.unix.Socket socket) throws IOException {
      return new Watched(
          socket.getIntOpt(SOL_SOCKET, SO_KEEPALIVE) != 0,
          socket.getIntOpt(IPPROTO_TCP, TCP_KEEPIDLE),
          socket.getIntOpt(IPPROTO_TCP, TCP_KEEPINTVL),
          socket.getIntOpt(IPPROTO_TCP, TCP_KEEPCNT),
          socket.getIntOpt(IPPROTO_TCP, TCP_USER_TIMEOUT));
    }
  }

  private static Watched watched(Way way, int listener) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.node().ports().get(listener));
    try (WampClient client = way.open(Line.of(socket))) {
      client.join();
      return Watched.of(new io.netty.channel.unix.Socket(accepted(socket)));
    }
  }

  /** The node's end of a connection: a descriptor of this process. */
  private static int accepted(Socket client) throws IOException {
    String socket = "socket:[" + inode(client.getPort(), client.getLocalPort()) + "]";
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .filter(descriptor -> socket.equals(target(descriptor)))
          .mapToInt(descriptor -> Integer.parseInt(descriptor.getFileName().toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  private static String inode(int localPort, int remotePort) throws IOException {
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
        String[] fields = line.strip().split(" +", -1);
        if (fields[1].endsWith(":%04X".formatted(localPort))
            && fields[2].endsWith(":%04X".formatted(remotePort))) {
          return fields[9];
        }
      }
    }
    throw new AssertionError("the kernel does not know of it");
  }
}
