package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.config.ConfigChange;
import io.tandem.node.testing.TestCertificate;
import io.tandem.node.testing.TestNode;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener with several certificates, of which clients are shown the one for their host. */
class CertificatesByNameIT {

  @TempDir private Path directory;

  /** For each name one: a session that the JDK's client resumes asks for the name of before. */
  private final Map<String, SSLContext> clients = new HashMap<>();

  @BeforeEach
  void makeCertificates() {
    for (String name : List.of("first", "a", "b")) {
      TestCertificate.named(directory, name, "CN=" + name);
    }
  }

  /** Whatever it is shown. */
  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private String yaml(String byName) {
    return TestNode.LISTENER
        + "    tls:\n      certificate: %s\n      key: %s\n"
            .formatted(file("first.crt"), file("first.key"))
        + byName
        + TestNode.MANAGEMENT
        + TestNode.REALM
        + "lanes: 2\n";
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private String byName() {
    return """
          byName:
            - {names: [a.example.com, c.b.example.com], certificate: %1$s/a.crt, key: %1$s/a.key}
            - {names: ["*.b.example.com"], certificate: %1$s/b.crt, key: %1$s/b.key}
    """
        .formatted(directory);
  }

  /** Whose certificate a client is shown that asks for this name. */
  private String shown(TestNode node, String protocol, String name) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            clients
                .computeIfAbsent(name, first -> trusting())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), node.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {protocol});
      parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3", "TLSv1.2"})
  void clientIsShownTheCertificateOfTheNameThatItAsksFor(String protocol) throws Exception {
    try (TestNode node = TestNode.start(yaml(byName()))) {
      for (int i = 0; i < 2; i++) { // the second time a session is resumed
        assertThat(shown(node, protocol, "a.example.com")).isEqualTo("CN=a");
        assertThat(shown(node, protocol, "A.Example.COM")).isEqualTo("CN=a");
        assertThat(shown(node, protocol, "x.b.example.com")).isEqualTo("CN=b");
        assertThat(shown(node, protocol, "c.b.example.com")).isEqualTo("CN=a");
        assertThat(shown(node, protocol, "y.x.b.example.com")).isEqualTo("CN=first");
        assertThat(shown(node, protocol, "b.example.com")).isEqualTo("CN=first");
        assertThat(shown(node, protocol, "other")).isEqualTo("CN=first");
        assertThat(shown(node, protocol, "")).isEqualTo("CN=first");
      }
    }
  }

  @Test
  void namesComeAndCertificatesAreRenewedWhileTheNodeRuns() throws Exception {
    try (TestNode node = TestNode.start(yaml(""))) {
      assertThat(shown(node, "TLSv1.3", "a.example.com")).isEqualTo("CN=first");

      assertThat(node.reload(yaml(byName())).names(ConfigChange.Kind.CERTIFICATE)).hasSize(1);
      assertThat(shown(node, "TLSv1.3", "a.example.com")).isEqualTo("CN=a");

      Path fresh = Files.createDirectory(file("fresh"));
      TestCertificate.named(fresh, "a", "CN=renewed");
      Files.copy(fresh.resolve("a.crt"), file("a.crt"), StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> node.reload(yaml(byName())))
          .as("the key of another")
          .hasStackTraceContaining("a.key is not the key of");
      assertThat(shown(node, "TLSv1.3", "a.example.com")).isEqualTo("CN=a");

      Files.copy(fresh.resolve("a.key"), file("a.key"), StandardCopyOption.REPLACE_EXISTING);
      assertThat(node.reload(yaml(byName())).names(ConfigChange.Kind.CERTIFICATE)).hasSize(1);
      for (int i = 0; i < 4; i++) { // on both lanes
        assertThat(shown(node, "TLSv1.3", "a.example.com")).isEqualTo("CN=renewed");
        assertThat(shown(node, "TLSv1.3", "x.b.example.com")).isEqualTo("CN=b");
      }
    }
  }
}
