package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.DynamicAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator.Source;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.credentials.Hashes;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.login.Login;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients prove secrets that only a procedure on another node knows of. */
class DynamicSecretsTest {

  private static final Evidence PLAIN = Clients.evidence("10.0.0.1:4711", false, null, null);
  private static final Source SOURCE =
      new Source.Procedure(World.OTHER_REALM, "com.judge", Duration.ofSeconds(2));
  private static final Base64.Encoder BASE64 = Base64.getEncoder();
  private static final HexFormat HEX = HexFormat.of();

  private static final String PRIVATE_KEY =
      "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";
  private static final String KEY =
      "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";
  private static final String OTHER_PRIVATE_KEY =
      "d511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd";
  private static final String OTHER_KEY =
      "6ed32739ff04a6074044ff0b0e3bfc7c856bc9d5f1d25efc57363bda0af3a8b0";

  private static final byte[] SALT = HEX.parseHex("00112233445566778899aabbccddeeff");
  private static final ScramRecord RECORD =
      ScramRecord.of(
          Kdf.PBKDF2, 4096, 0, SALT, Kdf.PBKDF2.stretch("pencil", SALT, 4096, 0, Hashes.LENGTH));

  private final World world =
      new World(
          2,
          2,
          1,
          realm ->
              realm.authentication =
                  Clients.authentication(
                      List.of(
                          DynamicAuthenticator.wampCra(SOURCE, () -> Instant.EPOCH),
                          DynamicAuthenticator.scram(SOURCE),
                          DynamicAuthenticator.cryptosign(SOURCE)),
                      Set.of("user"),
                      new AuthPool()));

  private String answer = "";

  DynamicSecretsTest() {
    world.serveMeta();
  }

  private TestClient judge() {
    TestClient judge =
        world.join(world.nodes.get(1), 1, client -> client.realmName = World.OTHER_REALM);
    judge.registers("com.judge");
    judge.listener =
        message -> {
          if (message instanceof Invocation invocation) {
            String said =
                answer.startsWith("[")
                    ? "[70," + invocation.request() + ",{}," + answer + "]"
                    : "[8,68," + invocation.request() + ",{}," + answer + "]";
            judge.lane.execute(() -> judge.says(said));
          }
        };
    return judge;
  }

  /** Somebody who wants to come in. */
  private final class Newcomer implements Login.Client {
    final List<Map<String, @Nullable Object>> challenges = new ArrayList<>();
    final Login login;
    private final Function<Map<String, @Nullable Object>, Authenticate> proof;
    @Nullable Principal principal;
    @Nullable String refusal;

    Newcomer(
        String method,
        Options details,
        Function<Map<String, @Nullable Object>, Authenticate> proof) {
      this.proof = proof;
      Lane lane = world.nodes.get(0).lanes.get(0);
      this.login = new Login(lane, PLAIN, Duration.ofSeconds(5), this);
      lane.execute(() -> login.begin(World.REALM, details.with(Keys.AUTHMETHODS, List.of(method))));
      world.stirred();
    }

    @Override
    public void challenged(Challenge challenge) {
      challenges.add(challenge.extra());
      login.prove(proof.apply(challenge.extra()));
    }

    @Override
    public void accepted(Realm realm, long session, Principal who) {
      principal = who;
      world.nodes.get(0).router.sessionIds().release(session);
    }

    @Override
    public void refused(String reason, String message) {
      refusal = reason + ": " + message;
    }
  }

  private static final Options JOE = Options.of(Keys.AUTHID, "joe");

  private Newcomer cra(String password) {
    return new Newcomer("wampcra", JOE, extra -> Proofs.cra(password, extra));
  }

  private Newcomer scram(String password) {
    return new Newcomer(
        "wamp-scram",
        JOE.with(Keys.AUTHEXTRA, Map.of("nonce", Proofs.NONCE)),
        extra -> Proofs.scram("joe", password, extra));
  }

  private Newcomer cryptosign(Options details, String seed) {
    return new Newcomer("cryptosign", details, extra -> Proofs.cryptosign(seed, extra));
  }

  private static Options key(String key) {
    return Options.of(Keys.AUTHEXTRA, Map.of("pubkey", key));
  }

  private static Principal joe(String method, @Nullable Map<String, @Nullable Object> extra) {
    return new Principal("realm1", "joe", "user", method, "dynamic", extra);
  }

