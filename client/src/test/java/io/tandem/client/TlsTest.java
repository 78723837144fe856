package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.RawSocketPeer;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.DrivesVertx;
import io.tandem.testing.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DrivesVertx
class TlsTest {

  @TempDir private static Path directory;

  private static PfxOptions keys;

  private Vertx vertx;

  @BeforeEach
  void begin(Vertx vertx) {
    this.vertx = vertx;
  }

  /** A certificate of 127.0.0.1, signed by itself. */
  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "router",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    keys = new PfxOptions().setPath(store.toString()).setPassword("secret");
  }

  private String listenRawSocket() {
    NetServer server =
        vertx
            .createNetServer(new NetServerOptions().setSsl(true).setKeyCertOptions(keys))
            .connectHandler(socket -> new RawSocketPeer(socket, Serializer.JSON, 15));
    await(server.listen(0, "127.0.0.1"));
    return "rss://127.0.0.1:" + server.actualPort();
  }

  private String listenWebSocket() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(keys)
            .addWebSocketSubProtocol("wamp.2.json");
    HttpServer server = vertx.createHttpServer(options).webSocketHandler(socket -> {});
    await(server.listen(0, "127.0.0.1"));
    return "wss://127.0.0.1:" + server.actualPort() + "/ws";
  }

  @Test
  void trustedCertificateOpensRawSocket() {
    TransportOptions options = TransportOptions.to(listenRawSocket()).withTrust(keys);
    assertThat(await(await(WireConnection.connect(vertx, options)).ping(new byte[1]))).hasSize(1);
  }

  @Test
  void trustedCertificateOpensWebSocket() {
    TransportOptions options = TransportOptions.to(listenWebSocket()).withTrust(keys);
    assertThat(await(await(WireConnection.connect(vertx, options)).ping(new byte[1]))).hasSize(1);
  }

  @Test
  void unknownCertificateFailsTheOpening() {
    assertThat(failure(WireConnection.connect(vertx, TransportOptions.to(listenRawSocket()))))
        .isInstanceOf(TransportException.class);
    assertThat(failure(WireConnection.connect(vertx, TransportOptions.to(listenWebSocket()))))
        .isInstanceOf(TransportException.class);
  }

  @Test
  void certificateOfAnotherNameFailsTheOpening() {
    String url = listenRawSocket().replace("127.0.0.1", "localhost");
    assertThat(failure(WireConnection.connect(vertx, TransportOptions.to(url).withTrust(keys))))
        .isInstanceOf(TransportException.class);
  }
}
