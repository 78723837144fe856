package io.tandem.cluster.wire;

import static io.tandem.cluster.wire.WireNode.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.Certificates;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.NodeTls;
import io.tandem.registry.NodeId;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every wire between nodes that have certificates.
 *
 * @param <W> the wire
 */
public abstract class TlsContract<W extends Wire> {

  private static final NodeId HERE = new NodeId("here", 1);
  private static final NodeId THERE = new NodeId("there", 2);
  private static final NodeId OTHER = new NodeId("other", 3);

  private final Map<NodeId, SocketAddress> directory = new ConcurrentHashMap<>();
  private final List<WireNode<W>> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(WireNode::close);
  }

  /** How a node opens its wire. */
  protected abstract WireNode.Opener<W> opener(ClusterKey key);

  /** What those show that are no nodes of the cluster, although they know its secret. */
  enum Stranger {
    WITH_A_CERTIFICATE_OF_ANOTHER_AUTHORITY,
    WITH_AN_EXPIRED_CERTIFICATE,
    WITHOUT_TLS;

    @Nullable NodeTls shown() {
      return switch (this) {
        case WITH_A_CERTIFICATE_OF_ANOTHER_AUTHORITY -> Certificates.ofAnotherAuthority();
        case WITH_AN_EXPIRED_CERTIFICATE -> Certificates.expired();
        case WITHOUT_TLS -> null;
      };
    }
  }

  private WireNode<W> node(NodeId id, @Nullable NodeTls shown) {
    WireNode<W> node = new WireNode<>(id, 0, directory, opener(Members.KEY.within(shown)));
    nodes.add(node);
    return node;
  }

  @ParameterizedTest
  @EnumSource
  void strangerIsNeitherHeardNorTold(Stranger who) {
    WireNode<W> here = node(HERE, Certificates.valid());
    WireNode<W> stranger = node(THERE, who.shown());
    WireNode<W> other = node(OTHER, Certificates.valid());
    for (int i = 0; i < 20; i++) {
      here.wire.send(THERE, Wire.NODE, frame(1, i));
      stranger.wire.send(HERE, Wire.NODE, frame(2, i));
      WireContract.sendUntilReceived(here, other);
      WireContract.sendUntilReceived(other, here);
    }
    assertThat(stranger.received).isEmpty();
    assertThat(here.numbers(2)).isEmpty();
  }

  @Test
  void certificateIsRenewedForConnectionsThatComeLater() {
    NodeTls shown = Certificates.expired();
    WireNode<W> here = node(HERE, Certificates.valid());
    WireNode<W> there = node(THERE, shown);
    shown.become(Certificates.valid());
    WireContract.sendUntilReceived(here, there);
    WireContract.sendUntilReceived(there, here);
  }

  @Test
  void framesArriveAndNobodyOnTheWayCanReadThem() throws IOException {
    WireNode<W> here = node(HERE, Certificates.valid());
    WireNode<W> there = node(THERE, Certificates.valid());
    byte[] secret = new byte[10_000];
    Arrays.fill(secret, (byte) 'x');
    try (Relay relay = new Relay(there.port)) {
      directory.put(THERE, SocketAddress.inetSocketAddress(relay.port(), WireNode.HOST));
      here.wire.send(THERE, Wire.NODE, secret);
      Members.awaitThat(() -> there.received.size() == 1);
      assertThat(there.received.get(0)).isEqualTo(secret);
      assertThat(relay.seen()).hasSizeGreaterThan(secret.length);
      assertThat(new String(relay.seen(), StandardCharsets.ISO_8859_1))
          .doesNotContain("xxxxxxxx")
          .doesNotContain("TDM1");
    }
  }
}