  // ---- WAMP-CRA ----

  @Test
  @Conformance("AUTH-12")
  void craClientProvesTheSecretThatTheProcedureTells() {
    try (world) {
      judge();
      answer = "[{'role':'user','secret':'secret1'}]";
      Newcomer right = cra("secret1");
      assertThat(right.principal).isEqualTo(joe("wampcra", null));
      assertThat(right.challenges)
          .singleElement()
          .satisfies(
              extra -> {
                assertThat(extra).containsOnlyKeys("challenge");
                assertThat((String) extra.get("challenge"))
                    .contains("\"authprovider\":\"dynamic\"", "\"authrole\":\"user\"");
              });
      assertThat(cra("secret2").refusal)
          .isEqualTo("wamp.error.authentication_denied: the authid or the secret is wrong");
    }
  }

  @Test
  void craSaltIsTheProceduresWithTheDefaultsOfClients() {
    try (world) {
      judge();
      String derived =
          BASE64.encodeToString(
              Kdf.PBKDF2.stretch("pencil", Hashes.utf8("salt of joe"), 1_000, 0, 32));
      answer = "[{'role':'user','secret':'" + derived + "','salt':'salt of joe'}]";
      Newcomer right = cra("pencil");
      assertThat(right.principal).isEqualTo(joe("wampcra", null));
      assertThat(right.challenges.get(0))
          .containsEntry("salt", "salt of joe")
          .containsEntry("iterations", 1_000L)
          .containsEntry("keylen", 32L);
      assertThat(cra("pen").refusal).startsWith("wamp.error.authentication_denied");
    }
  }

  // ---- SCRAM ----

  static Stream<String> records() {
    String hex =
        "'salt':'%s','stored-key':'%s','server-key':'%s'"
            .formatted(
                HEX.formatHex(SALT),
                HEX.formatHex(RECORD.storedKey()),
                HEX.formatHex(RECORD.serverKey()));
    String base64 =
        "'salt':'%s','stored_key':'%s','server_key':'%s'"
            .formatted(
                BASE64.encodeToString(SALT),
                BASE64.encodeToString(RECORD.storedKey()),
                BASE64.encodeToString(RECORD.serverKey()));
    return Stream.of(
        "'record':'" + RECORD.text() + "'",
        "'kdf':'pbkdf2','iterations':4096," + hex,
        "'kdf':'pbkdf2','iterations':4096,'memory':null," + base64);
  }

  @ParameterizedTest
  @MethodSource("records")
  @Conformance("AUTH-12")
  void scramClientProvesThePasswordOfTheRecordThatTheProcedureTells(String record) {
    try (world) {
      judge();
      answer = "[{'role':'user'," + record + "}]";
      Newcomer right = scram("pencil");
      assertThat(right.refusal).isNull();
      assertThat(right.principal)
          .extracting(Principal::authid, Principal::authmethod, Principal::authprovider)
          .containsExactly("joe", "wamp-scram", "dynamic");
      assertThat(right.principal.authextra()).containsOnlyKeys("verifier");
      assertThat(scram("pen").refusal)
          .isEqualTo("wamp.error.authentication_denied: the authid or the password is wrong");
    }
  }

