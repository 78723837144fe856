package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.tandem.node.auth.TlsPeer.Binding;
import io.tandem.node.testing.TestCertificate;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a TLS connection tells of its client. */
class TlsSessionTest {

  @TempDir static Path directory;

  private static TestCertificate certificate;

  @BeforeAll
  static void make() {
    certificate = TestCertificate.in(directory);
  }

  /** Two ends of one connection. */
  private record Connection(EmbeddedChannel client, EmbeddedChannel server) {

    static Connection open(boolean withClientCertificate, String protocol) {
      SSLContext context = certificate.context();
      SSLEngine client = context.createSSLEngine();
      client.setUseClientMode(true);
      client.setEnabledProtocols(new String[] {protocol});
      SSLEngine server = context.createSSLEngine();
      server.setUseClientMode(false);
      server.setNeedClientAuth(withClientCertificate);
      Connection connection =
          new Connection(
              new EmbeddedChannel(new SslHandler(client)),
              new EmbeddedChannel(new SslHandler(server)));
      connection.exchange();
      return connection;
    }

    private void exchange() {
      for (boolean moved = true; moved; ) {
        client.runPendingTasks();
        server.runPendingTasks();
        moved = move(client, server);
        moved |= move(server, client);
      }
    }

    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
      ByteBuf octets = from.readOutbound();
      if (octets == null) {
        return false;
      }
      to.writeInbound(octets);
      return true;
    }

    TlsSession seenByServer() {
      return Objects.requireNonNull(TlsSession.of(server.pipeline()));
    }

    TlsSession seenByClient() {
      return Objects.requireNonNull(TlsSession.of(client.pipeline()));
    }
  }

  @Test
  void connectionWithoutTlsTellsNothing() {
    assertThat(TlsSession.of(new EmbeddedChannel().pipeline())).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void certificateOfTheClientIsThereWhereItIsDemanded(String protocol) throws Exception {
    assertThat(Connection.open(true, protocol).seenByServer().certificates())
        .singleElement()
        .isEqualTo(certificate.store().getCertificate("node"));
    assertThat(Connection.open(false, protocol).seenByServer().certificates()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void endPointIsTheHashOfTheServersCertificate(String protocol) throws Exception {
    byte[] encoded = certificate.store().getCertificate("node").getEncoded();
    assertThat(certificate.signature()).contains("SHA");
    String hash = certificate.signature().replaceAll("SHA(\\d+)with.*", "SHA-$1");
    assertThat(
            Connection.open(false, protocol).seenByServer().binding(Binding.TLS_SERVER_END_POINT))
        .isEqualTo(MessageDigest.getInstance(hash).digest(encoded));
  }

  @Test
  void exporterGivesBothEndsTheSameWherePlatformAndProtocolHaveIt() {
    boolean isThere =
        Arrays.stream(ExtendedSSLSession.class.getMethods())
            .anyMatch(method -> method.getName().equals("exportKeyingMaterialData"));
    Connection connection = Connection.open(false, "TLSv1.3");
    byte[] server = connection.seenByServer().binding(Binding.TLS_EXPORTER);
    if (isThere) {
      assertThat(server)
          .hasSize(32)
          .isEqualTo(connection.seenByClient().binding(Binding.TLS_EXPORTER))
          .isNotEqualTo(
              Connection.open(false, "TLSv1.3").seenByServer().binding(Binding.TLS_EXPORTER));
    } else {
      assertThat(server).isNull();
    }
    assertThat(Connection.open(false, "TLSv1.2").seenByServer().binding(Binding.TLS_EXPORTER))
        .isNull();
  }
}
