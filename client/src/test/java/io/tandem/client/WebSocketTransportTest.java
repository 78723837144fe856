package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.CloseReason.Kind;
import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.client.ScriptedRouter.WebSocketPeer;
import io.tandem.protocol.message.Goodbye;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketFrame;
import org.junit.jupiter.api.Test;

class WebSocketTransportTest extends AgainstScriptedRouter {

  @Test
  void fragmentedMessageIsPutTogether() {
    Conversation open = router.open(vertx);
    WebSocketPeer peer = (WebSocketPeer) open.peer();
    peer.socket().writeFrame(WebSocketFrame.textFrame("[6,{},\"wamp.", false));
    peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("close."), false));
    peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x\"]"), true));
    peer.expect(Goodbye.class);
    assertThat(await(open.session().closed()).uri()).isEqualTo("wamp.close.x");
  }

  @Test
  void binaryMessageInJsonIsAViolation() {
    Conversation open = router.open(vertx);
    WebSocketPeer peer = (WebSocketPeer) open.peer();
    peer.socket().writeBinaryMessage(Buffer.buffer("[6,{},\"wamp.close.x\"]"));
    assertThat(peer.awaitEnd()).isEqualTo("1002");
    assertThat(await(open.session().closed()).kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
  }

  @Test
  void messageAboveTheLimitInOneFrameEndsTheSession() {
    Conversation open = openWithLimit();
    open.peer().sendMessage(Buffer.buffer("x".repeat(1025)));
    assertThat(await(open.session().closed()).kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
  }

  @Test
  void messageAboveTheLimitInManyFramesEndsTheSession() {
    Conversation open = openWithLimit();
    WebSocketPeer peer = (WebSocketPeer) open.peer();
    peer.socket().writeFrame(WebSocketFrame.textFrame("x".repeat(1000), false));
    peer.socket()
        .writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x".repeat(25)), false));
    assertThat(peer.awaitEnd()).isEqualTo("1009");
    CloseReason closed = await(open.session().closed());
    assertThat(closed.kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
    // Led by the code when the channel has closed before the session is told.
    assertThat(closed.message()).endsWith("a message larger than 1024 octets");
  }

  private Conversation openWithLimit() {
    TransportOptions small = router.options().transport().withMaxMessageBytes(1024);
    return router.open(vertx, router.options().withTransport(small));
  }

  @Test
  void closeCodeOfTheRouterIsTold() {
    WireConnection wire = await(WireConnection.connect(vertx, router.options().transport()));
    WebSocketPeer peer = (WebSocketPeer) router.accept();
    peer.socket().close((short) 1012, "restarting");
    assertThat(await(wire.closed()))
        .isEqualTo(new TransportEnd(TransportEnd.Cause.LOST, 1012, "restarting"));
  }

  @Test
  void httpServerThatRefusesTheUpgradeFailsTheOpening() {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().setStatusCode(400).end());
    await(server.listen(0, "127.0.0.1"));
    String url = "ws://127.0.0.1:" + server.actualPort() + "/ws";
    assertThat(failure(WireConnection.connect(vertx, TransportOptions.to(url))))
        .isInstanceOf(TransportException.class)
        .hasMessage("the router refused wamp.2.json with HTTP 400");
  }

  @Test
  void serverThatChoosesNoSubprotocolFailsTheOpening() {
    HttpServer server = vertx.createHttpServer().webSocketHandler(socket -> {});
    await(server.listen(0, "127.0.0.1"));
    String url = "ws://127.0.0.1:" + server.actualPort() + "/ws";
    assertThat(failure(WireConnection.connect(vertx, TransportOptions.to(url))))
        .isInstanceOf(TransportException.class);
  }
}