  // ---- Cryptosign ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'pubkey':'" + KEY + "'",
        "'authorized_keys':['" + OTHER_KEY + "','" + KEY + "']",
        "'pubkey':'" + OTHER_KEY + "','authorized_keys':['" + KEY + "']"
      })
  @Conformance("AUTH-12")
  void cryptosignClientSignsWithAKeyThatTheProcedureTells(String keys) {
    try (world) {
      judge();
      answer = "[{'role':'user'," + keys + "}]";
      assertThat(cryptosign(JOE.with(Keys.AUTHEXTRA, Map.of("pubkey", KEY)), PRIVATE_KEY).principal)
          .isEqualTo(joe("cryptosign", null));
      String denied = "wamp.error.authentication_denied: the authid, the key or the signature";
      assertThat(cryptosign(JOE.with(Keys.AUTHEXTRA, Map.of("pubkey", KEY)), OTHER_PRIVATE_KEY))
          .extracting(newcomer -> newcomer.refusal)
          .asString()
          .startsWith(denied);
    }
  }

  /** The procedure finds out by the key who it is. */
  @Test
  void cryptosignClientWithoutAuthidIsWhoTheProcedureSays() {
    try (world) {
      TestClient judge = judge();
      answer = "[{'role':'user','authid':'jo','pubkey':'" + KEY.toUpperCase(Locale.ROOT) + "'}]";
      assertThat(cryptosign(key(KEY), PRIVATE_KEY).principal)
          .isEqualTo(new Principal("realm1", "jo", "user", "cryptosign", "dynamic", null));
      assertThat(judge.hears()).last().asString().contains("'realm1',null,", KEY);
      answer = "[{'role':'user','pubkey':'" + OTHER_KEY + "'}]";
      assertThat(cryptosign(key(KEY), PRIVATE_KEY).refusal)
          .startsWith("wamp.error.authentication_denied");
    }
  }

  /** Nobody has verified them, and a procedure that wants to can. */
  @Test
  void cryptosignClientsCertificatesAreForTheProcedure() {
    try (world) {
      TestClient judge = judge();
      answer = "[{'role':'user','authid':'jo','pubkey':'" + KEY + "'}]";
      Map<String, @Nullable Object> extra =
          Map.of("pubkey", KEY, "certificates", List.of(List.of(Map.of("a", 1L), "signed")));
      assertThat(cryptosign(Options.of(Keys.AUTHEXTRA, extra), PRIVATE_KEY).principal)
          .isEqualTo(new Principal("realm1", "jo", "user", "cryptosign", "dynamic", null));
      assertThat(judge.hears()).last().asString().contains("'certificates':[[{'a':1},'signed']]");
    }
  }

  // ---- what goes wrong ----

  private List<Newcomer> each() {
    return List.of(cra("pencil"), scram("pencil"), cryptosign(key(KEY), PRIVATE_KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wamp.error.no_such_principal",
        "wamp.error.authentication_denied",
        "com.example.banned"
      })
  @Conformance("AUTH-12")
  void errorOfTheProcedureBecomesTheReasonAndNothingIsChallenged(String error) {
    try (world) {
      judge();
      answer = "'" + error + "',['not you']";
      assertThat(each())
          .allSatisfy(
              newcomer -> {
                assertThat(newcomer.refusal).isEqualTo(error + ": not you");
                assertThat(newcomer.challenges).isEmpty();
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'wamp.error.runtime_error',['SQL of the secret table']",
        "['user']",
        "[{'role':'user'}]",
        "[{'role':'user','secret':'','pubkey':'','record':''}]",
        "[{'role':'user','secret':12345678,'pubkey':1,'record':2}]",
        "[{'role':'user','secret':'pencil','salt':'','pubkey':'zz','record':'kdf=none'}]",
        "[{'role':'user','secret':'no key','salt':'a','authorized_keys':[]}]",
        "[{'role':'user','secret':'AAAA','salt':'a','authorized_keys':[1]}]",
        "[{'role':'user','secret':'pencil','iterations':0,'authorized_keys':{}}]",
        "[{'role':'user','secret':'pencil','keylen':1e9,'kdf':'pbkdf2','salt':'00',"
            + "'stored-key':'00','server-key':'00','iterations':1}]",
        // A key of small order, with which anybody could sign.
        "[{'role':'user','secret':'pencil','iterations':'many','pubkey':"
            + "'0100000000000000000000000000000000000000000000000000000000000000'}]"
      })
  void nonsenseOfTheProcedureIsAFailureThatTellsTheClientNothing(String nonsense) {
    try (world) {
      judge();
      answer = nonsense;
      assertThat(each())
          .allSatisfy(
              newcomer -> {
                assertThat(newcomer.refusal)
                    .isEqualTo(
                        "wamp.error.authentication_failed: authentication could not be done");
                assertThat(newcomer.challenges).isEmpty();
              });
    }
  }

  @Test
  void whatAMethodNeedsIsAskedForBeforeTheProcedure() {
    try (world) {
      TestClient judge = judge();
      for (String method : List.of("wampcra", "wamp-scram", "cryptosign")) {
        Newcomer nobody = new Newcomer(method, Options.EMPTY, extra -> new Authenticate("", extra));
        assertThat(nobody.refusal).startsWith("wamp.error.authentication_denied");
      }
      Newcomer withoutNonce = new Newcomer("wamp-scram", JOE, extra -> new Authenticate("", extra));
      assertThat(withoutNonce.refusal).contains("authextra.nonce");
      assertThat(judge.hears()).isEmpty();
    }
  }
}
