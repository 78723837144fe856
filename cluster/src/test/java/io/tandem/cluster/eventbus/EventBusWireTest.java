package io.tandem.cluster.eventbus;

import static io.tandem.cluster.hazelcast.Members.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.hazelcast.EmbeddedHazelcast;
import io.tandem.cluster.hazelcast.HazelcastSettings;
import io.tandem.cluster.hazelcast.Members;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames between nodes that come, go, and do not read. */
class EventBusWireTest {

  private static final NodeId NOBODY = new NodeId("nobody", 1);

  private final Members members = new Members();
  private final List<BusNode> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(BusNode::close);
    members.close();
  }

  @Test
  void framesOfOneThreadArriveOnTheHomeContextInTheOrderSent() {
    BusNode here = node(members.alone());
    BusNode there = node(members.joining(here.member));
    sendUntilReceived(here, there);
    int senders = 3;
    int frames = 2_000;
    for (int sender = 1; sender <= senders; sender++) {
      int from = sender;
      Context lane = here.vertx.getOrCreateContext();
      lane.runOnContext(
          go -> {
            for (int i = 0; i < frames; i++) {
              here.wire.send(there.id(), frame(from, i));
            }
          });
    }
    awaitThat(() -> ofSender(there, 0).size() + senders * frames == there.received.size());

    for (int sender = 1; sender <= senders; sender++) {
      List<Integer> numbers = ofSender(there, sender);
      assertThat(numbers).hasSize(frames).isSorted();
    }
    assertThat(there.receivedOn).hasSize(1);
    assertThat(there.received.get(0)).hasSize(8);
    awaitThat(() -> here.wire.waiting(there.id()) == 0);
    assertThat(here.wire.dropped()).isZero();
  }

  @Test
  void frameArrivesWhole() {
    BusNode here = node(members.alone());
    BusNode there = node(members.joining(here.member));
    sendUntilReceived(here, there);
    byte[] large = new byte[100_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) i;
    }
    here.wire.send(there.id(), large);

    awaitThat(() -> there.received.get(there.received.size() - 1).length > 8);
    assertThat(there.received.get(there.received.size() - 1)).isEqualTo(large);
  }

  @Test
  void nodeThatStartsOverGetsNothingOfItsEarlierLife() {
    BusNode here = node(members.alone());
    BusNode first = node(members.joining(here.member));
    sendUntilReceived(here, first);
    NodeId earlier = first.id();
    end(first);

    NodeId later = new NodeId(earlier.name(), earlier.incarnation() + 1_000);
    BusNode second =
        node(
            members.start(
                new HazelcastSettings(
                    members.cluster,
                    later,
                    Members.HOST,
                    first.member.membership().self().port(),
                    new HazelcastSettings.Discovery.Addresses(
                        List.of(Members.address(here.member))),
                    HazelcastSettings.EVICT_AFTER)),
            first.port);
    here.wire.send(earlier, frame(7, 1));
    sendUntilReceived(here, second);
    sendUntilReceived(second, here);

    assertThat(ofSender(second, 7)).isEmpty();
    awaitThat(() -> here.wire.waiting(earlier) == 0);
  }

  @Test
  void whatIsSentToNobodyIsLostQuietly() {
    BusNode here = node(members.alone());
    for (int i = 0; i < 1_000; i++) {
      here.wire.send(NOBODY, frame(0, i));
    }

    awaitThat(() -> here.wire.waiting(NOBODY) == 0);
    assertThat(here.wire.dropped()).isZero();
  }

  @Test
  void whatIsSentAfterTheEndIsLostQuietly() {
    BusNode here = node(members.alone());
    BusNode there = node(members.joining(here.member));
    sendUntilReceived(here, there);
    here.close();

    here.wire.send(there.id(), frame(0, 0));
    here.wire.send(NOBODY, frame(0, 0));
  }

  /** A node that accepts connections and reads nothing, as a frozen one does. */
  @Test
  void whatWaitsForAPeerThatDoesNotReadIsBounded() {
    BusNode here = node(members.alone());
    EmbeddedHazelcast frozen = members.joining(here.member);
    int port = Members.freePort();
    Vertx apart = Vertx.vertx();
    NetServer deaf = apart.createNetServer().connectHandler(NetSocket::pause);
    BusNode.get(deaf.listen(port, Members.HOST));
    BusNode peer = node(frozen, Members.freePort());
    // The frozen node's bus moves to the server that does not read.
    frozen
        .instance()
        .getMap("__vertx.nodeInfo")
        .put(
            frozen.instance().getCluster().getLocalMember().getAttribute("__vertx.nodeId"),
            new HazelcastNodeInfo(new NodeInfo(Members.HOST, port, null)));

    byte[] frame = new byte[16 << 10];
    long most = 0;
    for (int i = 0; here.wire.dropped() < 1_000; i++) {
      here.wire.send(peer.id(), frame);
      most = Math.max(most, here.wire.waiting(peer.id()));
      assertThat(i).isLessThan(100_000);
    }
    assertThat(most).isLessThanOrEqualTo(EventBusWire.WAITING_OCTETS);
    BusNode.get(apart.close());
    awaitThat(() -> here.wire.waiting(peer.id()) == 0);
  }

  @Test
  void portsAreFreeAfterTheEnd() throws IOException {
    BusNode here = node(members.alone());
    int memberPort = here.member.membership().self().port();
    end(here);

    for (int port : List.of(here.port, memberPort)) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(socket.isBound()).isTrue();
      }
    }
  }

  @Test
  void busPortThatIsTakenFailsTheStart() throws IOException {
    EmbeddedHazelcast member = members.alone();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  BusNode.get(
                      ClusteredVertx.start(
                          new VertxOptions(), member, Members.HOST, taken.getLocalPort())))
          .hasMessageContaining("in use");
    }
  }

  @Test
  void busTakesNoJavaObjects() {
    BusNode here = node(members.alone());
    // Of a class that the bus admits unless it is told otherwise.
    assertThatThrownBy(() -> here.vertx.eventBus().send("anywhere", BigInteger.ONE))
        .hasMessageContaining("No message codec");
  }

  private BusNode node(EmbeddedHazelcast member) {
    return node(member, Members.freePort());
  }

  private BusNode node(EmbeddedHazelcast member, int port) {
    BusNode node = new BusNode(member, port);
    nodes.add(node);
    return node;
  }

  private void end(BusNode node) {
    nodes.remove(node);
    node.close();
    Members.await(node.member.stop());
  }

  /** Sends as a link that opens does, from the home context, until something comes. */
  private static void sendUntilReceived(BusNode from, BusNode to) {
    int before = to.received.size();
    awaitThat(
        () -> {
          from.home.runOnContext(here -> from.wire.send(to.id(), frame(0, 0)));
          return to.received.size() > before;
        });
  }

  private static byte[] frame(int sender, int number) {
    return ByteBuffer.allocate(8).putInt(sender).putInt(number).array();
  }

  private static List<Integer> ofSender(BusNode node, int sender) {
    return node.received.stream()
        .map(ByteBuffer::wrap)
        .filter(frame -> frame.getInt(0) == sender)
        .map(frame -> frame.getInt(4))
        .toList();
  }
}
