package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.TlsAuthenticator.Holder;
import io.tandem.node.credentials.ClientCertificate;
import io.tandem.node.testing.Clients;
import io.tandem.node.testing.TestCertificate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are known by their certificates. */
class TlsAuthenticatorTest {

  @TempDir static Path directory;

  private static ClientCertificate pump;
  private static ClientCertificate other;

  private Instant now = Instant.now();

  @BeforeAll
  static void make() {
    pump =
        new ClientCertificate(
            TestCertificate.named(
                    directory,
                    "pump",
                    "CN=pump 7, O=Example",
                    "-ext",
                    "SAN=dns:Pump-7.example.com,uri:spiffe://example/pump,"
                        + "email:pump@example.com,ip:10.0.0.7,ip:2001:db8::7",
                    "-validity",
                    "30")
                .x509());
    other =
        new ClientCertificate(
            TestCertificate.named(directory, "other", "CN=pump 8, O=Example").x509());
  }

  private static Evidence evidence(@Nullable ClientCertificate certificate) {
    TlsPeer peer =
        new TlsPeer() {
          @Override
          public List<X509Certificate> certificates() {
            return certificate == null ? List.of() : List.of(certificate.certificate());
          }

          @Override
          public byte @Nullable [] binding(Binding type) {
            return null;
          }
        };
    return Clients.evidence("10.0.0.1:4711", true, peer, null);
  }

  private AuthAnswer begin(
      Map<String, Holder> holders, @Nullable ClientCertificate shown, @Nullable String authid) {
    Options details = authid == null ? Options.EMPTY : Options.of(Keys.AUTHID, authid);
    return new TlsAuthenticator(holders, () -> now)
        .begin(new AuthRequest("realm1", details, 7, evidence(shown)));
  }

  private static Accepted accepted(String authid) {
    return new Accepted(new Principal("realm1", authid, "device", "tls", "static", null));
  }

  private static Holder byPrint(ClientCertificate certificate) {
    return new Holder("device", Set.of(certificate.fingerprint()), Set.of(), Set.of());
  }

  @Test
  void holderIsKnownByFingerprint() {
    Map<String, Holder> holders = Map.of("pump", byPrint(pump));
    assertThat(begin(holders, pump, null)).isEqualTo(accepted("pump"));
    assertThat(begin(holders, pump, "pump")).isEqualTo(accepted("pump"));
    assertThat(begin(holders, other, null)).isEqualTo(TlsAuthenticator.DENIED);
    assertThat(begin(holders, other, "pump")).isEqualTo(TlsAuthenticator.DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=pump 7,O=Example", "cn=PUMP 7, o=example"})
  void holderIsKnownBySubject(String subject) {
    X500Principal known = ClientCertificate.subject(subject);
    Map<String, Holder> holders =
        Map.of("pump", new Holder("device", Set.of(), Set.of(known), Set.of()));
    assertThat(begin(holders, pump, null)).isEqualTo(accepted("pump"));
    assertThat(begin(holders, other, null)).isEqualTo(TlsAuthenticator.DENIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DNS:pump-7.EXAMPLE.com",
        "URI:spiffe://example/pump",
        "email:pump@example.com",
        "IP:10.0.0.7",
        "IP:2001:DB8:0::7"
      })
  void holderIsKnownByAnAlternativeName(String name) {
    String known = ClientCertificate.name(name);
    Map<String, Holder> holders =
        Map.of("pump", new Holder("device", Set.of(), Set.of(), Set.of(known)));
    assertThat(begin(holders, pump, null)).isEqualTo(accepted("pump"));
    assertThat(begin(holders, other, null)).isEqualTo(TlsAuthenticator.DENIED);
  }

  /** A name of one kind is none of another. */
  @ParameterizedTest
  @ValueSource(strings = {"DNS:spiffe://example/pump", "URI:pump-7.example.com", "DNS:10.0.0.7"})
  void kindOfANameCounts(String name) {
    assertThat(pump.names()).hasSize(5).doesNotContain(ClientCertificate.name(name));
  }

  @Test
  void certificateOfSeveralHasToSayWhoseItIs() {
    Map<String, Holder> holders = Map.of("pump", byPrint(pump), "spare", byPrint(pump));
    assertThat(begin(holders, pump, null)).isEqualTo(TlsAuthenticator.DENIED);
    assertThat(begin(holders, pump, "spare")).isEqualTo(accepted("spare"));
    assertThat(begin(holders, pump, "nobody")).isEqualTo(TlsAuthenticator.DENIED);
  }

  @Test
  void whoHasNoneIsToldSo() {
    AuthStep.Refused refused = (AuthStep.Refused) begin(Map.of(), null, "pump");
    assertThat(refused.reason()).isEqualTo("wamp.error.authentication_required");
    Evidence plain = Clients.evidence("10.0.0.1:4711", false, null, null);
    AuthRequest withoutTls = new AuthRequest("realm1", Options.EMPTY, 7, plain);
    assertThat(new TlsAuthenticator(Map.of(), () -> now).begin(withoutTls)).isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource({"-1", "31"})
  void certificateHoldsInItsTimeOnly(int days) {
    Map<String, Holder> holders = Map.of("pump", byPrint(pump));
    now = now.plusSeconds(days * 86_400L);
    assertThat(begin(holders, pump, null)).isEqualTo(TlsAuthenticator.DENIED);
  }

  @Test
  void procedureIsToldWhatTheCertificateSays() {
    assertThat(pump.details())
        .containsOnlyKeys("certificate")
        .extractingByKey("certificate")
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("sha256", pump.fingerprint())
        .containsEntry("subject", "CN=pump 7,O=Example")
        .containsEntry("issuer", "CN=pump 7,O=Example")
        .containsEntry("names", pump.names())
        .containsKeys("serial", "notBefore", "notAfter");
  }

  @Test
  void whatPeopleWriteIsReadOrRefused() {
    String colons = pump.fingerprint().replaceAll("..(?!$)", "$0:").toUpperCase(Locale.ROOT);
    assertThat(ClientCertificate.fingerprint(colons)).isEqualTo(pump.fingerprint());
    assertThat(ClientCertificate.fingerprint(colons.substring(1))).isNull();
    assertThat(ClientCertificate.subject("pump 7")).isNull();
    assertThat(ClientCertificate.subject("")).isNull();
    for (String none : List.of("pump", "DNS:", "dns:a", "IP:a.example.com", "IP:1.2.3.4.5", ":")) {
      assertThat(ClientCertificate.name(none)).as(none).isNull();
    }
  }
}
