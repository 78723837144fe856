package io.tandem.node.auth;

import static io.tandem.node.trust.ShownChain.CHAIN_ID;
import static io.tandem.node.trust.ShownChain.CONTRACT;
import static io.tandem.node.trust.ShownChain.KEY;
import static io.tandem.node.trust.ShownChain.OTHER;
import static io.tandem.node.trust.ShownChain.PRIVATE_KEY;
import static io.tandem.node.trust.ShownChain.PUMP;
import static io.tandem.node.trust.ShownChain.REALM;
import static io.tandem.node.trust.ShownChain.ROOT;
import static io.tandem.node.trust.ShownChain.root;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.CryptosignAuthenticator.Holder;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.testing.Clients;
import io.tandem.node.trust.ShownChain;
import io.tandem.node.trust.TrustRoot;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients whose keys nobody has listed, and for which somebody trusted vouches. */
class TrustedRootsTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final Refused DENIED =
      new Refused(
          "wamp.error.authentication_denied", "the authid, the key or the signature is wrong");
  private static final Principal PUMPS =
      new Principal("realm1", PUMP, "device", "cryptosign", "static", Map.of("trustroot", ROOT));

  /** Of somebody whose key is listed, and who is vouched for by nobody. */
  private static final String ANN =
      "6ed32739ff04a6074044ff0b0e3bfc7c856bc9d5f1d25efc57363bda0af3a8b0";

  private static final String ANN_PRIVATE =
      "d511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd";

  private static final Map<String, Holder> LISTED =
      Map.of("ann", new Holder("boss", List.of(ANN)), "joe", new Holder("user", List.of(KEY)));

  private CryptosignAuthenticator method = trusting(root());

  private static CryptosignAuthenticator trusting(TrustRoot... roots) {
    Map<TrustRoot, String> roles = new HashMap<>();
    for (TrustRoot each : roots) {
      roles.put(each, "device");
    }
    return new CryptosignAuthenticator(Map.of(), roles, null);
  }

  private final Map<String, @Nullable Object> extra =
      new HashMap<>(Map.of("pubkey", KEY, "certificates", new ShownChain().certificates()));

  private AuthAnswer begin(@Nullable String authid) {
    Options details = Options.of(Keys.AUTHEXTRA, extra);
    return method.begin(
        new AuthRequest(
            "realm1",
            authid == null ? details : details.with(Keys.AUTHID, authid),
            7,
            Clients.evidence("10.0.0.1:4711", false, null, null)));
  }

  private static AuthAnswer sign(AuthAnswer answer, String privateKey) {
    Challenged challenged = (Challenged) answer;
    String challenge = (String) requireNonNull(challenged.message().extra().get("challenge"));
    Ed25519.Pair pair = requireNonNull(Ed25519.Pair.of(HEX.parseHex(privateKey)));
    String signature = HEX.formatHex(pair.sign(HEX.parseHex(challenge)));
    return challenged.verifier().verify(new Authenticate(signature + challenge, Map.of()));
  }

  /** What comes of it when the pool has done its work. */
  private AuthStep login(@Nullable String authid) throws Exception {
    AuthAnswer answer = sign(begin(authid), PRIVATE_KEY);
    return answer instanceof AuthAnswer.Blocking blocking
        ? blocking.work().call()
        : (AuthStep) answer;
  }

  @Test
  @Conformance("AUTH-CS-13")
  void whoIsVouchedForIsItsAccount() throws Exception {
    assertThat(login(null)).isEqualTo(new Accepted(PUMPS));
    extra.put("trustroot", ROOT.toLowerCase(Locale.ROOT));
    extra.put("pubkey", KEY.toUpperCase(Locale.ROOT));
    assertThat(login(PUMP)).isEqualTo(new Accepted(PUMPS));
    assertThat(login(PUMP.toLowerCase(Locale.ROOT))).isEqualTo(new Accepted(PUMPS));
  }

  @Test
  @Conformance("AUTH-CS-13")
  void whatElseAClientSaysHasToFit() throws Exception {
    assertThat(login(OTHER)).isEqualTo(DENIED);
    assertThat(login("pump")).isEqualTo(DENIED);
    extra.put("trustroot", OTHER);
    assertThat(login(null)).isEqualTo(DENIED);
  }

  /** It has its key, and shows the certificates of another. */
  @Test
  @Conformance("AUTH-CS-13")
  void keyHasToBeTheDelegates() throws Exception {
    extra.put("pubkey", ANN);
    AuthAnswer answer = sign(begin(null), ANN_PRIVATE);
    assertThat(((AuthAnswer.Blocking) answer).work().call()).isEqualTo(DENIED);
  }

  @Test
  @Conformance("AUTH-CS-13")
  void certificatesAreNoProofOfTheKey() {
    assertThat(sign(begin(null), ANN_PRIVATE)).as("without work for the pool").isEqualTo(DENIED);
    AuthAnswer stale =
        ((Challenged) begin(null)).verifier().verify(new Authenticate("00".repeat(96), Map.of()));
    assertThat(stale).isEqualTo(DENIED);
  }

  @Test
  @Conformance("AUTH-CS-13")
  void allWhoAreRefusedAreToldTheSame() throws Exception {
    for (ShownChain wrong :
        List.of(
            new ShownChain().signedBy(1, OTHER),
            new ShownChain().says(1, "capabilities", 1L),
            new ShownChain().says(3, "realm", OTHER))) {
      extra.put("certificates", wrong.certificates());
      assertThat(login(null)).isEqualTo(DENIED);
    }
    extra.put("certificates", new ShownChain().certificates());
    for (TrustRoot another :
        List.of(
            root(OTHER, CHAIN_ID, CONTRACT, REALM),
            root(ROOT, 1, CONTRACT, REALM),
            root(ROOT, CHAIN_ID, OTHER, REALM),
            root(ROOT, CHAIN_ID, CONTRACT, OTHER))) {
      method = trusting(another);
      assertThat(login(null)).isEqualTo(DENIED);
    }
  }

  @Test
  void rootsOfOneRealmDoNotGetIntoEachOthersWay() throws Exception {
    Map<TrustRoot, String> roles =
        Map.of(root(OTHER, CHAIN_ID, CONTRACT, REALM), "guest", root(), "device");
    method = new CryptosignAuthenticator(LISTED, roles, null);
    assertThat(login(null)).isEqualTo(new Accepted(PUMPS));
    extra.put(
        "certificates",
        new ShownChain()
            .says(2, "issuer", OTHER)
            .says(3, "issuer", OTHER)
            .says(3, "subject", OTHER)
            .certificates());
    assertThat(((Accepted) login(null)).principal().authrole()).isEqualTo("guest");
  }

  /** Its own account is another than that under which its key is listed. */
  @Test
  void whoShowsCertificatesIsJudgedByThemAlone() throws Exception {
    method = new CryptosignAuthenticator(LISTED, Map.of(root(), "device"), null);
    assertThat(login("joe")).isEqualTo(DENIED);
    assertThat(login(null)).isEqualTo(new Accepted(PUMPS));
    for (Object none : new Object[] {"absent", List.of()}) {
      extra.put("certificates", none);
      extra.remove("certificates", "absent");
      assertThat(((Accepted) login(null)).principal().authid()).isEqualTo("joe");
    }
    extra.put("certificates", null);
    assertThat(((Accepted) login(null)).principal().authid()).isEqualTo("joe");
  }

  @Test
  void whereNobodyIsTrustedCertificatesAreNotLookedAt() throws Exception {
    method = new CryptosignAuthenticator(LISTED);
    extra.put("certificates", "anything");
    extra.put("trustroot", 7L);
    assertThat(((Accepted) login(null)).principal().authid()).isEqualTo("joe");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutCertificatesNobodyIsKnownWhereNoKeyIsListed(boolean hasKey) {
    extra.remove("certificates");
    if (!hasKey) {
      extra.remove("pubkey");
    }
    assertThat(sign(begin(PUMP), PRIVATE_KEY)).isEqualTo(DENIED);
  }

  @Test
  void whatIsNoChainIsRefusedBeforeTheChallenge() {
    for (Object wrong : new Object[] {"certificates", Map.of(), List.of(1L), List.of(List.of())}) {
      extra.put("certificates", wrong);
      assertThat(((Refused) begin(null)).message())
          .isEqualTo(
              "authextra.certificates are not 2 to 8 certificates from a delegate's to a root's,"
                  + " each with its signature");
    }
    extra.put("certificates", new ShownChain().certificates());
    for (Object wrong : new Object[] {"", "pump.eth", 7L}) {
      extra.put("trustroot", wrong);
      assertThat(((Refused) begin(null)).message()).isEqualTo("authextra.trustroot is no address");
    }
    extra.remove("trustroot");
    extra.remove("pubkey");
    assertThat(((Refused) begin(PUMP)).message())
        .isEqualTo("authextra.certificates needs authextra.pubkey");
  }

  /** Whoever has the certificate made for such a key could log in as its delegate, as all can. */
  @Test
  void keyThatAnybodyCanSignWithIsNoKey() {
    String weak = "01" + "00".repeat(31);
    extra.put("certificates", new ShownChain().says(0, "csPubKey", weak).certificates());
    extra.put("pubkey", weak);
    method = new CryptosignAuthenticator(LISTED, Map.of(root(), "device"), null);
    assertThat(sign(begin(null), PRIVATE_KEY)).isEqualTo(DENIED);
    assertThat(sign(begin(null), ANN_PRIVATE)).isEqualTo(DENIED);
  }

  @Test
  void loginStandsAsLongAsItsRoot() {
    byte[] before = method.standing(PUMPS);
    assertThat(before).isNotNull().isEqualTo(trusting(root()).standing(PUMPS));
    assertThat(trusting(root(ROOT, 1, CONTRACT, REALM)).standing(PUMPS)).isNotEqualTo(before);
    assertThat(trusting(root(ROOT, CHAIN_ID, OTHER, REALM)).standing(PUMPS)).isNotEqualTo(before);
    assertThat(trusting(root(ROOT, CHAIN_ID, CONTRACT, OTHER)).standing(PUMPS))
        .isNotEqualTo(before);
    assertThat(trusting(root(OTHER, CHAIN_ID, CONTRACT, REALM)).standing(PUMPS)).isNull();
    assertThat(method.standing(PUMPS.in("boss"))).isNull();
    assertThat(new CryptosignAuthenticator(LISTED).standing(PUMPS)).isNull();
    Principal listed = new Principal("realm1", "joe", "user", "cryptosign", "static", null);
    assertThat(method.standing(listed)).isNull();
    assertThat(new CryptosignAuthenticator(LISTED).standing(listed)).isNotNull();
  }
}
