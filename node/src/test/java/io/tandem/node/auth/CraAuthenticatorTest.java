package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.CraAuthenticator.Holder;
import io.tandem.node.auth.CraAuthenticator.Salting;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CraAuthenticatorTest {

  private static final Evidence PLAIN = Clients.evidence("10.0.0.1:4711", false, null, null);
  private static final Instant NOW = Instant.parse("2014-06-22T16:36:25.448123Z");

  /** Of the catalogue's known answers. */
  private static final String CHALLENGE =
      "{\"authid\":\"peter\",\"authmethod\":\"wampcra\",\"authprovider\":\"userdb\","
          + "\"authrole\":\"user\",\"nonce\":\"LHRTC9zeOIrt_9U3\",\"session\":3251278072152162,"
          + "\"timestamp\":\"2014-06-22T16:36:25.448Z\"}";

  private static final String DERIVED = "64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=";
  private static final Salting SALTING = new Salting("salt123", 1000, 32);

  private final CraAuthenticator method =
      method(
          Map.of(
              "peter", new Holder("user", "secret1", null),
              "ann", new Holder("boss", DERIVED, SALTING)));

  private static CraAuthenticator method(Map<String, Holder> holders) {
    return new CraAuthenticator(holders, null, () -> NOW);
  }

  private static AuthRequest hello(Options details) {
    return new AuthRequest("realm1", details, 7, PLAIN);
  }

  private Challenged challenge(CraAuthenticator asked, String authid) {
    return (Challenged) asked.begin(hello(Options.of(Keys.AUTHID, authid)));
  }

  private static String text(Challenged challenged) {
    return (String) challenged.message().extra().get("challenge");
  }

  private static JsonNode fields(Challenged challenged) throws Exception {
    return new ObjectMapper().readTree(text(challenged));
  }

  private static AuthAnswer show(Challenged challenged, String signature) {
    return challenged.verifier().verify(new Authenticate(signature, Map.of()));
  }

  /** What a client does, told apart from what the node does. */
  private static String sign(String key, String challenge) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return Base64.getEncoder()
        .encodeToString(mac.doFinal(challenge.getBytes(StandardCharsets.UTF_8)));
  }

  private static String derive(String password, Map<String, ?> extra) throws Exception {
    String salt = (String) extra.get("salt");
    PBEKeySpec spec =
        new PBEKeySpec(
            password.toCharArray(),
            salt.getBytes(StandardCharsets.UTF_8),
            ((Long) extra.get("iterations")).intValue(),
            8 * ((Long) extra.get("keylen")).intValue());
    return Base64.getEncoder()
        .encodeToString(
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded());
  }

  @Test
  @Conformance({"AUTH-CRA-03", "AUTH-CRA-04", "AUTH-CRA-06"})
  void knownAnswersAreKnown() throws Exception {
    byte[] secret = "secret1".getBytes(StandardCharsets.UTF_8);
    assertThat(CraAuthenticator.signature(secret, CHALLENGE))
        .isEqualTo(sign("secret1", CHALLENGE))
        .isEqualTo("BYVh7M6NHlGArq64yJRK3dTB8MLMXMTMJX4+4QxoSzY=");
    byte[] derived = DERIVED.getBytes(StandardCharsets.US_ASCII);
    assertThat(CraAuthenticator.signature(derived, CHALLENGE))
        .isEqualTo("Gak8qN1w4Awhh87h9VseEF/GoI/YnebuA68Q2cmiSHo=");
    assertThat(derive("secret1", challenge(method, "ann").message().extra()))
        .as("of the same password")
        .isEqualTo(DERIVED);
  }

  @Test
  @Conformance({"AUTH-CRA-02", "AUTH-CRA-07", "AUTH-CRA-09"})
  void whoSignsItsChallengeIsAccepted() throws Exception {
    Challenged challenged = challenge(method, "peter");
    assertThat(challenged.message().method()).isEqualTo("wampcra");
    assertThat(challenged.message().extra()).containsOnlyKeys("challenge");
    JsonNode fields = fields(challenged);
    assertThat(fields.get("authid").textValue()).isEqualTo("peter");
    assertThat(fields.get("authrole").textValue()).isEqualTo("user");
    assertThat(fields.get("authmethod").textValue()).isEqualTo("wampcra");
    assertThat(fields.get("authprovider").textValue()).isEqualTo("static");
    assertThat(fields.get("nonce").textValue()).hasSize(24);
    assertThat(fields.get("timestamp").textValue()).isEqualTo("2014-06-22T16:36:25.448Z");
    assertThat(fields.get("session").longValue()).isEqualTo(7);
    assertThat(show(challenged, sign("secret1", text(challenged))))
        .isEqualTo(
            new Accepted(new Principal("realm1", "peter", "user", "wampcra", "static", null)));
  }

  @Test
  @Conformance({"AUTH-CRA-05", "AUTH-CRA-06"})
  void passwordThatIsSaltedIsDerivedByTheClient() throws Exception {
    Challenged challenged = challenge(method, "ann");
    assertThat(challenged.message().extra())
        .containsEntry("salt", "salt123")
        .containsEntry("iterations", 1000L)
        .containsEntry("keylen", 32L);
    String key = derive("secret1", challenged.message().extra());
    assertThat(show(challenged, sign(key, text(challenged)))).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @Conformance("AUTH-CRA-07")
  @ValueSource(strings = {"", "secret2", "Secret1", "secret1 "})
  void whoSignsWithAnotherSecretIsNot(String secret) throws Exception {
    Challenged challenged = challenge(method, "peter");
    String signature = secret.isEmpty() ? "" : sign(secret, text(challenged));
    assertThat(show(challenged, signature))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("wamp.error.authentication_denied"));
  }

  @Test
  @Conformance("AUTH-CRA-08")
  void signatureOfAnEarlierChallengeIsWorthNothing() throws Exception {
    String earlier = sign("secret1", text(challenge(method, "peter")));
    assertThat(show(challenge(method, "peter"), earlier)).isInstanceOf(Refused.class);
    assertThat(show(challenge(method, "ann"), earlier)).isInstanceOf(Refused.class);
  }

  @Test
  @Conformance("AUTH-CRA-01")
  void helloWithoutAnAuthidIsRefused() {
    assertThat(method.begin(hello(Options.EMPTY))).isInstanceOf(Refused.class);
    assertThat(method.begin(hello(Options.of(Keys.AUTHID, "a".repeat(257)))))
        .isInstanceOf(Refused.class);
  }

  /** Every field is one that somebody known might have, and the same whenever it is asked for. */
  @Test
  @Conformance("AUTH-06")
  void whetherAnAuthidIsKnownCannotBeTold() throws Exception {
    CraAuthenticator salted =
        method(
            Map.of(
                "ann",
                    new Holder("boss", DERIVED, new Salting("5mc7fyUDlwUbe5cH5OaAJw==", 2000, 16)),
                "joe",
                    new Holder(
                        "boss", DERIVED, new Salting("g9Tn0LjZ2cX0f0Z4o5kq1A==", 2000, 16))));
    Challenged known = challenge(salted, "ann");
    Challenged unknown = challenge(salted, "jane");
    assertThat(unknown.message().extra().keySet()).isEqualTo(known.message().extra().keySet());
    assertThat(fields(unknown).fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> knownNames(known));
    assertThat(fields(unknown).get("authrole").textValue()).isEqualTo("boss");
    assertThat(unknown.message().extra())
        .containsEntry("iterations", 2000L)
        .containsEntry("keylen", 16L);
    String salt = (String) unknown.message().extra().get("salt");
    assertThat(salt).matches("[A-Za-z0-9+/]{22}==").isNotEqualTo("5mc7fyUDlwUbe5cH5OaAJw==");
    assertThat(challenge(salted, "jane").message().extra()).containsEntry("salt", salt);
    assertThat(challenge(salted, "jill").message().extra().get("salt")).isNotEqualTo(salt);
    String wrong = sign("wrong secret", "whatever");
    assertThat(show(unknown, wrong)).isEqualTo(show(known, wrong)).isInstanceOf(Refused.class);
    assertThat(show(challenge(salted, "jane"), sign(DERIVED, text(unknown))))
        .isInstanceOf(Refused.class);
  }

  private static java.util.Iterator<String> knownNames(Challenged known) {
    try {
      return fields(known).fieldNames();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nodesWithOneDecoySecretTellTheUnknownTheSame() {
    Map<String, Holder> holders = Map.of("ann", new Holder("boss", DERIVED, SALTING));
    Object[] salts = new Object[3];
    String[] secrets = {"a secret of decoys", "a secret of decoys", "another secret"};
    for (int i = 0; i < salts.length; i++) {
      CraAuthenticator node = new CraAuthenticator(holders, secrets[i], () -> NOW);
      salts[i] = challenge(node, "jane").message().extra().get("salt");
    }
    assertThat(salts[0]).isEqualTo(salts[1]).isNotEqualTo(salts[2]);
    assertThat((String) salts[0]).as("as long as the known ones").hasSize(7);
  }

  @Test
  void textOfTheClientStaysOneTextInTheChallenge() throws Exception {
    String authid = "a\",\"authrole\":\"boss\\\n\u2028";
    assertThat(fields(challenge(method, authid)).get("authid").textValue()).isEqualTo(authid);
    assertThat(fields(challenge(method, authid)).size()).isEqualTo(7);
  }

  @Test
  void secretIsNeverPrinted() {
    assertThat(new Holder("user", "secret1", SALTING).toString()).doesNotContain("secret1");
  }
}
