package io.tandem.cluster.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of certificates before anybody is shown them. */
class NodeTlsTest {

  @TempDir Path directory;

  private final ClusterAuthority authority = ClusterAuthority.create();
  private final ClusterAuthority.Pem issued = authority.issue("node", Duration.ofDays(1));

  private NodeTls tls(String certificate, String key) throws IOException {
    return NodeTls.of(
        Files.writeString(directory.resolve("tls.crt"), certificate),
        Files.writeString(directory.resolve("tls.key"), key),
        Files.writeString(directory.resolve("ca.crt"), authority.pem().certificate()));
  }

  @Test
  void certificateThatItsOwnNodeBelievesIsTaken() throws IOException {
    assertThat(tls(issued.certificate(), issued.key())).isNotNull();
  }

  @Test
  void authorityThatIsReadAgainSignsForTheSameCluster() throws IOException {
    ClusterAuthority.Pem later =
        ClusterAuthority.of(authority.pem()).issue("later", Duration.ofDays(1));
    assertThat(tls(later.certificate(), later.key())).isNotNull();
  }

  @Test
  void keyOfAnotherCertificateIsRefused() {
    String key = authority.issue("other", Duration.ofDays(1)).key();
    assertThatThrownBy(() -> tls(issued.certificate(), key)).isInstanceOf(IOException.class);
  }

  @Test
  void certificateThatHasExpiredIsRefused() {
    ClusterAuthority.Pem late = authority.issue("node", Duration.ofMinutes(-1));
    assertThatThrownBy(() -> tls(late.certificate(), late.key()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("validity");
  }

  @Test
  void certificateThatNoneOfTheAuthoritiesHasSignedIsRefused() {
    ClusterAuthority.Pem foreign = ClusterAuthority.create().issue("node", Duration.ofDays(1));
    assertThatThrownBy(() -> tls(foreign.certificate(), foreign.key()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoCertificateIsRefused() {
    assertThatThrownBy(() -> tls("none", issued.key())).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> tls(issued.certificate(), "none")).isInstanceOf(IOException.class);
  }

  @Test
  void keyIsShownToNobody() {
    assertThat(issued.toString()).doesNotContain("PRIVATE");
  }
}
