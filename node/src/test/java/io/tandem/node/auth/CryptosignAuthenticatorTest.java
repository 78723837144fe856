package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.CryptosignAuthenticator.Holder;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CryptosignAuthenticatorTest {

  private static final HexFormat HEX = HexFormat.of();

  private static final String JOE_PRIVATE =
      "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";
  private static final String JOE =
      "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";
  private static final String ANN_PRIVATE =
      "d511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd";
  private static final String ANN =
      "6ed32739ff04a6074044ff0b0e3bfc7c856bc9d5f1d25efc57363bda0af3a8b0";
  private static final String SHARED_PRIVATE =
      "6e1fde9cf9e2359a87420b65a87dc0c66136e66945196ba2475990d8a0c3a25b";
  private static final String SHARED =
      "28e11f427b82b9a625ee7ac89a7d29326b505f2dc11dd88c1245f83b6da79a85";

  private static final byte[] CHANNEL =
      HEX.parseHex("62e935ae755f3d48f80d4d59f6121358c435722a67e859cc0caa8b539027f2ff");

  private static final Evidence PLAIN = Clients.evidence("10.0.0.1:4711", false, null, null);

  private final CryptosignAuthenticator method =
      new CryptosignAuthenticator(
          Map.of(
              "joe", new Holder("user", List.of(JOE)),
              "ann", new Holder("boss", List.of(ANN, SHARED)),
              "jim", new Holder("user", List.of(SHARED))));

  private static final Accepted JOE_IS_IN =
      new Accepted(new Principal("realm1", "joe", "user", "cryptosign", "static", null));

  private static Evidence bound(byte @Nullable [] exporter) {
    TlsPeer peer =
        new TlsPeer() {
          @Override
          public List<X509Certificate> certificates() {
            return List.of();
          }

          @Override
          public byte @Nullable [] binding(Binding type) {
            return type == Binding.TLS_EXPORTER ? exporter : null;
          }
        };
    return Clients.evidence("10.0.0.1:4711", true, peer, null);
  }

  private AuthAnswer begin(Evidence evidence, @Nullable String authid, Object... extra) {
    Map<String, @Nullable Object> authextra = new HashMap<>();
    for (int i = 0; i < extra.length; i += 2) {
      authextra.put((String) extra[i], extra[i + 1]);
    }
    Options details = Options.of(Keys.AUTHEXTRA, authextra);
    return method.begin(
        new AuthRequest(
            "realm1", authid == null ? details : details.with(Keys.AUTHID, authid), 7, evidence));
  }

  private Challenged challenge(@Nullable String authid, Object... extra) {
    return (Challenged) begin(PLAIN, authid, extra);
  }

  private static byte[] octets(Challenged challenged) {
    return HEX.parseHex((String) challenged.message().extra().get("challenge"));
  }

  /** What a client does. */
  private static String sign(String privateKey, byte[] message) throws Exception {
    PrivateKey key =
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(
                new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HEX.parseHex(privateKey)));
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(key);
    signer.update(message);
    return HEX.formatHex(signer.sign()) + HEX.formatHex(message);
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] both = one.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] ^= other[i];
    }
    return both;
  }

  private static AuthAnswer show(Challenged challenged, String signature) {
    return challenged.verifier().verify(new Authenticate(signature, Map.of()));
  }

  private static void isDenied(AuthAnswer answer) {
    assertThat(answer)
        .isEqualTo(
            new Refused(
                "wamp.error.authentication_denied",
                "the authid, the key or the signature is wrong"));
  }

  @Test
  @Conformance({"AUTH-CS-01", "AUTH-CS-05", "AUTH-CS-12"})
  void whoSignsItsChallengeIsAccepted() throws Exception {
    Challenged challenged = challenge("joe", "pubkey", JOE, "channel_binding", null);
    assertThat(challenged.message().method()).isEqualTo("cryptosign");
    assertThat(challenged.message().extra())
        .containsOnlyKeys("challenge", "channel_binding")
        .containsEntry("channel_binding", null);
    assertThat((String) challenged.message().extra().get("challenge")).matches("[0-9a-f]{64}");
    assertThat(octets(challenge("joe", "pubkey", JOE)))
        .as("another each time")
        .isNotEqualTo(octets(challenged));
    assertThat(show(challenged, sign(JOE_PRIVATE, octets(challenged)))).isEqualTo(JOE_IS_IN);
  }

  @Test
  @Conformance({"AUTH-CS-03", "AUTH-CS-04"})
  void keyAloneSaysWhoItIsUnlessSeveralHaveIt() throws Exception {
    Challenged joe = challenge(null, "pubkey", JOE.toUpperCase(java.util.Locale.ROOT));
    assertThat(show(joe, sign(JOE_PRIVATE, octets(joe)))).isEqualTo(JOE_IS_IN);
    Challenged shared = challenge(null, "pubkey", SHARED);
    isDenied(show(shared, sign(SHARED_PRIVATE, octets(shared))));
    for (String authid : List.of("ann", "jim")) {
      Challenged named = challenge(authid, "pubkey", SHARED);
      assertThat(show(named, sign(SHARED_PRIVATE, octets(named)))).isInstanceOf(Accepted.class);
    }
    Challenged other = challenge("joe", "pubkey", ANN);
    isDenied(show(other, sign(ANN_PRIVATE, octets(other))));
    Challenged own = challenge("joe", "pubkey", ANN);
    isDenied(show(own, sign(JOE_PRIVATE, octets(own))));
  }

  @Test
  @Conformance("AUTH-CS-02")
  void keyMayBeLeftOutWhereTheAuthidHasOneOnly() throws Exception {
    Challenged joe = challenge("joe");
    assertThat(show(joe, sign(JOE_PRIVATE, octets(joe)))).isEqualTo(JOE_IS_IN);
    Challenged ann = challenge("ann");
    isDenied(show(ann, sign(ANN_PRIVATE, octets(ann))));
    assertThat(begin(PLAIN, null)).isInstanceOf(Refused.class);
    for (Object wrong :
        new Object[] {"", JOE.substring(1), JOE + "0", "z" + JOE.substring(1), 7L}) {
      assertThat(begin(PLAIN, "joe", "pubkey", wrong)).isInstanceOf(Refused.class);
    }
  }

  @Test
  @Conformance({"AUTH-CS-07", "AUTH-CS-08"})
  void signatureOfAnythingElseIsWorthNothing() throws Exception {
    Challenged earlier = challenge("joe", "pubkey", JOE);
    String old = sign(JOE_PRIVATE, octets(earlier));
    isDenied(show(challenge("joe", "pubkey", JOE), old));

    Challenged challenged = challenge("joe", "pubkey", JOE);
    String good = sign(JOE_PRIVATE, octets(challenged));
    isDenied(show(challenged, old.substring(0, 128) + good.substring(128)));
    isDenied(show(challenged, good.substring(0, 128) + old.substring(128)));
    isDenied(show(challenged, good.substring(0, 128)));
    isDenied(show(challenged, good + "00"));
    isDenied(show(challenged, good.substring(0, 190) + "zz"));
    isDenied(show(challenged, ""));
    isDenied(show(challenged, sign(ANN_PRIVATE, octets(challenged))));
    assertThat(show(challenged, good)).isEqualTo(JOE_IS_IN);
  }

  @Test
  @Conformance({"AUTH-CS-06", "AUTH-CS-11"})
  void boundToItsChannelTheMessageIsAnother() throws Exception {
    Evidence here = bound(CHANNEL);
    Object[] extra = {"pubkey", JOE, "channel_binding", "tls-exporter"};
    Challenged challenged = (Challenged) begin(here, "joe", extra);
    assertThat(challenged.message().extra()).containsEntry("channel_binding", "tls-exporter");
    isDenied(show(challenged, sign(JOE_PRIVATE, octets(challenged))));
    byte[] elsewhere = CHANNEL.clone();
    elsewhere[0]++;
    isDenied(show(challenged, sign(JOE_PRIVATE, xor(octets(challenged), elsewhere))));
    assertThat(show(challenged, sign(JOE_PRIVATE, xor(octets(challenged), CHANNEL))))
        .isEqualTo(JOE_IS_IN);
  }

  @Test
  @Conformance("AUTH-CS-10")
  void bindingThatThePlatformDoesNotHaveIsToldAndAnotherRefused() throws Exception {
    for (Evidence evidence : List.of(PLAIN, bound(null))) {
      for (String type : List.of("tls-exporter", "tls-unique")) {
        Challenged unbound =
            (Challenged) begin(evidence, "joe", "pubkey", JOE, "channel_binding", type);
        assertThat(unbound.message().extra()).containsEntry("channel_binding", null);
        assertThat(show(unbound, sign(JOE_PRIVATE, octets(unbound)))).isEqualTo(JOE_IS_IN);
      }
      for (Object type : new Object[] {"tls-server-end-point", "none", "", true}) {
        assertThat(begin(evidence, "joe", "pubkey", JOE, "channel_binding", type))
            .isInstanceOf(Refused.class);
      }
    }
  }

  // ---- the router proves itself ----

  private static final String ROUTER_PRIVATE = ANN_PRIVATE;
  private static final String ROUTER = ANN;

  private Map<String, @Nullable Object> routerTells(Evidence evidence, Object... extra) {
    CryptosignAuthenticator proving =
        new CryptosignAuthenticator(
            Map.of("joe", new Holder("user", List.of(JOE))),
            Map.of(),
            Ed25519.Pair.of(HEX.parseHex(ROUTER_PRIVATE)));
    Map<String, @Nullable Object> authextra = new HashMap<>(Map.of("pubkey", JOE));
    for (int i = 0; i < extra.length; i += 2) {
      authextra.put((String) extra[i], extra[i + 1]);
    }
    AuthRequest request =
        new AuthRequest("realm1", Options.of(Keys.AUTHEXTRA, authextra), 7, evidence);
    return new HashMap<>(((Challenged) proving.begin(request)).message().extra());
  }

  /** The catalogue's own. */
  @Test
  @Conformance("AUTH-CS-09")
  void routerAnswersTheClientsChallengeAsKnown() {
    String challenge = "b26c1f87c13fc1da14997f1b5a71995dff8fbe0a62fae8473c7bdbd05bfb607d";
    assertThat(routerTells(PLAIN, "challenge", challenge))
        .containsEntry("pubkey", ROUTER)
        .containsEntry(
            "signature",
            "d4209ad10d5aff6bfbc009d7e924795de138a63515efc7afc6b01b7fe5201372190374886a70207b042294"
                + "af5bd64ce725cd8dceb344e6d11c09d1aaaf4d660f"
                + challenge)
        .containsEntry("channel_binding", null);
    assertThat(
            routerTells(bound(CHANNEL), "challenge", challenge, "channel_binding", "tls-exporter"))
        .containsEntry("pubkey", ROUTER)
        .containsEntry(
            "signature",
            "305aaa3ac25e98f651427688b3fc43fe7d8a68a7ec1d7d61c61517c519bd4a427c3015599d83ca28b4c652"
                + "333920223844ef0725eb5dc2febfd6af7677b73f01"
                + "d0852a29b460fc92ec943242ac638a053bbacc200512b18b30d15083cbdc9282")
        .containsEntry("channel_binding", "tls-exporter");
  }

  @Test
  @Conformance("AUTH-CS-09")
  void routerProvesNothingUnaskedOrWithoutAKey() {
    assertThat(routerTells(PLAIN)).containsOnlyKeys("challenge", "channel_binding");
    assertThat(routerTells(PLAIN, "challenge", null))
        .containsOnlyKeys("challenge", "channel_binding");
    assertThat(challenge("joe", "pubkey", JOE, "challenge", "00".repeat(32)).message().extra())
        .containsOnlyKeys("challenge", "channel_binding");
    for (Object wrong : new Object[] {"", "00".repeat(31), "zz".repeat(32), 7L}) {
      assertThat(begin(PLAIN, "joe", "pubkey", JOE, "challenge", wrong))
          .isInstanceOf(Refused.class);
    }
  }

  /** They are challenged, their signature is checked, and nothing is told. */
  @ParameterizedTest
  @Conformance("AUTH-06")
  @ValueSource(
      strings = {
        ANN, // somebody else's
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", // nobody's
        "0100000000000000000000000000000000000000000000000000000000000000" // no key at all
      })
  void whetherAnAuthidOrKeyIsKnownCannotBeTold(String key) throws Exception {
    for (String authid : new String[] {"jane", null}) {
      Challenged unknown = challenge(authid, "pubkey", key);
      assertThat(unknown.message().extra())
          .containsOnlyKeys(challenge("joe", "pubkey", JOE).message().extra().keySet());
      isDenied(show(unknown, sign(JOE_PRIVATE, octets(unknown))));
    }
    Challenged nobody = challenge("jane", "pubkey", ANN);
    isDenied(show(nobody, sign(ANN_PRIVATE, octets(nobody))));
    Challenged nameless = challenge("jane");
    isDenied(show(nameless, sign(JOE_PRIVATE, octets(nameless))));
  }
}
