package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.ScramAuthenticator.Holder;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramAuthenticatorTest {

  private static final Evidence PLAIN = Clients.evidence("10.0.0.1:4711", false, null, null);

  private static final byte[] SALT = Base64.getDecoder().decode("aBc+fx0NAVA=");
  private static final ScramRecord PENCIL = record(Kdf.PBKDF2, 4096, 0);
  private static final String CLIENT_NONCE = "egVDf3DMJh0=";
  private static final String NONCE = "egVDf3DMJh0=SBmkFIh7sSo=";

  private final ScramAuthenticator method =
      new ScramAuthenticator(
          Map.of(
              "user", new Holder("guest", PENCIL),
              "a,b=c", new Holder("guest", PENCIL),
              "ann", new Holder("boss", record(Kdf.ARGON2ID13, 1, 64))),
          null,
          ScramDialect.WAMP,
          () -> "SBmkFIh7sSo=");

  private static ScramRecord record(Kdf kdf, int iterations, int memory) {
    return ScramRecord.of(
        kdf, iterations, memory, SALT, kdf.stretch("pencil", SALT, iterations, memory, 32));
  }

  private AuthAnswer begin(Evidence evidence, Options details) {
    return method.begin(new AuthRequest("realm1", details, 7, evidence));
  }

  private static Options hello(@Nullable String authid, Object... extra) {
    Map<String, @Nullable Object> authextra = new HashMap<>();
    for (int i = 0; i < extra.length; i += 2) {
      authextra.put((String) extra[i], extra[i + 1]);
    }
    Options details = Options.of(Keys.AUTHEXTRA, authextra);
    return authid == null ? details : details.with(Keys.AUTHID, authid);
  }

  private Challenged challenge(String authid) {
    return (Challenged) begin(PLAIN, hello(authid, "nonce", CLIENT_NONCE));
  }

  // ---- what a client does ----

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The proof of a password; {@code name} and {@code cbind} as they stand in the message. */
  private static String prove(String password, String name, Challenged challenged, String cbind)
      throws Exception {
    Map<String, ?> extra = challenged.message().extra();
    byte[] salted = salted(password, extra);
    byte[] clientKey = hmac(salted, "Client Key");
    byte[] signature =
        hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), message(name, extra, cbind));
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= signature[i];
    }
    return Base64.getEncoder().encodeToString(clientKey);
  }

  private static byte[] salted(String password, Map<String, ?> extra) {
    Kdf kdf = Kdf.named((String) extra.get("kdf")).orElseThrow();
    Object memory = extra.get("memory");
    return kdf.stretch(
        password,
        Base64.getDecoder().decode((String) extra.get("salt")),
        ((Long) extra.get("iterations")).intValue(),
        memory == null ? 0 : ((Long) memory).intValue(),
        32);
  }

  private static String message(String name, Map<String, ?> extra, String cbind) {
    return "n=%s,r=%s,r=%s,s=%s,i=%s,c=%s,r=%s"
        .formatted(
            name,
            CLIENT_NONCE,
            extra.get("nonce"),
            extra.get("salt"),
            extra.get("iterations"),
            cbind,
            extra.get("nonce"));
  }

  private static Map<String, @Nullable Object> extra(
      @Nullable Object nonce, @Nullable Object type, @Nullable Object data) {
    Map<String, @Nullable Object> extra = new HashMap<>();
    extra.put("nonce", nonce);
    extra.put("channel_binding", type);
    extra.put("cbind_data", data);
    return extra;
  }

  private static AuthAnswer show(Challenged challenged, String proof) {
    return challenged.verifier().verify(new Authenticate(proof, extra(NONCE, null, null)));
  }

  private static void isDenied(AuthAnswer answer) {
    assertThat(answer)
        .isEqualTo(
            new Refused("wamp.error.authentication_denied", "the authid or the password is wrong"));
  }

  // ---- and what comes of it ----

  /** The catalogue's own. */
  @Test
  @Conformance({"AUTH-SCRAM-09", "AUTH-SCRAM-11", "AUTH-SCRAM-13"})
  void knownProofIsAcceptedWithTheKnownVerifier() {
    Challenged challenged = challenge("user");
    assertThat(challenged.message().method()).isEqualTo("wamp-scram");
    assertThat(challenged.message().extra()).isEqualTo(expected("aBc+fx0NAVA=", "pbkdf2"));
    assertThat(show(challenged, "L1uwjEEL7BdbtlWMKxNcQ1A/CmNjct+7xdAguB/rpnA="))
        .isEqualTo(
            new Accepted(
                new Principal(
                    "realm1",
                    "user",
                    "guest",
                    "wamp-scram",
                    "static",
                    Map.of("verifier", "AyTAljdPHv74Zx+gn+6DqiFnl4XOZUXpC7k/pSkjBOg="))));
  }

  private static Map<String, @Nullable Object> expected(String salt, String kdf) {
    Map<String, @Nullable Object> extra = new HashMap<>();
    extra.put("nonce", NONCE);
    extra.put("salt", salt);
    extra.put("kdf", kdf);
    extra.put("iterations", 4096L);
    extra.put("memory", null);
    return extra;
  }

  /** RFC 7677, 3. */
  @Test
  @Conformance({"AUTH-SCRAM-09", "AUTH-SCRAM-13"})
  void proofOfTheRfcIsAcceptedToo() {
    String record =
        "kdf=pbkdf2,iterations=4096,salt=W22ZaJ0SNY7soEsUEjb6gQ=="
            + ",storedKey=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
            + ",serverKey=wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    ScramAuthenticator rfc =
        new ScramAuthenticator(
            Map.of("user", new Holder("guest", Objects.requireNonNull(ScramRecord.parse(record)))),
            null,
            ScramDialect.WAMP,
            () -> "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
    Challenged challenged =
        (Challenged)
            rfc.begin(
                new AuthRequest(
                    "realm1", hello("user", "nonce", "rOprNGfwEbeRWgbNEkqO"), 7, PLAIN));
    AuthAnswer answer =
        challenged
            .verifier()
            .verify(
                new Authenticate(
                    "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                    extra("rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", null, null)));
    assertThat(((Accepted) answer).principal().authextra())
        .isEqualTo(Map.of("verifier", "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  @Test
  @Conformance({"AUTH-SCRAM-05", "AUTH-SCRAM-06"})
  void passwordMayBeStretchedByArgon() throws Exception {
    Challenged challenged = challenge("ann");
    assertThat(challenged.message().extra())
        .containsEntry("kdf", "argon2id13")
        .containsEntry("iterations", 1L)
        .containsEntry("memory", 64L);
    assertThat(show(challenged, prove("pencil", "ann", challenged, "biws")))
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @Conformance("AUTH-SCRAM-12")
  @ValueSource(strings = {"pencils", "Pencil", ""})
  void anotherPasswordIsDenied(String password) throws Exception {
    Challenged challenged = challenge("ann");
    isDenied(show(challenged, prove(password, "ann", challenged, "biws")));
  }

  /** Base64 that is not canonical would be another text for the same proof (AUTH-SCRAM-15). */
  @ParameterizedTest
  @Conformance({"AUTH-SCRAM-11", "AUTH-SCRAM-15"})
  @ValueSource(
      strings = {
        "",
        "L1uw",
        "L1uwjEEL7BdbtlWMKxNcQ1A/CmNjct+7xdAguB/rpnA",
        "L1uwjEEL7BdbtlWMKxNcQ1A/CmNjct+7xdAguB/rpnB=",
        " L1uwjEEL7BdbtlWMKxNcQ1A/CmNjct+7xdAguB/rpnA=",
        "L1uwjEEL7BdbtlWMKxNcQ1A_CmNjct-7xdAguB_rpnA=",
        "L1uwjEEL7BdbtlWMKxNcQ1A/CmNjct+7xdAguB/rpnAA",
        "0fCr7EYY8YwoS0VQMtES7YBGB7DlELfCsFIeOvlTzkc=" // the stored key itself
      })
  void whatIsNotThatProofIsDenied(String proof) {
    isDenied(show(challenge("user"), proof));
  }

  @Test
  @Conformance("AUTH-SCRAM-12")
  void whatIsRepeatedMustBeWhatWasSaid() throws Exception {
    Challenged challenged = challenge("user");
    String proof = prove("pencil", "user", challenged, "biws");
    for (Map<String, @Nullable Object> wrong :
        List.of(
            extra(CLIENT_NONCE, null, null),
            extra(NONCE + "A", null, null),
            extra(null, null, null),
            extra(NONCE, "tls-unique", null),
            extra(NONCE, null, "AAAA"))) {
      isDenied(challenged.verifier().verify(new Authenticate(proof, wrong)));
    }
    assertThat(challenged.verifier().verify(new Authenticate(proof, Map.of("nonce", NONCE))))
        .as("what is null may be absent")
        .isInstanceOf(Accepted.class);
  }

  @Test
  @Conformance("AUTH-SCRAM-09")
  void commaAndEqualsSignOfANameAreEscaped() throws Exception {
    Challenged challenged = challenge("a,b=c");
    assertThat(show(challenged, prove("pencil", "a=2Cb=3Dc", challenged, "biws")))
        .isInstanceOf(Accepted.class);
    isDenied(show(challenged, prove("pencil", "a,b=c", challenged, "biws")));
  }

  @Test
  @Conformance("AUTH-SCRAM-15")
  void nameIsComparedBySaslPrep() throws Exception {
    Challenged challenged = challenge("u\u00adser"); // a soft hyphen maps to nothing
    assertThat(show(challenged, prove("pencil", "user", challenged, "biws")))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.principal().authid()).isEqualTo("user"));
    assertThat(begin(PLAIN, hello("us\u0007er", "nonce", CLIENT_NONCE)))
        .isInstanceOf(Refused.class);
  }

  @Test
  @Conformance("AUTH-SCRAM-02")
  void helloNeedsAnAuthidAndANonce() {
    assertThat(begin(PLAIN, hello(null, "nonce", CLIENT_NONCE))).isInstanceOf(Refused.class);
    assertThat(begin(PLAIN, Options.of(Keys.AUTHID, "user"))).isInstanceOf(Refused.class);
    for (Object nonce : new Object[] {"", "short", "with,comma=", "with blank=", 12345678L}) {
      assertThat(begin(PLAIN, hello("user", "nonce", nonce))).isInstanceOf(Refused.class);
    }
  }

  // ---- channel binding ----

  private static final byte[] CHANNEL = {1, 2, 3, 4, 5};

  private static Evidence tls(TlsPeer.Binding type, byte[] octets) {
    TlsPeer peer =
        new TlsPeer() {
          @Override
          public List<X509Certificate> certificates() {
            return List.of();
          }

          @Override
          public byte @Nullable [] binding(Binding asked) {
            return asked == type ? octets : null;
          }
        };
    return Clients.evidence("10.0.0.1:4711", true, peer, null);
  }

  @Test
  @Conformance({"AUTH-SCRAM-10", "AUTH-SCRAM-16"})
  void proofMayBeBoundToItsChannel() throws Exception {
    String type = "tls-server-end-point";
    String data = Base64.getEncoder().encodeToString(CHANNEL);
    String cbind =
        Base64.getEncoder()
            .encodeToString(("p=" + type + ",,\1\2\3\4\5").getBytes(StandardCharsets.US_ASCII));
    Challenged challenged =
        (Challenged)
            begin(
                tls(TlsPeer.Binding.TLS_SERVER_END_POINT, CHANNEL),
                hello("user", "nonce", CLIENT_NONCE, "channel_binding", type));
    Authenticate good =
        new Authenticate(prove("pencil", "user", challenged, cbind), extra(NONCE, type, data));
    assertThat(challenged.verifier().verify(good)).isInstanceOf(Accepted.class);
    isDenied(
        challenged.verifier().verify(new Authenticate(good.signature(), extra(NONCE, type, null))));
    isDenied(
        challenged
            .verifier()
            .verify(new Authenticate(good.signature(), extra(NONCE, type, "AQIDBAY="))));
    isDenied(
        challenged.verifier().verify(new Authenticate(good.signature(), extra(NONCE, null, null))));
    isDenied(
        challenged
            .verifier()
            .verify(
                new Authenticate(
                    prove("pencil", "user", challenged, "biws"), extra(NONCE, type, data))));
  }

  @Test
  @Conformance("AUTH-SCRAM-03")
  void bindingThatIsNotThereIsRefused() {
    for (Object type : new Object[] {"tls-unique", "tls-exporter", "", "nonsense", 1L}) {
      for (Evidence evidence : List.of(PLAIN, tls(TlsPeer.Binding.TLS_SERVER_END_POINT, CHANNEL))) {
        assertThat(begin(evidence, hello("user", "nonce", CLIENT_NONCE, "channel_binding", type)))
            .isInstanceOf(Refused.class);
      }
    }
  }

  // ---- the unknown ----

  @Test
  @Conformance({"AUTH-06", "AUTH-SCRAM-04"})
  void whetherAnAuthidIsKnownCannotBeTold() throws Exception {
    Challenged unknown = challenge("jane");
    assertThat(unknown.message().extra().keySet())
        .isEqualTo(challenge("user").message().extra().keySet());
    assertThat(unknown.message().extra().get("kdf")).isIn("pbkdf2", "argon2id13");
    Object salt = unknown.message().extra().get("salt");
    assertThat((String) salt).hasSameSizeAs("aBc+fx0NAVA=").isNotEqualTo("aBc+fx0NAVA=");
    assertThat(challenge("jane").message().extra()).as("always").containsEntry("salt", salt);
    assertThat(challenge("jill").message().extra().get("salt")).isNotEqualTo(salt);
    isDenied(show(unknown, prove("pencil", "jane", unknown, "biws")));
    isDenied(show(unknown, ""));
  }

  @Test
  void noncesAreFresh() {
    ScramAuthenticator fresh =
        new ScramAuthenticator(Map.of("user", new Holder("guest", PENCIL)), null);
    AuthRequest request = new AuthRequest("realm1", hello("user", "nonce", CLIENT_NONCE), 7, PLAIN);
    Object[] nonces = new Object[2];
    for (int i = 0; i < nonces.length; i++) {
      nonces[i] = ((Challenged) fresh.begin(request)).message().extra().get("nonce");
    }
    assertThat((String) nonces[0])
        .startsWith(CLIENT_NONCE)
        .hasSizeGreaterThan(CLIENT_NONCE.length() + 20)
        .isNotEqualTo(nonces[1]);
  }

  @Test
  void recordIsNeverPrinted() {
    assertThat(new Holder("guest", PENCIL).toString()).doesNotContain("0fCr7E", "aCtxeI");
  }
}
