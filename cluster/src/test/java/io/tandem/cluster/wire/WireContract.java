package io.tandem.cluster.wire;

import static io.tandem.cluster.membership.Members.awaitThat;
import static io.tandem.cluster.wire.WireNode.frame;
import static io.tandem.cluster.wire.WireNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.registry.NodeId;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every wire does: frames between nodes that come, go, and do not read.
 *
 * @param <W> the wire
 */
public abstract class WireContract<W extends Wire> {

  protected static final NodeId HERE = new NodeId("here", 1);
  protected static final NodeId THERE = new NodeId("there", 2);

  protected final Map<NodeId, SocketAddress> directory = new ConcurrentHashMap<>();
  private final List<WireNode<W>> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(WireNode::close);
  }

  /**
   * How a node opens its wire.
   *
   * @param silence after which an accepted connection that brings nothing is closed
   */
  protected abstract WireNode.Opener<W> opener(Duration silence, ClusterKey key);

  @Test
  void framesOfEachThreadArriveOnTheHomeLoopInTheOrderSent() throws InterruptedException {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    int senders = 3;
    int frames = 5_000;
    List<Thread> threads = new ArrayList<>();
    for (int sender = 1; sender <= senders; sender++) {
      int from = sender;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < frames; i++) {
                  here.wire.send(THERE, Wire.NODE, frame(from, i));
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
  }

  @Test
  void eachStreamArrivesOnTheHomeLoopInTheOrderSentWhicheverWayItHas() throws InterruptedException {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    int frames = 5_000;
    List<Thread> threads = new ArrayList<>();
    for (int sender = 0; sender < 2; sender++) {
      int stream = sender;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < frames; i++) {
                  here.wire.send(THERE, stream, frame(stream, i));
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    awaitThat(() -> there.received.size() == 2 * frames);

    assertThat(there.numbers(0)).hasSize(frames).isSorted();
    assertThat(there.numbers(1)).hasSize(frames).isSorted();
    assertThat(there.receivedOn).hasSize(1);
  }

  @Test
  void longestFrameArrivesWholeAndALongerOneIsADefect() {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    byte[] longest = new byte[WireLimits.FRAME_OCTETS];
    for (int i = 0; i < longest.length; i++) {
      longest[i] = (byte) i;
    }
    here.wire.send(THERE, Wire.NODE, longest);
    awaitThat(() -> there.received.size() == 1);

    assertThat(there.received.get(0)).isEqualTo(longest);
    assertThatThrownBy(
            () -> here.wire.send(THERE, Wire.NODE, new byte[WireLimits.FRAME_OCTETS + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nodeThatStartsOverGetsNothingOfItsEarlierLife() {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> first = node(THERE, 0);
    sendUntilReceived(here, first);
    end(first);
    directory.remove(THERE);

    WireNode<W> second = node(new NodeId(THERE.name(), 3), first.port);
    here.wire.send(THERE, Wire.NODE, frame(7, 1));
    sendUntilReceived(here, second);
    sendUntilReceived(second, here);

    assertThat(second.numbers(7)).isEmpty();
  }

  @Test
  void connectionThatBrokeIsMadeAnew() {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> first = node(THERE, 0);
    sendUntilReceived(here, first);
    end(first);
    here.wire.send(THERE, Wire.NODE, frame(0, 0));

    WireNode<W> again = node(THERE, first.port);
    awaitThat(
        () -> {
          here.wire.send(THERE, Wire.NODE, frame(0, 0));
          return !again.received.isEmpty();
        });
  }

  @Test
  void connectionIsMadeAnewWhenTheLinkSaysSo() {
    WireNode<W> here = node(HERE, 0);
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
    here.wire.send(THERE, Wire.NODE, frame(0, 0));
    awaitThat(() -> connections.get() == 1);

    here.wire.renew(THERE);
    awaitThat(
        () -> {
          here.wire.send(THERE, Wire.NODE, frame(0, 1));
          return connections.get() >= 2;
        });
    awaitThat(() -> ended.get() >= 1);
  }

  @Test
  void frameThatItsReceiverFailsOnCostsNoOther() {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    there.vertx.exceptionHandler(planted -> {}); // which would fail the test
    there.failing = true;
    sendUntilReceived(here, there);
    there.failing = false;
    here.wire.send(THERE, Wire.NODE, frame(9, 1));

    awaitThat(() -> there.numbers(9).size() == 1);
  }

  @Test
  void whatIsSentAfterTheEndIsLostQuietly() {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    sendUntilReceived(here, there);
    end(here);
    int before = there.received.size();

    here.wire.send(THERE, Wire.NODE, frame(0, 0));
    WireNode<W> other = node(new NodeId("other", 5), 0);
    sendUntilReceived(other, there);

    assertThat(there.received).hasSize(before + 1);
  }

  /** A stalled node costs others nothing, and its connection is given up in time. */
  @Test
  void nodeThatDoesNotReadIsGivenUp() {
    WireNode<W> here = node(HERE, 0);
    AtomicInteger connections = new AtomicInteger();
    NetServer deaf =
        here.vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  socket.pause();
                  connections.incrementAndGet();
                });
    get(deaf.listen(0, WireNode.HOST));
    directory.put(THERE, SocketAddress.inetSocketAddress(deaf.actualPort(), WireNode.HOST));
    byte[] frame = new byte[16 << 10];
    for (int i = 0; i < 500; i++) { // 8 MiB, more than the system takes
      here.wire.send(THERE, Wire.NODE, frame);
    }

    WireNode<W> other = node(new NodeId("other", 5), 0);
    sendUntilReceived(here, other);
    awaitThat(
        () -> {
          here.wire.send(THERE, Wire.NODE, frame(0, 0));
          return connections.get() >= 2;
        });
  }

  @Test
  void acceptedConnectionThatBringsNothingIsClosed() throws IOException {
    WireNode<W> here = node(HERE, 0, Duration.ofMillis(200));
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), here.port)) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Of everything that reaches the port only frames of nodes are taken. */
  @Test
  void strangerIsTurnedAway() throws IOException {
    WireNode<W> here = node(HERE, 0);
    for (int claimed : new int[] {2 * WireLimits.FRAME_OCTETS, Integer.MAX_VALUE, -1}) {
      try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), here.port)) {
        prove(stranger);
        stranger.getOutputStream().write(ByteBuffer.allocate(4).putInt(claimed).array());
        assertThat(stranger.getInputStream().read()).isEqualTo(-1);
      }
    }
    assertThat(here.received).isEmpty();
  }

  /** Octets at random, of lengths that are allowed, end their own connection at most. */
  @Test
  void nothingThatAStrangerSendsHurtsTheOthers() throws IOException {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    Random random = new Random(42);
    for (int i = 0; i < 200; i++) {
      try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), there.port)) {
        if (i % 2 == 0) {
          prove(stranger);
        }
        byte[] octets = new byte[1 + random.nextInt(200)];
        random.nextBytes(octets);
        stranger
            .getOutputStream()
            .write(
                ByteBuffer.allocate(4 + octets.length).putInt(octets.length).put(octets).array());
      }
    }
    there.received.clear();
    here.wire.send(THERE, Wire.NODE, frame(9, 1));
    awaitThat(() -> there.numbers(9).size() == 1);
  }

  @Test
  void portIsFreeAfterTheEnd() throws IOException {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> there = node(THERE, 0);
    sendUntilReceived(here, there);
    end(there);

    try (ServerSocket socket = new ServerSocket(there.port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }

  @Test
  void portThatIsTakenFailsTheStart() {
    WireNode<W> here = node(HERE, 0);
    assertThatThrownBy(() -> node(THERE, here.port)).hasMessageContaining("in use");
  }

  /** Another secret, or none where there is one: neither side hears the other. */
  @Test
  void nodeWithAnotherSecretIsNeitherHeardNorTold() {
    WireNode<W> here = node(HERE, 0);
    WireNode<W> stranger =
        new WireNode<>(
            THERE, 0, directory, opener(WireLimits.SILENCE, ClusterKey.of("another secret 16")));
    nodes.add(stranger);
    WireNode<W> other = node(new NodeId("other", 5), 0);
    for (int i = 0; i < 20; i++) {
      here.wire.send(THERE, Wire.NODE, frame(1, i));
      stranger.wire.send(HERE, Wire.NODE, frame(2, i));
      sendUntilReceived(here, other);
      sendUntilReceived(other, here);
    }
    assertThat(stranger.received).isEmpty();
    assertThat(here.numbers(2)).isEmpty();
  }

  /** What one connection began with opens no other. */
  @Test
  void proofThatIsSentAgainIsRefused() throws IOException {
    WireNode<W> here = node(HERE, 0);
    byte[] said = recorded(here.port);
    try (Socket again = new Socket(InetAddress.getLoopbackAddress(), here.port)) {
      again.getOutputStream().write(said);
      byte[] answer = again.getInputStream().readAllBytes(); // to its end
      assertThat(answer).hasSize(64 + 32).endsWith(new byte[32]);
    }
  }

  /** What a node says on a connection that is taken. */
  private static byte[] recorded(int port) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), port) {
          @Override
          public OutputStream getOutputStream() throws IOException {
            OutputStream out = super.getOutputStream();
            return new OutputStream() {
              @Override
              public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet});
              }

              @Override
              public void write(byte[] octets, int offset, int length) throws IOException {
                said.write(octets, offset, length);
                out.write(octets, offset, length);
              }
            };
          }
        }) {
      prove(socket);
    }
    return said.toByteArray();
  }

  /** The stranger knows the secret, as a node that was taken over would. */
  protected static void prove(Socket stranger) throws IOException {
    Gatekeeper.ofLinks(Members.KEY, new NodeId("other", 9)).call(stranger);
  }

  protected WireNode<W> node(NodeId id, int port) {
    return node(id, port, WireLimits.SILENCE);
  }

  private WireNode<W> node(NodeId id, int port, Duration silence) {
    WireNode<W> node = new WireNode<>(id, port, directory, opener(silence, Members.KEY));
    nodes.add(node);
    return node;
  }

  protected void end(WireNode<W> node) {
    nodes.remove(node);
    node.close();
  }

  protected static void sendUntilReceived(WireNode<?> from, WireNode<?> to) {
    int before = to.received.size();
    from.wire.send(to.id, Wire.NODE, frame(0, 0));
    awaitThat(() -> to.received.size() > before);
  }
}
