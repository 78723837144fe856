package io.tandem.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Nodes that break a rule, and one that does not. */
class AssailantTest {

  private static final String AGREED = "7ff10000";

  /** Plays against somebody who says this and hangs up when the client has. */
  private static boolean play(String said) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(server, said));
      try {
        return Assailant.play(
            new Case(
                Target.RAWSOCKET,
                0,
                false,
                Serializer.JSON,
                List.of(Step.of(HexFormat.of().parseHex(AGREED))),
                false),
            "127.0.0.1",
            server.getLocalPort());
      } finally {
        served.join();
      }
    }
  }

  private static void serve(ServerSocket server, String said) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write(HexFormat.of().parseHex(said));
      socket.getInputStream().readAllBytes();
    } catch (IOException gone) {
      // The client has seen enough.
    }
  }

  private static String message(String json) {
    return HexFormat.of().toHexDigits(json.length())
        + HexFormat.of().formatHex(json.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void nodeThatAnswersByTheRulesIsFine() throws Exception {
    assertThat(play(AGREED + message("[2,1,{}]"))).isTrue();
  }

  @Test
  void messageThatIsNoJsonIsMisbehavior() {
    assertThatThrownBy(() -> play(AGREED + message("[2,1,")))
        .isInstanceOf(Assailant.Misbehavior.class)
        .hasMessageContaining("no JSON");
  }

  @Test
  void messageThatNoRouterSendsIsMisbehavior() {
    assertThatThrownBy(() -> play(AGREED + message("[1,\"realm1\",{}]")))
        .hasMessageContaining("no router sends");
  }

  @Test
  void frameOfNoKindIsMisbehavior() {
    assertThatThrownBy(() -> play(AGREED + "07000000")).hasMessageContaining("7000000");
  }

  @Test
  void answerOfNoProtocolIsMisbehavior() {
    assertThatThrownBy(() -> play("00000000")).hasMessageContaining("neither HTTP nor RawSocket");
  }

  @Test
  void webSocketFrameWithAMaskIsMisbehavior() {
    String opened =
        HexFormat.of()
            .formatHex(
                "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: wamp.2.json\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> play(opened + "818000000000")).hasMessageContaining("8180");
  }
}
