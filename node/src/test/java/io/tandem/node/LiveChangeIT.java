package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.node.config.ConfigChange;
import io.tandem.node.testing.TestCertificate;
import io.tandem.node.testing.TestNode;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose realms, listeners and certificates change while its clients are there. */
class LiveChangeIT {

  private static final String ANOTHER = TestNode.REALM.replace("realms:\n", "");

  private static String realms(String... more) {
    StringBuilder all = new StringBuilder(TestNode.MANAGEMENT + TestNode.REALM);
    for (String name : more) {
      all.append(ANOTHER.replace("realm1", name));
    }
    return all + "lanes: 2\n";
  }

  private static Future<ClientSession> join(TestNode node, String url, String realm) {
    return ClientSession.connect(node.clients(), ClientOptions.to(url, realm));
  }

  private static long count(ClientSession session) {
    return ((Number) await(session.call("wamp.session.count", Arguments.of())).args().get(0))
        .longValue();
  }

  private static int freePort() {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String listener(int port) {
    return "  - {port: " + port + "}\n";
  }

  @Test
  void realmsComeAndGoWhileOthersStay() {
    try (TestNode node = TestNode.start(TestNode.LISTENER + realms())) {
      ClientSession stays = node.join();
      await(stays.register("com.echo", call -> Future.succeededFuture(call.arguments())));
      assertThatThrownBy(() -> await(join(node, node.webSocket(), "realm2")))
          .hasStackTraceContaining("wamp.error.no_such_realm");

      assertThat(node.reload(TestNode.LISTENER + realms("realm2")).live())
          .hasToString("[new realm realm2]");
      for (int i = 0; i < 4; i++) { // on both lanes
        await(join(node, node.webSocket(), "realm2"));
      }
      ClientSession leaves = await(join(node, node.webSocket(), "realm2"));
      assertThat(count(leaves)).isEqualTo(5);
      await(leaves.register("com.echo", call -> Future.succeededFuture(call.arguments())));

      assertThat(node.reload(TestNode.LISTENER + realms()).live())
          .hasToString("[realm realm2 is closed]");
      assertThat(await(leaves.closed()).uri()).isEqualTo("wamp.close.close_realm");
      assertThatThrownBy(() -> await(join(node, node.webSocket(), "realm2")))
          .hasStackTraceContaining("wamp.error.no_such_realm");
      assertThat(await(node.join().call("com.echo", Arguments.of(1)))).isNotNull();
      assertThat(stays.closed().isComplete()).isFalse();

      node.reload(TestNode.LISTENER + realms("realm2"));
      ClientSession again = await(join(node, node.webSocket(), "realm2"));
      assertThat(count(again)).isEqualTo(1);
      assertThatThrownBy(() -> await(again.call("com.echo", Arguments.of(1))))
          .hasStackTraceContaining("wamp.error.no_such_procedure");
    }
  }

  @Test
  void listenersAreOpenedAndClosedWithTheirConnections() throws IOException {
    try (TestNode node = TestNode.start(TestNode.LISTENER + realms())) {
      ClientSession stays = node.join();
      int port = freePort();
      String url = "ws://127.0.0.1:" + port + "/ws";

      node.reload(TestNode.LISTENER + listener(port) + realms());
      assertThat(node.node().ports()).containsExactly(node.port(), port);
      ClientSession leaves = await(join(node, url, "realm1"));
      await(leaves.register("com.echo", call -> Future.succeededFuture(call.arguments())));
      assertThat(await(stays.call("com.echo", Arguments.of(1)))).isNotNull();

      node.reload(TestNode.LISTENER + realms());
      await(leaves.closed());
      assertThatThrownBy(() -> await(join(node, url, "realm1"))).isNotNull();
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close(); // is free again
      assertThat(stays.closed().isComplete()).isFalse();
      assertThat(node.node().ports()).containsExactly(node.port());
    }
  }

  @Test
  void whatCannotBeHadAsAWholeChangesNothing() throws IOException {
    try (TestNode node = TestNode.start(TestNode.LISTENER + realms("realm2"))) {
      ClientSession stays = await(join(node, node.webSocket(), "realm2"));
      int free = freePort();
      String yaml;
      int port;
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = taken.getLocalPort();
        yaml = TestNode.LISTENER + listener(free) + listener(port) + realms("realm3");
        assertThatThrownBy(() -> node.reload(yaml)).hasStackTraceContaining("cannot listen on");
      }
      assertThatThrownBy(() -> await(join(node, node.webSocket(), "realm3")))
          .hasStackTraceContaining("wamp.error.no_such_realm");
      assertThat(count(stays)).isEqualTo(1);
      assertThat(node.node().ports()).containsExactly(node.port());
      new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close(); // was closed again

      node.reload(yaml);
      await(join(node, "ws://127.0.0.1:" + port + "/ws", "realm3"));
      assertThat(await(stays.closed()).uri()).isEqualTo("wamp.close.close_realm");
    }
  }

  @Test
  void certificateIsRenewedForThoseWhoConnectFromThenOn(@TempDir Path files) throws Exception {
    TestCertificate old = TestCertificate.in(Files.createDirectory(files.resolve("old")));
    TestCertificate fresh = TestCertificate.in(Files.createDirectory(files.resolve("fresh")));
    Path certificate = Files.copy(old.certificate(), files.resolve("tls.crt"));
    Path key = Files.copy(old.key(), files.resolve("tls.key"));
    String yaml =
        TestNode.LISTENER
            + "    tls: {certificate: %s, key: %s}\n".formatted(certificate, key)
            + realms();
    try (TestNode node = TestNode.start(yaml)) {
      String url = "wss://127.0.0.1:" + node.port() + "/ws";
      ClientSession before = node.join(TransportOptions.to(url).withTrust(old.trust()));
      assertThat(node.reload(yaml).live()).isEmpty();

      Files.copy(fresh.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> node.reload(yaml)).as("the key of another").isNotNull();
      node.join(TransportOptions.to(url).withTrust(old.trust()));

      Files.copy(fresh.key(), key, StandardCopyOption.REPLACE_EXISTING);
      assertThat(node.reload(yaml).names(ConfigChange.Kind.CERTIFICATE)).hasSize(1);
      for (int i = 0; i < 4; i++) { // on both lanes
        node.join(TransportOptions.to(url).withTrust(fresh.trust()));
      }
      assertThatThrownBy(
              () ->
                  await(
                      ClientSession.connect(
                          node.clients(),
                          ClientOptions.to(url, "realm1")
                              .withTransport(TransportOptions.to(url).withTrust(old.trust())))))
          .isNotNull();
      assertThat(count(before)).isEqualTo(6);
    }
  }
}
