package io.tandem.cluster.wire;

import static io.tandem.cluster.membership.Members.awaitThat;

import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCount;
import io.tandem.cluster.link.QuietListener;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.wire.eventbus.BusNodes;
import io.tandem.cluster.wire.socket.SocketNodes;
import io.tandem.registry.NodeId;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever became of the first connections to a node that was not there yet, a link to it opens
 * when it is. In each case somebody else stood where the node then listens.
 */
class OpeningTest {

  private static final NodeId HERE = new NodeId("here", 1);
  private static final NodeId THERE = new NodeId("there", 2);

  private final Map<NodeId, SocketAddress> directory = new ConcurrentHashMap<>();
  private final List<WireNode<Wire>> nodes = new ArrayList<>();
  private final List<Socket> taken = new CopyOnWriteArrayList<>();
  private final ServerSocket first = new ServerSocket();
  private final AtomicInteger met = new AtomicInteger();

  OpeningTest() throws IOException {}

  /** What becomes of a connection before the node is there. */
  private enum Obstacle {
    /** Nobody listens. */
    REFUSED,
    /** The queue of who listens is full: the system answers nothing. */
    HANGS,
    /** Somebody takes it, reads nothing and keeps it for ever. */
    DEAF,
    /** What is sent comes back, as on a socket that the system connected to itself. */
    ECHOED,
    /** It is closed at once. */
    CLOSED,
    /** It is reset at once. */
    RESET,
    /** It is closed when the first octet has arrived. */
    CLOSED_AFTER_AN_OCTET
  }

  @AfterEach
  void end() throws IOException {
    first.close();
    for (Socket socket : taken) {
      socket.close();
    }
    nodes.forEach(WireNode::close);
  }

  @ParameterizedTest
  @EnumSource(Obstacle.class)
  void linkOverTheEventBusOpensWhenTheNodeIsThere(Obstacle obstacle) throws IOException {
    linkOpens(obstacle, BusNodes.opener(WireLimits.SILENCE));
  }

  @ParameterizedTest
  @EnumSource(Obstacle.class)
  void linkOverSocketsOpensWhenTheNodeIsThere(Obstacle obstacle) throws IOException {
    linkOpens(obstacle, SocketNodes.opener(WireLimits.SILENCE));
  }

  private void linkOpens(Obstacle obstacle, WireNode.Opener<? extends Wire> opener)
      throws IOException {
    first.setReuseAddress(true);
    first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    int port = first.getLocalPort();
    stand(obstacle);
    directory.put(THERE, SocketAddress.inetSocketAddress(port, WireNode.HOST));
    WireNode<Wire> here = node(HERE, 0, opener);
    Link link = here.link(THERE, new QuietListener());
    awaitThat(() -> wasMet(obstacle, here));

    first.close();
    Link back = node(THERE, port, opener).link(HERE, new QuietListener());
    awaitThat(() -> link.isOpen() && back.isOpen());
  }

  private void stand(Obstacle obstacle) throws IOException {
    switch (obstacle) {
      case REFUSED -> first.close();
      case HANGS -> {
        for (int i = 0; i < 2; i++) { // one more than the queue is said to hold
          taken.add(new Socket(first.getInetAddress(), first.getLocalPort()));
        }
      }
      default -> {
        Thread taker = new Thread(() -> take(obstacle), "obstacle");
        taker.setDaemon(true);
        taker.start();
      }
    }
  }

  private void take(Obstacle obstacle) {
    while (!first.isClosed()) {
      try {
        Socket socket = first.accept();
        taken.add(socket);
        treat(obstacle, socket);
        met.incrementAndGet();
      } catch (IOException over) {
        // the test goes on, or the connection has ended
      }
    }
  }

  private static void treat(Obstacle obstacle, Socket socket) throws IOException {
    switch (obstacle) {
      case DEAF -> {}
      case ECHOED -> {
        Thread echo = new Thread(() -> echo(socket), "echo");
        echo.setDaemon(true);
        echo.start();
      }
      case RESET -> {
        socket.setSoLinger(true, 0);
        socket.close();
      }
      case CLOSED_AFTER_AN_OCTET -> {
        socket.getInputStream().read();
        socket.close();
      }
      default -> socket.close();
    }
  }

  private static void echo(Socket socket) {
    try {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException over) {
      throw new UncheckedIOException(over);
    }
  }

  private boolean wasMet(Obstacle obstacle, WireNode<Wire> here) {
    return switch (obstacle) {
      case REFUSED, HANGS -> here.counts.get(LinkCount.FRAMES_SENT) > 2;
      default -> met.get() > 0;
    };
  }

  private WireNode<Wire> node(NodeId id, int port, WireNode.Opener<? extends Wire> opener) {
    WireNode<Wire> node = new WireNode<>(id, port, directory, opener);
    nodes.add(node);
    return node;
  }
}
