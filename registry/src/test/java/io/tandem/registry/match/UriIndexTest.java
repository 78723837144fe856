package io.tandem.registry.match;

import static io.tandem.protocol.uri.MatchPolicy.EXACT;
import static io.tandem.protocol.uri.MatchPolicy.PREFIX;
import static io.tandem.protocol.uri.MatchPolicy.WILDCARD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UriIndexTest {
  private final UriIndex<String> index = new UriIndex<>();

  @Test
  void prefixIsAPlainStringPrefix() {
    put(PREFIX, "com.myapp.obj");

    assertThat(List.of("com.myapp.obj", "com.myapp.obj.x", "com.myapp.obj-x", "com.myapp.object"))
        .allSatisfy(uri -> assertThat(matches(uri)).containsExactly("prefix com.myapp.obj"));
    assertThat(matches("com.myapp.ob")).isEmpty();
    assertThat(matches("com.myapp.oc")).isEmpty();
    assertThat(matches("com.myapp")).isEmpty();
  }

  @Test
  void emptyPrefixMatchesEverything() {
    put(PREFIX, "");
    put(PREFIX, "com.");

    assertThat(matches("com.myapp")).containsExactly("prefix ", "prefix com.");
    assertThat(matches("x")).containsExactly("prefix ");
  }

  @Test
  void wildcardWantsTheSameNumberOfComponentsAndEqualLiterals() {
    put(WILDCARD, "com..create");

    assertThat(matches("com.user.create")).containsExactly("wildcard com..create");
    assertThat(matches("com.user.delete")).isEmpty();
    assertThat(matches("org.user.create")).isEmpty();
    assertThat(matches("com.create")).isEmpty();
    assertThat(matches("com.user.x.create")).isEmpty();
    assertThat(matches("com.user.create.x")).isEmpty();
    assertThat(matches("com.user.create2")).isEmpty();
  }

  @Test
  @Conformance("RPC-PAT-02")
  void wildcardsMayStandAtEitherEndAndAlone() {
    put(WILDCARD, "");
    put(WILDCARD, ".");
    put(WILDCARD, "a.");
    put(WILDCARD, ".b");

    assertThat(matches("x")).containsExactly("wildcard ");
    assertThat(matches("a.b")).containsExactly("wildcard a.", "wildcard .b", "wildcard .");
    assertThat(matches("ab.b")).containsExactly("wildcard .b", "wildcard .");
    assertThat(matches("a.b.c")).isEmpty();
  }

  @Test
  @Conformance({"RPC-PAT-03", "RPC-PAT-04"})
  void callGoesToTheExactThenTheLongestPrefixThenTheWildcard() {
    put(WILDCARD, "a..c");
    assertThat(index.best("a.b.c")).isEqualTo("wildcard a..c");
    put(PREFIX, "a");
    put(PREFIX, "");
    assertThat(index.best("a.b.c")).isEqualTo("prefix a");
    put(PREFIX, "a.b");
    assertThat(index.best("a.b.c")).isEqualTo("prefix a.b");
    put(EXACT, "a.b.c");
    assertThat(index.best("a.b.c")).isEqualTo("exact a.b.c");
    assertThat(index.best("b")).isEqualTo("prefix ");
    index.remove(PREFIX, "");
    assertThat(index.best("b")).isNull();
  }

  @Test
  @Conformance("RPC-PAT-05")
  void longerLiteralRunsFromTheLeftWinAmongWildcards() {
    put(WILDCARD, "a.b....");
    put(WILDCARD, "a..c.d.e.f");
    assertThat(index.best("a.b.c.d.e.f")).isEqualTo("wildcard a.b....");
    put(WILDCARD, "a.b..d..");
    assertThat(index.best("a.b.c.d.e.f")).isEqualTo("wildcard a.b..d..");
    put(WILDCARD, "a.b..d.e.");
    assertThat(index.best("a.b.c.d.e.f")).isEqualTo("wildcard a.b..d.e.");
    put(WILDCARD, ".b.c.d.e.f");
    assertThat(index.best("a.b.c.d.e.f")).isEqualTo("wildcard a.b..d.e.");
  }

  @Test
  @Conformance("RPC-PAT-06")
  void referenceCases() {
    put(EXACT, "a1.b2.c3.d4.e55");
    put(PREFIX, "a1.b2.c3");
    put(PREFIX, "a1.b2.c3.d4");
    put(WILDCARD, "a1.b2..d4.e5");
    put(WILDCARD, "a1.b2.c33..e5");
    put(WILDCARD, "a1.b2..d4.e5..g7");
    put(WILDCARD, "a1.b2..d4..f6.g7");

    assertThat(index.best("a1.b2.c3.d4.e55")).isEqualTo("exact a1.b2.c3.d4.e55");
    assertThat(index.best("a1.b2.c3.d98.e74")).isEqualTo("prefix a1.b2.c3");
    assertThat(index.best("a1.b2.c3.d4.e325")).isEqualTo("prefix a1.b2.c3.d4");
    assertThat(index.best("a1.b2.c55.d4.e5")).isEqualTo("wildcard a1.b2..d4.e5");
    assertThat(index.best("a1.b2.c88.d4.e5.f6.g7")).isEqualTo("wildcard a1.b2..d4.e5..g7");
    assertThat(index.best("a2.b2.c2.d2.e2")).isNull();

    // The specification's example says "no prefix match" here, but "a1.b2.c3" is a string prefix
    // of this URI, and its rules say that those match and come first. The rules win.
    assertThat(index.best("a1.b2.c33.d4.e5")).isEqualTo("prefix a1.b2.c3");
    index.remove(PREFIX, "a1.b2.c3");
    assertThat(index.best("a1.b2.c33.d4.e5")).isEqualTo("wildcard a1.b2.c33..e5");
  }

  @Test
  @Conformance("PS-PAT-02")
  void everyMatchingSubscriptionIsFound() {
    for (MatchPolicy match : MatchPolicy.values()) {
      put(match, "a.b");
    }
    put(PREFIX, "a");
    put(WILDCARD, ".b");
    put(WILDCARD, "a.c");

    assertThat(matches("a.b"))
        .containsExactly("exact a.b", "prefix a", "prefix a.b", "wildcard a.b", "wildcard .b");
  }

  @Test
  @Conformance({"PS-PAT-05", "RPC-PAT-08"})
  void sameStringUnderAnotherPolicyIsAnotherEntry() {
    for (MatchPolicy match : MatchPolicy.values()) {
      assertThat(index.put(match, "a.b", match + " first")).isNull();
    }
    assertThat(index.put(PREFIX, "a.b", "second")).isEqualTo("PREFIX first");
    assertThat(index.remove(EXACT, "a.b")).isEqualTo("EXACT first");

    assertThat(index.get(EXACT, "a.b")).isNull();
    assertThat(index.get(PREFIX, "a.b")).isEqualTo("second");
    assertThat(index.get(WILDCARD, "a.b")).isEqualTo("WILDCARD first");
    assertThat(index.size()).isEqualTo(2);
  }

  @Test
  @Conformance({"PS-PAT-06", "RPC-PAT-09"})
  void removingAPatternTakesNothingFromOneThatCoversIt() {
    put(PREFIX, "a.");
    put(WILDCARD, "a.");
    put(EXACT, "a.b");
    put(PREFIX, "a.b");
    index.remove(EXACT, "a.b");
    index.remove(PREFIX, "a.b");

    assertThat(index.remove(PREFIX, "a.bc")).isNull();
    assertThat(index.remove(WILDCARD, "a.b")).isNull();
    assertThat(matches("a.b")).containsExactly("prefix a.", "wildcard a.");
    assertThat(index.size()).isEqualTo(2);
  }

  @Test
  void visitorSeesEveryEntryAsItWasPutIn() {
    put(EXACT, "a.b");
    put(PREFIX, "");
    put(PREFIX, "a.b");
    put(WILDCARD, "");
    put(WILDCARD, "a..");
    List<String> seen = new ArrayList<>();

    index
        .iterator()
        .forEachRemaining(
            item -> seen.add(item.match().wireName() + " " + item.uri() + "=" + item.value()));

    assertThat(seen)
        .containsExactlyInAnyOrder(
            "exact a.b=exact a.b",
            "prefix =prefix ",
            "prefix a.b=prefix a.b",
            "wildcard =wildcard ",
            "wildcard a..=wildcard a..");
  }

  @Test
  void visitorMayChangeTheIndex() {
    put(WILDCARD, "a.");
    put(WILDCARD, ".b");

    index.match("a.b", value -> index.remove(WILDCARD, value.substring("wildcard ".length())));

    assertThat(index.size()).isZero();
    assertThat(matches("a.b")).isEmpty();
  }

  @Test
  void patternsOfAnyDepthNeedNoStack() {
    StringBuilder pattern = new StringBuilder();
    for (int depth = 0; depth < 2_000; depth++) {
      put(PREFIX, pattern + "a.");
      put(WILDCARD, pattern + ".");
      pattern.append("a.");
    }
    String uri = pattern + "a";

    assertThat(matches(uri)).hasSize(2_001);
    assertThat(index.best(uri)).isEqualTo("prefix " + pattern);
    index.iterator().forEachRemaining(item -> index.remove(item.match(), item.uri()));
    assertThat(index.size()).isZero();
  }

  private void put(MatchPolicy match, String uri) {
    index.put(match, uri, match.wireName() + " " + uri);
  }

  private List<String> matches(String uri) {
    List<String> found = new ArrayList<>();
    index.match(uri, found::add);
    return found;
  }
}
