package io.tandem.node.transport;

import static io.tandem.node.testing.WebSocketClient.CONTINUATION;
import static io.tandem.node.testing.WebSocketClient.FINAL;
import static io.tandem.node.testing.WebSocketClient.PING;
import static io.tandem.node.testing.WebSocketClient.PONG;
import static io.tandem.node.testing.WebSocketClient.TEXT;
import static io.tandem.node.testing.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.auth.Opening;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Router;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.LocalSessionDirectory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one turn of a lane does for one client, whose lane goes round when the test says so. */
class FairnessTest {

  private static final ListenerConfig LISTENER = Configurations.embedded().listeners().get(0);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Router router = router(channel);
  private final LaneIo io = new LaneIo(router, DirectMemory.ofProcess(), channel.eventLoop());

  private static Router router(EmbeddedChannel channel) {
    NodeId self = new NodeId("node", 1);
    RoutingTables tables = new RoutingTables(self);
    return new Router(
        self,
        List.of(),
        tables,
        new RegistryWriter(
            SharedRecords.local(),
            tables,
            new RegistryLog(self, tables),
            channel.eventLoop(),
            new EventLoopScheduler(channel.eventLoop()),
            node -> false),
        new LocalSessionDirectory(Runnable::run),
        new Budget(1 << 20),
        1 << 20);
  }

  @BeforeEach
  void stopTime() {
    channel.freezeTime();
  }

  @AfterEach
  void end() {
    channel.outboundMessages().forEach(ReferenceCountUtil::release);
    channel.outboundMessages().clear();
    channel.unfreezeTime();
    channel.finishAndReleaseAll();
  }

  private void webSocket() {
    WebSocketTransport transport =
        new WebSocketTransport(
            io,
            LISTENER,
            new WebSocketRequest.Granted(
                new Subprotocol(Serializer.JSON, false),
                "",
                null,
                new Opening("/ws", null, List.of())));
    channel.pipeline().addLast(transport.frames(), transport);
  }

  private void rawSocket() {
    channel
        .pipeline()
        .addLast(new RawSocketTransport(io, LISTENER, Serializer.JSON, 1 << 20, 1 << 20));
  }

  private void arrive(byte[] frame, int times) {
    ByteBuf all = Unpooled.buffer(frame.length * times);
    for (int i = 0; i < times; i++) {
      all.writeBytes(frame);
    }
    channel.pipeline().fireChannelRead(all);
    channel.pipeline().fireChannelReadComplete();
  }

  /** The lane goes round once. */
  private void turn() {
    channel.advanceTimeBy(100, TimeUnit.NANOSECONDS);
    channel.runPendingTasks();
  }

  private int answers() {
    channel.runPendingTasks();
    return channel.outboundMessages().size();
  }

  static Stream<Arguments> pings() {
    return Stream.of(
        Arguments.of("WebSocket", frame(FINAL | PING, "?")),
        Arguments.of("RawSocket", RawSocketClient.frame(RawSocketClient.PING, new byte[1])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pings")
  void oneTurnTreatsSoManyFramesOfAClient(String way, byte[] ping) {
    if (way.equals("WebSocket")) {
      webSocket();
    } else {
      rawSocket();
    }
    arrive(ping, 3 * Pace.FRAMES_IN_A_TURN);

    assertThat(channel.config().isAutoRead()).as("more is read").isFalse();
    assertThat(answers()).isEqualTo(Pace.FRAMES_IN_A_TURN);
    turn();
    assertThat(answers()).isEqualTo(2 * Pace.FRAMES_IN_A_TURN);
    turn();
    turn();
    assertThat(answers()).isEqualTo(3 * Pace.FRAMES_IN_A_TURN);
    assertThat(channel.config().isAutoRead()).as("more is read").isTrue();
  }

  static Stream<byte[]> flood() {
    return Stream.of(frame(FINAL | PONG, ""), frame(CONTINUATION, ""), frame(CONTINUATION, " "));
  }

  @ParameterizedTest
  @MethodSource("flood")
  void framesThatAreNotAnsweredCountLikewise(byte[] flooding) {
    webSocket();
    arrive(frame(TEXT, ""), 1);
    arrive(flooding, 2 * Pace.FRAMES_IN_A_TURN);
    arrive(frame(FINAL | PING, "?"), 1);

    assertThat(answers()).isZero();
    turn();
    turn();
    turn();
    assertThat(answers()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pings")
  void whatCameBeforeTheEndIsTreatedBeforeIt(String way, byte[] ping) {
    if (way.equals("WebSocket")) {
      webSocket();
    } else {
      rawSocket();
    }
    arrive(ping, 2 * Pace.FRAMES_IN_A_TURN);
    channel.pipeline().fireChannelInactive();

    assertThat(router.metrics().closes(CloseCause.TRANSPORT_LOST).sum()).isZero();
    turn();
    turn();
    assertThat(answers()).isEqualTo(2 * Pace.FRAMES_IN_A_TURN);
    assertThat(router.metrics().closes(CloseCause.TRANSPORT_LOST).sum()).isOne();
  }

  @Test
  void clientThatHasHungUpIsNoSlowReader() {
    rawSocket();
    channel.unsafe().close(channel.voidPromise());
    // The channel is closed, and the transport has not heard of it.
    arrive(RawSocketClient.frame(RawSocketClient.PING, new byte[1]), 1);
    channel.runPendingTasks();

    assertThat(router.metrics().closes(CloseCause.SLOW_READER).sum()).isZero();
    assertThat(router.metrics().closes(CloseCause.TRANSPORT_LOST).sum()).isOne();
  }
}
