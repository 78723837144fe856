package io.tandem.node.trust;

import static io.tandem.node.trust.ShownChain.AUTHORITY;
import static io.tandem.node.trust.ShownChain.CHAIN_ID;
import static io.tandem.node.trust.ShownChain.CONTRACT;
import static io.tandem.node.trust.ShownChain.OTHER;
import static io.tandem.node.trust.ShownChain.PUMP;
import static io.tandem.node.trust.ShownChain.REALM;
import static io.tandem.node.trust.ShownChain.ROOT;
import static io.tandem.node.trust.ShownChain.root;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateChainTest {

  private static CertificateChain chain(ShownChain shown) {
    return requireNonNull(CertificateChain.read(shown.certificates()), "it has the right form");
  }

  @Test
  @Conformance("AUTH-CS-13")
  void chainThatAnotherImplementationHasMadeIsUnderstood() {
    CertificateChain chain = chain(new ShownChain());
    assertThat(chain.delegate()).hasToString(PUMP);
    assertThat(chain.key()).isEqualTo(ShownChain.KEY);
    assertThat(chain.root()).hasToString(ROOT);
    assertThat(root().vouchesBy(chain)).isTrue();
  }

  /** So what is signed below is what others would sign. */
  @Test
  void sameSignaturesAreMadeHere() {
    ShownChain shown = new ShownChain();
    List<Object> before = shown.certificates();
    shown.signedBy(0, PUMP).signedBy(1, AUTHORITY).signedBy(2, ROOT).signedBy(3, ROOT);
    assertThat(shown.certificates()).isEqualTo(before);
  }

  /** The specification's Example 3, as Autobahn has sent it. */
  @Test
  @Conformance("AUTH-CS-13")
  void exampleOfTheSpecificationHolds() {
    String owner = "0xf766Dc789CF04CD18aE75af2c5fAf2DA6650Ff57";
    String delegate = "0xf5173a6111B2A6B3C20fceD53B2A8405EC142bF6";
    String realm = "0xA6e693CC4A2b4F1400391a728D26369D9b82ef96";
    String key = "12ae0184b180e9a9c5e45be4a1afbce3c6491320063701cd9c4011a777d04089";
    Map<String, Object> all =
        Map.of("chainId", 1L, "verifyingContract", owner, "validFrom", 15_212_703L, "meta", "");
    List<Object> shown = new ShownChain().without(2).certificates();
    message(shown, 0).putAll(all);
    message(shown, 0)
        .putAll(
            Map.of("delegate", delegate, "csPubKey", key, "bootedAt", 1_658_765_756_680_628_959L));
    message(shown, 1).putAll(all);
    message(shown, 1).putAll(Map.of("issuer", owner, "subject", delegate, "realm", realm));
    message(shown, 2).putAll(all);
    message(shown, 2).putAll(Map.of("issuer", owner, "subject", owner, "realm", realm));
    sign(
        shown,
        "8fe06bb269110c6bc0e011ea2b7da07091c674f7fe67458c1805157157da702b"
            + "70b56cdf662666dc386820ded0116b6b84151df1ed65210eeecd7e477cdb765b1b",
        "0c0eb60a108dbd72a204b41c1d18505358e4e7886b0c9787192a33ac9e0f94c9"
            + "2ce158f8de576fa9cccf28a8c9404ed66c2d355ea4ae7ee65cff0b73215b91bb1c",
        "be35c8d6ae735d3bd8b5e27b1e1a067eba53e6a1cb4ef0f607c4717435e8ffa6"
            + "76246e7d08dfb4e83c78ad26f423b727b5d2c90627bdf6c94c1dbdf01979c34b1c");

    CertificateChain chain = requireNonNull(CertificateChain.read(shown));
    assertThat(chain.delegate()).hasToString(delegate);
    assertThat(chain.key()).isEqualTo(key);
    assertThat(root(owner, 1, owner, realm).vouchesBy(chain)).isTrue();
  }

  private static Map<String, Object> message(List<Object> shown, int index) {
    return inner(data(shown, index), "message");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> outer, String key) {
    return (Map<String, Object>) outer.get(key);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> data(List<Object> shown, int index) {
    return (Map<String, Object>) parts(shown, index).get(0);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> parts(List<Object> shown, int index) {
    return (List<Object>) shown.get(index);
  }

  private static void sign(List<Object> shown, String... signatures) {
    for (int i = 0; i < signatures.length; i++) {
      parts(shown, i).set(1, signatures[i]);
    }
  }

  // ---- the rules ----

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Conformance("AUTH-CS-13")
  void chainThatBreaksARuleIsWorthNothing(String rule, ShownChain shown) {
    assertThat(root().vouchesBy(chain(shown))).isFalse();
  }

  /** Signed anew but for the last five, so that nothing else is wrong. */
  static Stream<Arguments> chainThatBreaksARuleIsWorthNothing() {
    return Stream.of(
        broken("chainId of the delegate's", new ShownChain().says(0, "chainId", 1L)),
        broken("chainId of an authority's", new ShownChain().says(1, "chainId", 1L)),
        broken("chainId of the root's", new ShownChain().says(3, "chainId", 1L)),
        broken("contract of the delegate's", new ShownChain().says(0, "verifyingContract", OTHER)),
        broken("contract of an authority's", new ShownChain().says(2, "verifyingContract", OTHER)),
        broken("realm of an authority's", new ShownChain().says(1, "realm", OTHER)),
        broken("realm of the root's", new ShownChain().says(3, "realm", OTHER)),
        broken("root issued by another", new ShownChain().says(3, "issuer", OTHER)),
        broken("authority issued by another", new ShownChain().says(1, "issuer", OTHER)),
        broken("subject has not issued", new ShownChain().says(2, "subject", OTHER)),
        broken("delegate is not the subject", new ShownChain().says(0, "delegate", OTHER)),
        broken(
            "capabilities beyond the authority's", new ShownChain().says(1, "capabilities", 13L)),
        broken("capabilities beyond the root's", new ShownChain().says(3, "capabilities", 46L)),
        broken("no authority issues", new ShownChain().says(2, "capabilities", 28L)),
        broken("delegate older", new ShownChain().says(0, "validFrom", 6_499_999L)),
        broken("authority older", new ShownChain().says(1, "validFrom", 6_000_000L)),
        broken("root younger", new ShownChain().says(3, "validFrom", 6_000_002L)),
        broken("another root", anotherRoot()),
        broken("delegate's signed by another", new ShownChain().signedBy(0, OTHER)),
        broken("delegate's signed by its authority", new ShownChain().signedBy(0, AUTHORITY)),
        broken("authority's signed by another", new ShownChain().signedBy(1, OTHER)),
        broken("authority's signed by its subject", new ShownChain().signedBy(2, AUTHORITY)),
        broken("root's signed by another", new ShownChain().signedBy(3, OTHER)));
  }

  private static Arguments broken(String rule, ShownChain shown) {
    return Arguments.of(rule, shown);
  }

  /** A chain of its own, with nothing wrong but that nobody trusts its root. */
  private static ShownChain anotherRoot() {
    ShownChain shown =
        new ShownChain()
            .says(2, "issuer", OTHER)
            .says(3, "issuer", OTHER)
            .says(3, "subject", OTHER);
    assertThat(root(OTHER, CHAIN_ID, CONTRACT, REALM).vouchesBy(chain(shown))).isTrue();
    return shown;
  }

  /** What is expected of all, rather than that they are alike. */
  @Test
  @Conformance("AUTH-CS-13")
  void chainOfAnotherWorldIsWorthNothingThoughItHolds() {
    CertificateChain chain = chain(new ShownChain());
    assertThat(root(ROOT, 1, CONTRACT, REALM).vouchesBy(chain)).isFalse();
    assertThat(root(ROOT, CHAIN_ID, OTHER, REALM).vouchesBy(chain)).isFalse();
    assertThat(root(ROOT, CHAIN_ID, CONTRACT, OTHER).vouchesBy(chain)).isFalse();
  }

  @Test
  void whatIsEqualIsNeitherYoungerNorMore() {
    ShownChain shown =
        new ShownChain()
            .says(1, "capabilities", 30L)
            .says(2, "validFrom", 6_500_000L)
            .says(3, "validFrom", 6_500_000L)
            .says(3, "capabilities", 30L);
    assertThat(root().vouchesBy(chain(shown))).isTrue();
  }

  /** A root that is trusted may vouch for a key of its own, or for a delegate, or for many. */
  @Test
  void chainHasTwoToEightCertificates() {
    ShownChain own = new ShownChain().without(2).without(1).says(0, "delegate", ROOT);
    assertThat(root().vouchesBy(chain(own))).isTrue();
    ShownChain three = new ShownChain().without(2).says(1, "issuer", ROOT);
    assertThat(root().vouchesBy(chain(three))).isTrue();
    ShownChain many = new ShownChain().twice(3).twice(3).twice(3).twice(3);
    assertThat(many.certificates()).hasSize(CertificateChain.LONGEST);
    assertThat(root().vouchesBy(chain(many))).isTrue();
    assertThat(CertificateChain.read(many.twice(3).certificates())).isNull();
    assertThat(CertificateChain.read(own.without(1).certificates())).isNull();
    assertThat(CertificateChain.read(List.of())).isNull();
  }

  // ---- the form ----

  @Test
  void lettersOfAddressesAndDigitsMayBeOfEitherCase() {
    List<Object> shown = new ShownChain().certificates();
    message(shown, 0).put("delegate", PUMP.toLowerCase(Locale.ROOT));
    message(shown, 0).put("csPubKey", ShownChain.KEY.toUpperCase(Locale.ROOT));
    parts(shown, 1).set(1, ShownChain.SIGNATURES.get(1).toUpperCase(Locale.ROOT));
    CertificateChain chain = requireNonNull(CertificateChain.read(shown));
    assertThat(chain.key()).isEqualTo(ShownChain.KEY);
    assertThat(root().vouchesBy(chain)).isTrue();
  }

  /** As Autobahn-Python writes them of late; an older one writes two parts. */
  @Test
  void hashBeforeACertificateIsNotLookedAt() {
    List<Object> shown = new ShownChain().certificates();
    parts(shown, 0).add(0, null);
    parts(shown, 1).add(0, "00".repeat(32));
    assertThat(root().vouchesBy(requireNonNull(CertificateChain.read(shown)))).isTrue();
    parts(shown, 0).add(0, null);
    assertThat(CertificateChain.read(shown)).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Conformance("AUTH-CS-13")
  void whatIsNoChainIsNone(String what, Consumer<List<Object>> change) {
    List<Object> shown = new ShownChain().certificates();
    change.accept(shown);
    assertThat(CertificateChain.read(shown)).isNull();
  }

  static Stream<Arguments> whatIsNoChainIsNone() {
    return Stream.of(
        form("order of types", shown -> shown.add(0, shown.remove(1))),
        form("two delegates", shown -> shown.set(1, shown.get(0))),
        form("no delegate", shown -> shown.remove(0)),
        form("certificate is a text", shown -> shown.set(1, "certificate")),
        form("certificate is null", shown -> shown.set(1, null)),
        form("certificate without signature", shown -> parts(shown, 1).remove(1)),
        form("signature is no text", shown -> parts(shown, 1).set(1, 7L)),
        form("signature is short", shown -> parts(shown, 1).set(1, "00".repeat(64))),
        form("signature is long", shown -> parts(shown, 1).set(1, "00".repeat(66))),
        form("signature has other digits", shown -> parts(shown, 1).set(1, "zz".repeat(65))),
        form("data is no mapping", shown -> parts(shown, 1).set(0, List.of())),
        form("type is none", shown -> data(shown, 1).put("primaryType", "Mail")),
        form("type is missing", shown -> data(shown, 1).remove("primaryType")),
        form("domain is another", shown -> inner(data(shown, 1), "domain").put("name", "XBR")),
        form("domain has more", shown -> inner(data(shown, 1), "domain").put("chainId", 1L)),
        form("domain is missing", shown -> data(shown, 1).remove("domain")),
        form("types are missing", shown -> data(shown, 1).remove("types")),
        form("types are others", shown -> data(shown, 1).put("types", types(shown, 0))),
        form("types have more", shown -> types(shown, 1).put("Mail", List.of())),
        form("message is missing", shown -> data(shown, 1).remove("message")),
        form("message is no mapping", shown -> data(shown, 1).put("message", "message")),
        form("member is missing", shown -> message(shown, 1).remove("meta")),
        form("member is null", shown -> message(shown, 1).put("meta", null)),
        form("member is not known", shown -> message(shown, 1).put("more", "")),
        form("chainId is a text", shown -> message(shown, 1).put("chainId", "1")),
        form("chainId is a fraction", shown -> message(shown, 1).put("chainId", 1.0)),
        form("chainId is negative", shown -> message(shown, 1).put("chainId", -1L)),
        form("capabilities are a list", shown -> message(shown, 1).put("capabilities", List.of())),
        form("issuer is a number", shown -> message(shown, 1).put("issuer", 1L)),
        form("issuer is short", shown -> message(shown, 1).put("issuer", ROOT.substring(0, 41))),
        form("key is short", shown -> message(shown, 0).put("csPubKey", "00".repeat(31))),
        form(
            "key has a prefix", shown -> message(shown, 0).put("csPubKey", "0x" + "00".repeat(32))),
        form("key is octets", shown -> message(shown, 0).put("csPubKey", new byte[32])),
        form("meta is a mapping", shown -> message(shown, 0).put("meta", new HashMap<>())),
        form("meta is long", shown -> message(shown, 0).put("meta", "\u00e4".repeat(513))));
  }

  private static Map<String, Object> types(List<Object> shown, int index) {
    return inner(data(shown, index), "types");
  }

  private static Arguments form(String what, Consumer<List<Object>> change) {
    return Arguments.of(what, change);
  }

  @Test
  void whatIsNoListIsNoChain() {
    assertThat(CertificateChain.read(null)).isNull();
    assertThat(CertificateChain.read("certificates")).isNull();
    assertThat(CertificateChain.read(Map.of())).isNull();
  }

  @Test
  void longestMetaIsRead() {
    String longest = "\u00e4".repeat(512);
    List<Object> shown = new ArrayList<>(new ShownChain().says(0, "meta", longest).certificates());
    assertThat(root().vouchesBy(requireNonNull(CertificateChain.read(shown)))).isTrue();
  }
}
