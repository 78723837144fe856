package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import org.junit.jupiter.api.Test;

/** What a session holds, counted in number, in characters and in shapes of wildcards. */
class HoldingsTest {

  private final Holdings holdings = new Holdings("things");

  private static Resource exact(int characters) {
    return new Resource("r", MatchPolicy.EXACT, "a".repeat(characters));
  }

  private static Resource wildcard(String pattern) {
    return new Resource("r", MatchPolicy.WILDCARD, pattern);
  }

  @Test
  void lastOneThatMayBeHeldIsTakenAndNoneMore() {
    holdings.add(exact(1));
    assertThat(holdings.excess(exact(1), 2, 9)).isNull();
    holdings.add(exact(1));
    assertThat(holdings.excess(exact(1), 2, 9)).isEqualTo("a session may hold at most 2 things");
    holdings.remove(exact(1));
    assertThat(holdings.excess(exact(1), 2, 9)).isNull();
  }

  @Test
  void urisMayHave128CharactersOnAverage() {
    int most = 1_000;
    holdings.add(exact(128_000 - 10));
    assertThat(holdings.excess(exact(10), most, 9)).isNull();
    assertThat(holdings.excess(exact(11), most, 9)).endsWith("may have 128000 characters");
    holdings.remove(exact(128_000 - 10));
    assertThat(holdings.excess(exact(128_000), most, 9)).isNull();
  }

  @Test
  void fewUrisMayBeLongerThanThat() {
    assertThat(holdings.excess(exact(64 << 10), 1, 9)).isNull();
    assertThat(holdings.excess(exact((64 << 10) + 1), 1, 9)).endsWith("may have 65536 characters");
  }

  @Test
  void shapeCountsAsLongAsOneOfItsPatternsIsHeld() {
    holdings.add(wildcard("a..c"));
    holdings.add(wildcard("b..c"));
    assertThat(holdings.excess(wildcard("x..y"), 9, 1)).as("of the same shape").isNull();
    assertThat(holdings.excess(wildcard("..c"), 9, 1)).contains("in at most 1 ways");
    assertThat(holdings.excess(wildcard("..c"), 9, 2)).isNull();
    assertThat(holdings.excess(exact(3), 9, 1)).as("no wildcard").isNull();

    holdings.remove(wildcard("a..c"));
    assertThat(holdings.excess(wildcard("..c"), 9, 1)).isNotNull();
    holdings.remove(wildcard("b..c"));
    assertThat(holdings.excess(wildcard("..c"), 9, 1)).isNull();
  }
}
