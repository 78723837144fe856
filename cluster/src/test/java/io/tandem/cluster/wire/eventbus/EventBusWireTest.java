package io.tandem.cluster.wire.eventbus;

import static io.tandem.cluster.membership.Members.awaitThat;
import static io.tandem.cluster.wire.WireNode.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.tandem.cluster.link.LinkCount;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.WireContract;
import io.tandem.cluster.wire.WireNode;
import io.tandem.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.impl.clustered.ClusteredEventBus;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of the event bus beyond what every wire does: who gets through to it. */
class EventBusWireTest extends WireContract<EventBusWire> {

  private static final int PING = 1;
  private static final int OCTETS = 12;

  @Override
  protected WireNode.Opener<EventBusWire> opener(Duration silence, ClusterKey key) {
    return BusNodes.opener(silence, key);
  }

  /** The layout that the gate expects is the one that the bus writes: the contract shows it. */
  @ParameterizedTest
  @CsvSource({
    "9,here#1,other#9", // another codec than that of octets
    "13,here#1,other#9", // one that makes objects
    "12,elsewhere,other#9", // an address of nobody
    "12,here#2,other#9", // another life of this node
  })
  void messageThatIsNoFrameForThisNodeEndsItsConnection(int codec, String address, String from)
      throws IOException {
    WireNode<EventBusWire> here = node(HERE, 0);
    try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), here.port)) {
      prove(stranger);
      stranger.getOutputStream().write(BusMessages.of(codec, address, "", from, new byte[8]));
      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(here.received).isEmpty();
  }

  @Test
  void messageThatWantsAnAnswerEndsItsConnection() throws IOException {
    WireNode<EventBusWire> here = node(HERE, 0);
    try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), here.port)) {
      prove(stranger);
      stranger
          .getOutputStream()
          .write(BusMessages.of(OCTETS, "here#1", "back", "other#9", new byte[8]));
      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Its first connection may be there still when a node has begun another one. */
  @Test
  void newerConnectionOfANodeReplacesTheOneBefore() throws IOException {
    WireNode<EventBusWire> here = node(HERE, 0);
    byte[] message = BusMessages.of(OCTETS, "here#1", "", "other#9", frame(3, 1));
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), here.port);
        Socket second = new Socket(InetAddress.getLoopbackAddress(), here.port)) {
      prove(first);
      prove(second);
      first.getOutputStream().write(message);
      awaitThat(() -> here.numbers(3).size() == 1);
      second.getOutputStream().write(message);
      assertThat(first.getInputStream().read()).isEqualTo(-1);
      second.getOutputStream().write(message);
      awaitThat(() -> here.numbers(3).size() == 3);
      second.getOutputStream().write(BusMessages.of(PING, "__vertx_ping", "", "other#9", null));
      assertThat(second.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void wayThatIsBegunAnewLeavesOneConnection() {
    WireNode<EventBusWire> here = node(HERE, 0);
    WireNode<EventBusWire> there = node(THERE, 0);
    sendUntilReceived(here, there);
    for (int i = 0; i < 5; i++) {
      here.wire.renew(THERE);
      sendUntilReceived(here, there);
    }
    assertThat(there.received).hasSize(6);
  }

  /** Which loop the bus reads on it keeps for itself. */
  @Test
  void framesAreReceivedOnTheLoopThatReadsThem() throws ReflectiveOperationException {
    WireNode<EventBusWire> here = node(HERE, 0);
    Field context = ClusteredEventBus.class.getDeclaredField("context");
    context.setAccessible(true);
    ContextInternal reads = (ContextInternal) context.get(here.vertx.eventBus());
    assertThat(here.home.nettyEventLoop()).isSameAs(reads.nettyEventLoop());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void homeIsDeployedOnTheLoopThatReads(int loops) {
    EventBusWire.Clustered clustered =
        WireNode.get(
            EventBusWire.start(
                WireNode.options().setEventLoopPoolSize(loops),
                HERE,
                WireNode.HOST,
                Members.freePort(),
                directory::get,
                new LinkCounts(),
                Gatekeeper.ofLinks(Members.KEY, HERE)));
    try {
      AtomicReference<EventLoop> deployedOn = new AtomicReference<>();
      WireNode.get(
          clustered.deployHome(
              context -> {
                deployedOn.set(((ContextInternal) context).nettyEventLoop());
                return Future.succeededFuture();
              }));
      assertThat(deployedOn).hasValue(clustered.home().nettyEventLoop());
    } finally {
      WireNode.get(clustered.vertx().close());
    }
  }

  /** The bus itself would tell each of them with a stack trace. */
  @Test
  void framesOnAConnectionThatBreaksAreCounted() throws IOException {
    WireNode<EventBusWire> here = node(HERE, 0);
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      directory.put(THERE, SocketAddress.inetSocketAddress(deaf.getLocalPort(), WireNode.HOST));
      here.wire.send(THERE, Wire.NODE, frame(0, 0));
      Socket taken = deaf.accept();
      Gatekeeper.ofLinks(Members.KEY, THERE).answer(taken);
      for (int i = 0; i < 1_000; i++) { // more than the system takes
        here.wire.send(THERE, Wire.NODE, new byte[16 << 10]);
      }
      assertThat(taken.getInputStream().read()).isZero(); // so there is a connection
      Promise<Void> written = Promise.promise();
      here.home.runOnContext(then -> written.complete());
      WireNode.get(written.future());
      taken.setSoLinger(true, 0);
      taken.close();
    }
    awaitThat(() -> here.counts.get(LinkCount.WIRE_LOST) > 100);
  }

  /** Somebody else on this Vert.x may use the bus for himself. */
  @Test
  void otherAddressesAreThisNodesOwn() {
    WireNode<EventBusWire> here = node(HERE, 0);
    AtomicInteger heard = new AtomicInteger();
    here.vertx.eventBus().consumer("private", message -> heard.incrementAndGet());
    here.vertx.eventBus().send("private", "said", new DeliveryOptions());
    awaitThat(() -> heard.get() == 1);
  }

  @Test
  void addressesTellNodesApart() {
    NodeId odd = new NodeId("a#1/2", -3);
    assertThat(BusAddress.node(BusAddress.of(odd, Wire.NODE))).isEqualTo(odd);
    assertThat(BusAddress.node(BusAddress.name(BusAddress.of(odd, 64), 17))).isEqualTo(odd);
    assertThat(BusAddress.node("a")).isNull();
    assertThat(BusAddress.node("#1")).isNull();
    assertThat(BusAddress.node("a#b")).isNull();
  }
}
