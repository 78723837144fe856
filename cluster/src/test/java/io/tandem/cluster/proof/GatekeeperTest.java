package io.tandem.cluster.proof;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.registry.NodeId;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Who stands before the connections of a node, on real sockets. */
class GatekeeperTest {

  /** In TLS 1.3 who calls is through with the handshake before it is judged, and says more. */
  @Test
  void callerThatIsNotBelievedHearsWhyAlthoughItHasSaidMore() throws Exception {
    Gatekeeper gatekeeper =
        Gatekeeper.ofRecord(
            ClusterKey.of("").within(Certificates.valid()), new NodeId("answers", 1));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket caller = new Socket(server.getInetAddress(), server.getLocalPort())) {
      CompletableFuture<SSLEngine> answer =
          CompletableFuture.supplyAsync(() -> answer(gatekeeper, server));
      long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
      TlsSocket tls = new TlsSocket(caller, Certificates.expired().engine(true), deadline);
      tls.handshake();
      Patience.until("the refusal is there", () -> available(caller) > 0);
      for (int record = 0; record < 3; record++) { // the first ones make a closed socket say so
        tls.write(new byte[100]);
      }
      assertThatThrownBy(() -> tls.read(1))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("Received fatal alert");
      caller.shutdownOutput();
      assertThatThrownBy(() -> Patience.join(answer))
          .hasRootCauseInstanceOf(CertificateExpiredException.class);
    }
  }

  private static int available(Socket socket) {
    try {
      return socket.getInputStream().available();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLEngine answer(Gatekeeper gatekeeper, ServerSocket server) {
    try (Socket socket = server.accept()) {
      return gatekeeper.answer(socket);
    } catch (IOException refused) {
      throw new IllegalStateException(refused);
    }
  }
}
