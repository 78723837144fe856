package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.wire.WireLimits;
import io.tandem.cluster.wire.WireNode;
import io.tandem.cluster.wire.eventbus.BusNodes;
import io.tandem.cluster.wire.socket.SocketNodes;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.NodeId;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Frames of an open link in a node's name, from somebody who does not know the secret: none is
 * taken. Then each is given to the link all the same, which shows what it would have done.
 */
class ForgedFramesTest {

  private static final ClusterKey SECRET = ClusterKey.of("sixteen or more octets");
  private static final NodeId HERE = new NodeId("here", 1);
  private static final NodeId THERE = new NodeId("there", 2);

  enum Carrier {
    SOCKETS {
      @Override
      WireNode.Opener<? extends Wire> opener() {
        return SocketNodes.opener(WireLimits.SILENCE, SECRET);
      }

      @Override
      byte[] framed(byte[] frame) {
        return SocketNodes.framed(frame);
      }
    },
    EVENT_BUS {
      @Override
      WireNode.Opener<? extends Wire> opener() {
        return BusNodes.opener(WireLimits.SILENCE, SECRET);
      }

      @Override
      byte[] framed(byte[] frame) {
        return BusNodes.framed(HERE, THERE, frame);
      }
    };

    abstract WireNode.Opener<? extends Wire> opener();

    abstract byte[] framed(byte[] frame);
  }

  private final Map<NodeId, SocketAddress> directory = new ConcurrentHashMap<>();
  private final List<WireNode<Wire>> nodes = new CopyOnWriteArrayList<>();
  private final List<String> news = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(WireNode::close);
  }

  private WireNode<Wire> node(NodeId id, Carrier carrier) {
    WireNode<Wire> node = new WireNode<>(id, 0, directory, carrier.opener());
    nodes.add(node);
    return node;
  }

  /** A node whose link to another one is open. */
  private record Victim(Carrier carrier, WireNode<Wire> node, Link link) {

    /** What the other node has said first. */
    byte[] opening() {
      return node.received.get(0);
    }

    /** The numbers of both sides, as the other node knows them. */
    Frame.Ends ends() {
      for (byte[] each : node.received) {
        try {
          Frame.Ends ends = Frame.read(each).ends();
          if (ends.toEpoch() != 0) {
            return ends;
          }
        } catch (MalformedException none) {
          throw new AssertionError(none);
        }
      }
      throw new AssertionError("it is not open");
    }

    void take(byte[] frame) {
      node.home.runOnContext(there -> link.received(frame.clone()));
    }
  }

  private Victim victim(Carrier carrier) {
    WireNode<Wire> here = node(HERE, carrier);
    WireNode<Wire> there = node(THERE, carrier);
    here.link(THERE, new QuietListener());
    Link link =
        there.link(
            HERE,
            new QuietListener() {
              @Override
              public void opened(int features) {
                news.add("opened");
              }

              @Override
              public void closed(LinkClosed why, Runnable cleared) {
                news.add("closed " + why);
                cleared.run();
              }
            });
    Members.awaitThat(() -> news.contains("opened"));
    return new Victim(carrier, there, link);
  }

  /** Strangers lose their connections, and the link does not notice. */
  private void assertThatNobodyTakes(byte[] forged, Victim victim) throws IOException {
    int before = copies(forged, victim);
    try (Socket first = stranger(forged, victim);
        Socket second = stranger(forged, victim);
        Socket third = stranger(forged, victim)) {
      assertThat(List.of(first, second, third)).allMatch(ForgedFramesTest::isOver);
    }
    assertThat(copies(forged, victim)).isEqualTo(before);
    assertThat(news).containsExactly("opened");
    assertThat(victim.node.counts.get(LinkCount.OTHER_EPOCH)).isZero();
    assertThat(victim.node.counts.get(LinkCount.MALFORMED)).isZero();
  }

  private static Socket stranger(byte[] forged, Victim victim) throws IOException {
    Socket stranger = new Socket(InetAddress.getLoopbackAddress(), victim.node.port);
    stranger.getOutputStream().write(victim.carrier.framed(forged));
    // An end of what is said: too few octets for a proof are waited for.
    stranger.getOutputStream().write(new byte[128]);
    return stranger;
  }

  private static int copies(byte[] frame, Victim victim) {
    return (int) victim.node.received.stream().filter(each -> Arrays.equals(each, frame)).count();
  }

  private static boolean isOver(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void openingOfAnEpochFromNowhereIsNotTaken(Carrier carrier) throws Exception {
    Victim victim = victim(carrier);
    Frame.Ends ends = new Frame.Ends(HERE.incarnation(), THERE.incarnation(), 1_000_000, 0);
    byte[] forged = Frame.open(new Frame.Open(ends, 1, 7, 1 << 20, false));
    assertThatNobodyTakes(forged, victim);

    victim.take(forged);
    Members.awaitThat(() -> news.contains("closed REOPENED"));
  }

  @ParameterizedTest
  @EnumSource
  void acknowledgementsOfWhatWasNeverSentAreNotTaken(Carrier carrier) throws Exception {
    Victim victim = victim(carrier);
    Frame.Reception reception = new Frame.Reception(1 << 20, new long[] {99, 99});
    byte[] forged =
        Frame.state(new Frame.State(victim.ends(), reception, 0, new long[0], 0, new long[0]));
    assertThatNobodyTakes(forged, victim);

    victim.take(forged);
    Members.awaitThat(() -> news.contains("closed MALFORMED"));
  }

  @ParameterizedTest
  @EnumSource
  void openingThatANodeHasSentIsNotTakenAgain(Carrier carrier) throws Exception {
    Victim victim = victim(carrier);
    assertThatNobodyTakes(victim.opening(), victim);
    assertThat(Frame.read(victim.opening())).isInstanceOf(Frame.Open.class);
  }
}
