package io.tandem.cluster.wire.socket;

import static io.tandem.cluster.membership.Members.awaitThat;
import static io.tandem.cluster.wire.WireNode.frame;
import static io.tandem.cluster.wire.WireNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.Wire;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.wire.WireContract;
import io.tandem.cluster.wire.WireNode;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What sockets do beyond what every wire does: they count what is lost and what waits. */
class SocketWireTest extends WireContract<SocketWire> {

  @Override
  protected WireNode.Opener<SocketWire> opener(Duration silence, ClusterKey key) {
    return SocketNodes.opener(silence, key);
  }

  @Test
  void whatArrivesIsNeitherKeptNorCountedAsLost() {
    WireNode<SocketWire> here = node(HERE, 0);
    WireNode<SocketWire> there = node(THERE, 0);
    for (int i = 0; i < 1_000; i++) {
      here.wire.send(THERE, Wire.NODE, frame(1, i));
    }
    awaitThat(() -> there.numbers(1).size() == 1_000);
    assertThat(here.wire.waiting(THERE)).isZero();
    assertThat(here.wire.dropped()).isZero();
  }

  @Test
  void nothingIsKeptOfAConnectionThatIsGivenUp() {
    WireNode<SocketWire> here = node(HERE, 0);
    WireNode<SocketWire> there = node(THERE, 0);
    sendUntilReceived(here, there);
    here.wire.renew(THERE);
    awaitThat(() -> here.wire.ways() == 0);
  }

  @Test
  void whatIsSentToNobodyIsLostAndNothingIsKept() {
    WireNode<SocketWire> here = node(HERE, 0);
    for (int i = 0; i < 1_000; i++) {
      here.wire.send(THERE, Wire.NODE, frame(0, i));
    }

    awaitThat(() -> here.wire.dropped() == 1_000);
    awaitThat(() -> here.wire.ways() == 0);
  }

  @Test
  void whatWaitsForAPeerThatDoesNotReadIsBounded() {
    WireNode<SocketWire> here = node(HERE, 0);
    NetServer deaf = here.vertx.createNetServer().connectHandler(NetSocket::pause);
    get(deaf.listen(0, WireNode.HOST));
    directory.put(THERE, SocketAddress.inetSocketAddress(deaf.actualPort(), WireNode.HOST));

    byte[] frame = new byte[16 << 10];
    long most = 0;
    for (int i = 0; here.wire.dropped() < 1_000; i++) {
      here.wire.send(THERE, Wire.NODE, frame);
      most = Math.max(most, here.wire.waiting(THERE));
      assertThat(i).isLessThan(100_000);
    }
    assertThat(most).isBetween(Outbound.WAITING_OCTETS / 2, Outbound.WAITING_OCTETS);
    get(deaf.close());
    awaitThat(() -> here.wire.waiting(THERE) == 0);
  }
}
