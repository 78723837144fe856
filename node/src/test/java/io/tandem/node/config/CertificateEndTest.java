package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.ops.Certificates;
import io.tandem.node.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the certificates end that a configuration names. */
class CertificateEndTest {

  private static Instant end(TestCertificate certificate) {
    return certificate.x509().getNotAfter().toInstant();
  }

  @Test
  void firstOneThatEndsCountsWhateverElseStandsInItsFile(@TempDir Path directory) throws Exception {
    TestCertificate longer =
        TestCertificate.named(directory, "longer", "CN=longer", "-validity", "300");
    TestCertificate shorter =
        TestCertificate.named(directory, "shorter", "CN=shorter", "-validity", "20");
    Path chain = directory.resolve("chain.crt");
    Files.writeString(
        chain,
        "the node's\n"
            + Files.readString(longer.certificate())
            + "its authority's\n"
            + Files.readString(shorter.certificate()));
    Surroundings surroundings = new Surroundings(directory, name -> null);
    assertThat(surroundings.end(List.of(longer.certificate()))).isEqualTo(end(longer));
    assertThat(surroundings.end(List.of(chain))).isEqualTo(end(shorter));
    assertThat(surroundings.end(List.of(longer.certificate(), shorter.certificate())))
        .isEqualTo(end(shorter));
    assertThat(surroundings.end(List.of(directory.resolve("none.crt")))).isNull();
  }

  @Test
  void listenersAndTheClusterAreToldApart(@TempDir Path directory) throws Exception {
    TestCertificate one = TestCertificate.named(directory, "one", "CN=one", "-validity", "20");
    TestCertificate two = TestCertificate.named(directory, "two", "CN=two", "-validity", "300");
    Path file = directory.resolve("tandem.yaml");
    Files.writeString(
        file,
        """
        listeners:
          - {port: 8080}
          - {port: 8443, tls: {certificate: one.crt, key: one.key}}
        cluster:
          tls: {certificate: two.crt, key: two.key, ca: one.crt}
        realms:
          - name: realm1
        """);
    assertThat(Certificates.ends(Configurations.load(file)).values())
        .containsExactlyInAnyOrder(end(one).getEpochSecond(), end(two).getEpochSecond());
    assertThat(Certificates.ends(Configurations.load(file)))
        .containsKey("cluster")
        .anySatisfy((of, end) -> assertThat(of).endsWith(":8443"));
  }
}
