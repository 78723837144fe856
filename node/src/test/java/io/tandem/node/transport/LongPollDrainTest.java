package io.tandem.node.transport;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that is asked to go and has clients whose every request may need a fresh connection. */
class LongPollDrainTest {

  private static final int REFUSED_WITH_CONNECTIONS = 0x40;

  private final TestNode node =
      TestNode.start(
          TestNode.LISTENER
              + "    longPoll: {wait: 1m, idle: 10m}\n"
              + TestNode.MANAGEMENT
              + TestNode.REALM
              + ("lanes: 2\ndrainTimeout: " + Patience.LIMIT.toSeconds() + "s\n"));

  private final Promise<Void> invoked = Promise.promise();
  private final Promise<Arguments> answer = Promise.promise();

  @AfterEach
  void stop() {
    node.close();
  }

  private void offerSlowProcedure() {
    await(
        node.join()
            .register(
                "com.slow",
                invocation -> {
                  invoked.complete();
                  return answer.future();
                }));
  }

  @Test
  void resultComesOverAFreshConnectionWhileTheNodeTakesNoOtherClients() throws IOException {
    offerSlowProcedure();
    Requests.Client caller = new Requests(node).new Client("wamp.2.json").join();
    caller.send("[48,1,{},\"com.slow\"]");
    await(invoked.future());

    Future<Void> stopped = node.node().stop();
    Patience.until("a WebSocket is refused", () -> handshake().startsWith("HTTP/1.1 503 "));
    CompletableFuture<HttpResponse<String>> result = caller.overOtherConnections().receiveLater();

    assertThat(new Requests(node).open("\"wamp.2.json\"").statusCode()).isEqualTo(503);
    assertThat(rawSocket()).isEqualTo(REFUSED_WITH_CONNECTIONS);
    answer.complete(Arguments.of("done"));
    assertThat(await(Future.fromCompletionStage(result)).body()).isEqualTo("[50,1,{},[\"done\"]]");
    await(stopped);
  }

  private String handshake() {
    WebSocketClient client = WebSocketClient.unopened(ByteClient.Line.tcp(node.port()));
    String request =
        """
        GET /ws HTTP/1.1
        Host: 127.0.0.1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Protocol: wamp.2.json

        """;
    client.write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    return client.readHead();
  }

  /** The second octet of the answer to a handshake of RawSocket. */
  private int rawSocket() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.getOutputStream().write(new byte[] {0x7F, (byte) 0xF1, 0, 0});
      return socket.getInputStream().readNBytes(4)[1];
    }
  }

  @Test
  void connectionsAreRefusedByTheSystemWhenTheLastOfThemHasGone() {
    offerSlowProcedure();
    ClientSession caller = node.join();
    Future<Arguments> result = caller.call("com.slow", Arguments.none());
    await(invoked.future());
    Requests.Client idle = new Requests(node).new Client("wamp.2.json").join();

    Future<Void> stopped = node.node().stop();
    Patience.until("it is told", () -> idle.receive().statusCode() == 404);

    Patience.until("connections are refused", this::refusesConnections);
    assertThat(stopped.isComplete()).isFalse();
    answer.complete(Arguments.none());
    await(result);
    await(stopped);
  }

  private boolean refusesConnections() {
    try {
      new Socket(InetAddress.getLoopbackAddress(), node.port()).close();
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException other) {
      throw new UncheckedIOException(other);
    }
  }
}
