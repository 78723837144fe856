package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.Peer;
import io.tandem.client.ScriptedRouter.WebSocketPeer;
import io.tandem.client.ScriptedRouter.Wire;
import io.tandem.client.WireConnection.Frame;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.DrivesVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DrivesVertx
class WireConnectionTest {

  private Vertx vertx;

  @BeforeEach
  void begin(Vertx vertx) {
    this.vertx = vertx;
  }

  static List<Wire> wires() {
    return ScriptedRouter.wires();
  }

  @ParameterizedTest
  @MethodSource("wires")
  void messagesAndPingsTravelBothWays(Wire wire) {
    try (ScriptedRouter router = wire.start(vertx)) {
      WireConnection connection =
          await(WireConnection.connect(vertx, router.options().transport()));
      Peer peer = router.accept();
      Goodbye goodbye = new Goodbye(Options.EMPTY, "wamp.close.normal");
      await(connection.send(goodbye));
      assertThat(peer.expect(Goodbye.class)).isEqualTo(goodbye);
      peer.send(new Published(1, 2));
      assertThat(await(connection.next())).isEqualTo(new Published(1, 2));
      assertThat(await(connection.ping(new byte[] {7}))).containsExactly(7);
      peer.vanish();
      assertThat(failure(connection.next())).isInstanceOf(TransportException.class);
      assertThat(await(connection.closed()).cause()).isEqualTo(TransportEnd.Cause.LOST);
    }
  }

  @Test
  void octetsAreSentAsTheyAre() {
    try (ScriptedRouter router = ScriptedRouter.webSocket(vertx, Serializer.JSON)) {
      WireConnection connection =
          await(WireConnection.connect(vertx, router.options().transport()));
      WebSocketPeer peer = (WebSocketPeer) router.accept();
      await(connection.sendBytes("[6,{},\"wamp.close.x\"]".getBytes(UTF_8)));
      assertThat(peer.expect(Goodbye.class).reason()).isEqualTo("wamp.close.x");
      assertThat(failure(connection.sendBytes(Frame.OCTETS, new byte[1])))
          .isInstanceOf(UnsupportedOperationException.class);
      Promise<Buffer> received = Promise.promise();
      peer.socket().frameHandler(frame -> received.tryComplete(frame.binaryData().copy()));
      byte[] noUtf8 = {(byte) 0xFF, 0x00, (byte) 0xC0};
      await(connection.sendBytes(noUtf8));
      assertThat(await(received.future()).getBytes()).isEqualTo(noUtf8);
    }
  }

  @Test
  void whatIsNoMessageFailsTheTakerAndNotTheConnection() {
    try (ScriptedRouter router = ScriptedRouter.webSocket(vertx, Serializer.JSON)) {
      WireConnection connection =
          await(WireConnection.connect(vertx, router.options().transport()));
      Peer peer = router.accept();
      peer.sendMessage(Buffer.buffer("[]"));
      peer.send(new Published(1, 2));
      assertThat(failure(connection.next())).isInstanceOf(ProtocolViolation.class);
      assertThat(await(connection.next())).isEqualTo(new Published(1, 2));
    }
  }

  @ParameterizedTest
  @MethodSource("wires")
  void connectionNobodyTakesFromStopsReadingAndLosesNothing(Wire wire) {
    try (ScriptedRouter router = wire.start(vertx)) {
      WireConnection connection =
          await(WireConnection.connect(vertx, router.options().transport()));
      Peer peer = router.accept();
      int count = WireConnection.MAX_WAITING * 2;
      for (int i = 1; i <= count; i++) {
        peer.send(new Published(i, i));
      }
      for (int i = 1; i <= count; i++) {
        Future<WampMessage> next = connection.next();
        assertThat(await(next)).isEqualTo(new Published(i, i));
      }
    }
  }
}
