package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.DynamicAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator.Source;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.auth.TlsPeer;
import io.tandem.node.credentials.ClientCertificate;
import io.tandem.node.login.Login;
import io.tandem.node.testing.Clients;
import io.tandem.node.testing.TestCertificate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authenticators are told of the certificates of those whom they judge. */
class CertificateDetailsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String JUDGE = "com.judge";

  @TempDir static Path directory;

  private static ClientCertificate pump;

  @BeforeAll
  static void make() {
    pump = new ClientCertificate(TestCertificate.named(directory, "pump", "CN=pump 7").x509());
  }

  private final World world =
      new World(
          1,
          1,
          1,
          realm ->
              realm.authentication =
                  Clients.authentication(
                      List.of(
                          DynamicAuthenticator.tls(
                              new Source.Procedure(World.OTHER_REALM, JUDGE, TIMEOUT),
                              Instant::now)),
                      Set.of("user"),
                      new AuthPool()));

  CertificateDetailsTest() {
    world.serveMeta();
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

  /** Somebody who wants to come in. */
  private final class Newcomer implements Login.Client {
    @Nullable Principal principal;
    @Nullable String refusal;

    Newcomer(@Nullable ClientCertificate certificate) {
      Lane lane = world.nodes.get(0).lanes.get(0);
      Login login = new Login(lane, evidence(certificate), Duration.ofSeconds(5), this);
      Options details = Options.of(Keys.AUTHMETHODS, List.of("tls")).with(Keys.AUTHID, "pump");
      lane.execute(() -> login.begin(World.REALM, details));
      world.stirred();
    }

    @Override
    public void challenged(Challenge challenge) {
      throw new AssertionError("the handshake was the challenge");
    }

    @Override
    public void accepted(Realm realm, long session, Principal who) {
      principal = who;
      world.nodes.get(0).router.sessionIds().release(session);
    }

    @Override
    public void refused(String reason, String message) {
      refusal = reason;
    }
  }

  private TestClient judge() {
    TestClient judge = world.join(0, client -> client.realmName = World.OTHER_REALM);
    judge.registers(JUDGE);
    judge.listener =
        message -> {
          if (message instanceof Invocation invocation) {
            judge.lane.execute(() -> judge.says("[70," + invocation.request() + ",{},['user']]"));
          }
        };
    return judge;
  }

  private static String told() {
    return "'auth':{'certificate':{'sha256':'" + pump.fingerprint() + "','subject':'CN=pump 7',";
  }

  @Test
  @Conformance({"AUTH-10", "AUTH-12"})
  void authenticatorIsToldAndTheCertificateStaysWithThePrincipal() {
    try (world) {
      TestClient judge = judge();
      Newcomer newcomer = new Newcomer(pump);
      assertThat(judge.hears()).singleElement().asString().contains("'secure':true", told());
      assertThat(newcomer.principal)
          .isEqualTo(new Principal("realm1", "pump", "user", "tls", "dynamic", null).showing(pump));
    }
  }

  @Test
  void nobodyIsAskedAboutAClientWithoutACertificate() {
    try (world) {
      TestClient judge = judge();
      assertThat(new Newcomer(null).refusal).isEqualTo("wamp.error.authentication_required");
      assertThat(judge.hears()).isEmpty();
    }
  }
}
