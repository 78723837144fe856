package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.CloseReason.Kind;
import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.client.ScriptedRouter.RawSocketPeer;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.DrivesVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DrivesVertx
class RawSocketTransportTest {

  private Vertx vertx;

  @BeforeEach
  void begin(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Tries to open a session with a peer that answers the handshake with these octets. */
  private Throwable refusedBy(String reply) {
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket ->
                    socket.handler(
                        request -> socket.write(Buffer.buffer(HexFormat.of().parseHex(reply)))));
    await(server.listen(0, "127.0.0.1"));
    ClientOptions options = ClientOptions.to("rs://127.0.0.1:" + server.actualPort(), "realm1");
    return failure(ClientSession.connect(vertx, options));
  }

  @ParameterizedTest
  @CsvSource({
    "7f100000, the router refused RawSocket: serializer not supported",
    "7f200000, the router refused RawSocket: maximum message length not acceptable",
    "7f300000, the router refused RawSocket: reserved bits used",
    "7f400000, the router refused RawSocket: connection limit reached",
    "7f000000, the router refused RawSocket: error code 0",
    "7ff00000, the router refused RawSocket: error code 15",
    "7ff20000, the router's RawSocket handshake is malformed",
    "7ff10001, the router's RawSocket handshake is malformed",
    "48545450, the peer does not speak RawSocket"
  })
  void refusedHandshakeFailsWithItsReason(String reply, String reason) {
    assertThat(refusedBy(reply)).isInstanceOf(TransportException.class).hasMessage(reason);
  }

  @Test
  void silenceInTheHandshakeEndsInTime() {
    NetServer server = vertx.createNetServer().connectHandler(socket -> {});
    await(server.listen(0, "127.0.0.1"));
    TransportOptions options =
        TransportOptions.to("rs://127.0.0.1:" + server.actualPort())
            .withConnectTimeout(Duration.ofMillis(50));
    assertThat(failure(WireConnection.connect(vertx, options)))
        .hasMessage("no RawSocket handshake in time");
  }

  @Test
  void peerThatHangsUpInTheHandshakeFailsTheOpening() {
    NetServer server = vertx.createNetServer().connectHandler(socket -> socket.close());
    await(server.listen(0, "127.0.0.1"));
    TransportOptions options = TransportOptions.to("rs://127.0.0.1:" + server.actualPort());
    assertThat(failure(WireConnection.connect(vertx, options)))
        .hasMessage("closed in the RawSocket handshake");
  }

  @Test
  void messageAboveTheRoutersLimitIsNotSent() {
    try (ScriptedRouter router = ScriptedRouter.rawSocket(vertx, Serializer.JSON, 1)) {
      Conversation open = router.open(vertx);
      Future<Void> refused = open.session().publish("a.b", Arguments.of("x".repeat(1024)));
      assertThat(failure(refused))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("the router takes 1024");
      open.session().publish("a.b", Arguments.of("small"));
      assertThat(open.peer().expect(Publish.class).request()).isEqualTo(1);
    }
  }

  @Test
  void pingIsAnsweredWithItsPayload() {
    try (ScriptedRouter router = ScriptedRouter.rawSocket(vertx, Serializer.JSON)) {
      Conversation open = router.open(vertx);
      RawSocketPeer peer = (RawSocketPeer) open.peer();
      peer.socket().write(RawSocketFrames.frame(FrameType.PING, new byte[] {1, 2, 3}));
      assertThat(peer.awaitPong()).containsExactly(1, 2, 3);
      peer.socket().write(RawSocketFrames.frame(FrameType.PING, new byte[0]));
      assertThat(peer.awaitPong()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10000001", "03000001", "08000001"})
  void frameThatIsNoneEndsTheSession(String head) {
    try (ScriptedRouter router = ScriptedRouter.rawSocket(vertx, Serializer.JSON)) {
      Conversation open = router.open(vertx);
      RawSocketPeer peer = (RawSocketPeer) open.peer();
      peer.socket().write(Buffer.buffer(HexFormat.of().parseHex(head)));
      CloseReason closed = await(open.session().closed());
      assertThat(closed.kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
      assertThat(closed.message()).isEqualTo("octets that are no RawSocket frame");
    }
  }

  @Test
  void messageAboveOurLimitEndsTheSessionBeforeItArrives() {
    try (ScriptedRouter router = ScriptedRouter.rawSocket(vertx, Serializer.JSON)) {
      TransportOptions small = router.options().transport().withMaxMessageBytes(1024);
      Conversation open = router.open(vertx, router.options().withTransport(small));
      RawSocketPeer peer = (RawSocketPeer) open.peer();
      peer.socket().write(Buffer.buffer(new byte[] {0, 0, 4, 1}));
      assertThat(await(open.session().closed()).message())
          .isEqualTo("a message of 1025 octets, above the limit of 1024");
    }
  }

  @Test
  void frameOfExactlyTwoToThe24IsRead() {
    RecordingSink sink = new RecordingSink();
    RawSocketFrames frames = new RawSocketFrames(1 << 24, sink);
    frames.handle(Buffer.buffer(new byte[] {8, 0, 0, 0}));
    frames.handle(Buffer.buffer(new byte[1 << 24]));
    assertThat(sink.length).isEqualTo(1 << 24);
  }

  @Test
  void framesAreReadHoweverTheStreamIsCut() {
    RecordingSink sink = new RecordingSink();
    RawSocketFrames frames = new RawSocketFrames(512, sink);
    for (int octet : new int[] {0, 0, 0, 2, 5, 6}) {
      frames.handle(Buffer.buffer(new byte[] {(byte) octet}));
    }
    assertThat(sink.length).isEqualTo(2);
  }

  private static final class RecordingSink implements RawSocketFrames.Sink {
    private int length = -1;

    @Override
    public void onFrame(FrameType type, byte[] payload) {
      length = payload.length;
    }

    @Override
    public void onViolation(String reason) {
      throw new AssertionError(reason);
    }
  }

  @ParameterizedTest
  @CsvSource({"unix:", "rs+unix://"})
  void unixSocketIsReachedByItsPath(String scheme, @TempDir Path directory) {
    Path path = directory.resolve("router.sock");
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(socket -> new RawSocketPeer(socket, Serializer.JSON, 15));
    await(server.listen(SocketAddress.domainSocketAddress(path.toString())));
    WireConnection wire = await(WireConnection.connect(vertx, TransportOptions.to(scheme + path)));
    assertThat(await(wire.ping(new byte[] {42}))).containsExactly(42);
  }
}
