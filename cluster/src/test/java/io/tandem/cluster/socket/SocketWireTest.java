package io.tandem.cluster.socket;

import static io.tandem.cluster.hazelcast.Members.awaitThat;
import static io.tandem.cluster.socket.WireNode.frame;
import static io.tandem.cluster.socket.WireNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.registry.NodeId;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames between nodes that come, go, and do not read. */
class SocketWireTest {

  private static final NodeId HERE = new NodeId("here", 1);
  private static final NodeId THERE = new NodeId("there", 2);

  private final Map<NodeId, SocketAddress> directory = new ConcurrentHashMap<>();
  private final List<WireNode> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(WireNode::close);
  }

  @Test
  void framesOfEachThreadArriveOnTheHomeLoopInTheOrderSent() throws InterruptedException {
    WireNode here = node(HERE, 0);
    WireNode there = node(THERE, 0);
    int senders = 3;
    int frames = 5_000;
    List<Thread> threads = new ArrayList<>();
    for (int sender = 1; sender <= senders; sender++) {
      int from = sender;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < frames; i++) {
                  here.wire.send(THERE, frame(from, i));
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    awaitThat(() -> there.received.size() == senders * frames);

    for (int sender = 1; sender <= senders; sender++) {
      assertThat(there.numbers(sender)).hasSize(frames).isSorted();
    }
    assertThat(there.receivedOn).hasSize(1);
    assertThat(here.wire.waiting(THERE)).isZero();
    assertThat(here.wire.dropped()).isZero();
  }

  @Test
  void longestFrameArrivesWholeAndALongerOneIsADefect() {
    WireNode here = node(HERE, 0);
    WireNode there = node(THERE, 0);
    byte[] longest = new byte[SocketWire.FRAME_OCTETS];
    for (int i = 0; i < longest.length; i++) {
      longest[i] = (byte) i;
    }
    here.wire.send(THERE, longest);
    awaitThat(() -> there.received.size() == 1);

    assertThat(there.received.get(0)).isEqualTo(longest);
    assertThatThrownBy(() -> here.wire.send(THERE, new byte[SocketWire.FRAME_OCTETS + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nodeThatStartsOverGetsNothingOfItsEarlierLife() {
    WireNode here = node(HERE, 0);
    WireNode first = node(THERE, 0);
    sendUntilReceived(here, first);
    int port = first.wire.port();
    end(first);
    directory.remove(THERE);

    WireNode second = node(new NodeId(THERE.name(), 3), port);
    here.wire.send(THERE, frame(7, 1));
    sendUntilReceived(here, second);
    sendUntilReceived(second, here);

    assertThat(second.numbers(7)).isEmpty();
    assertThat(here.wire.waiting(THERE)).isZero();
  }

  @Test
  void connectionThatBrokeIsMadeAnew() {
    WireNode here = node(HERE, 0);
    WireNode first = node(THERE, 0);
    sendUntilReceived(here, first);
    int port = first.wire.port();
    get(first.wire.close());
    awaitThat(
        () -> {
          here.wire.send(THERE, frame(0, 0));
          return here.wire.dropped() > 0; // refused
        });

    WireNode again = node(new NodeId("again", 4), port);
    awaitThat(
        () -> {
          here.wire.send(THERE, frame(0, 0));
          return !again.received.isEmpty();
        });
  }

  @Test
  void connectionIsMadeAnewWhenTheLinkSaysSo() {
    WireNode here = node(HERE, 0);
    AtomicInteger connections = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    NetServer deaf =
        here.vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  connections.incrementAndGet();
                  socket.closeHandler(end -> ended.incrementAndGet());
                });
    get(deaf.listen(0, WireNode.HOST));
    directory.put(THERE, SocketAddress.inetSocketAddress(deaf.actualPort(), WireNode.HOST));
    here.wire.send(THERE, frame(0, 0));
    awaitThat(() -> connections.get() == 1);

    here.wire.renew(THERE);
    awaitThat(() -> ended.get() == 1 && here.wire.peers() == 0);
    here.wire.send(THERE, frame(0, 1));

    awaitThat(() -> connections.get() == 2);
  }

  @Test
  void acceptedConnectionThatBringsNothingIsClosed() throws IOException {
    WireNode here = new WireNode(HERE, 0, directory, Duration.ofMillis(200));
    nodes.add(here);
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), here.wire.port())) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void frameThatItsReceiverFailsOnCostsNoOther() {
    WireNode here = node(HERE, 0);
    WireNode there = node(THERE, 0);
    there.failing = true;
    sendUntilReceived(here, there);
    there.failing = false;
    here.wire.send(THERE, frame(9, 1));

    awaitThat(() -> there.numbers(9).size() == 1);
    assertThat(here.wire.dropped()).isZero();
  }

  @Test
  void whatIsSentToNobodyIsLostAndNothingIsKept() {
    WireNode here = node(HERE, 0);
    for (int i = 0; i < 1_000; i++) {
      here.wire.send(THERE, frame(0, i));
    }

    awaitThat(() -> here.wire.dropped() == 1_000);
    awaitThat(() -> here.wire.peers() == 0);
  }

  @Test
  void whatIsSentAfterTheEndIsLostQuietly() {
    WireNode here = node(HERE, 0);
    WireNode there = node(THERE, 0);
    sendUntilReceived(here, there);
    end(here);
    int before = there.received.size();

    here.wire.send(THERE, frame(0, 0));
    sendUntilReceived(there, there);

    assertThat(there.received).hasSize(before + 1);
    assertThat(here.wire.peers()).isZero();
  }

  @Test
  void whatWaitsForAPeerThatDoesNotReadIsBounded() {
    WireNode here = node(HERE, 0);
    NetServer deaf = here.vertx.createNetServer().connectHandler(NetSocket::pause);
    get(deaf.listen(0, WireNode.HOST));
    directory.put(THERE, SocketAddress.inetSocketAddress(deaf.actualPort(), WireNode.HOST));

    byte[] frame = new byte[16 << 10];
    long most = 0;
    for (int i = 0; here.wire.dropped() < 1_000; i++) {
      here.wire.send(THERE, frame);
      most = Math.max(most, here.wire.waiting(THERE));
      assertThat(i).isLessThan(100_000);
    }
    assertThat(most).isBetween(Outbound.WAITING_OCTETS / 2, Outbound.WAITING_OCTETS);

    // A stalled peer costs others nothing.
    WireNode other = node(new NodeId("other", 5), 0);
    sendUntilReceived(here, other);
    get(deaf.close());
    awaitThat(() -> here.wire.waiting(THERE) == 0);
  }

  /** Of everything that reaches the port only frames that are short enough are taken. */
  @Test
  void strangerIsTurnedAway() throws IOException {
    WireNode here = node(HERE, 0);
    for (int claimed : new int[] {SocketWire.FRAME_OCTETS + 1, Integer.MAX_VALUE, -1}) {
      try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), here.wire.port())) {
        stranger.getOutputStream().write(ByteBuffer.allocate(4).putInt(claimed).array());
        assertThat(stranger.getInputStream().read()).isEqualTo(-1);
      }
    }
    assertThat(here.received).isEmpty();
  }

  @Test
  void portIsFreeAfterTheEnd() throws IOException {
    WireNode here = node(HERE, 0);
    WireNode there = node(THERE, 0);
    sendUntilReceived(here, there);
    int port = there.wire.port();
    end(there);

    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }

  @Test
  void portThatIsTakenFailsTheStart() throws IOException {
    WireNode here = node(HERE, 0);
    assertThatThrownBy(() -> node(THERE, here.wire.port())).hasMessageContaining("in use");
  }

  private WireNode node(NodeId id, int port) {
    WireNode node = new WireNode(id, port, directory);
    nodes.add(node);
    return node;
  }

  private void end(WireNode node) {
    nodes.remove(node);
    node.close();
  }

  private static void sendUntilReceived(WireNode from, WireNode to) {
    int before = to.received.size();
    from.wire.send(to.id, frame(0, 0));
    awaitThat(() -> to.received.size() > before);
  }
}
