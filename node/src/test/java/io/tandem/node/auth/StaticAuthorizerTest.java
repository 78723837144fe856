package io.tandem.node.auth;

import static io.tandem.node.auth.Action.CALL;
import static io.tandem.node.auth.Action.PUBLISH;
import static io.tandem.node.auth.Action.REGISTER;
import static io.tandem.node.auth.Action.SUBSCRIBE;
import static io.tandem.protocol.uri.MatchPolicy.EXACT;
import static io.tandem.protocol.uri.MatchPolicy.PREFIX;
import static io.tandem.protocol.uri.MatchPolicy.WILDCARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StaticAuthorizerTest {

  /** An authorizer of rules alone, whose answers are decisions. */
  private record Rules(StaticAuthorizer authorizer) {
    Decision authorize(Principal who, Action action, String uri, MatchPolicy match) {
      return (Decision) authorizer.authorize(who, action, uri, match);
    }
  }

  private static final Principal USER = principal("user");

  @Test
  @Conformance("AZ-07")
  void whatNoRuleCoversIsDenied() {
    Rules authorizer = authorizer(rule(PREFIX, "com.", CALL));

    assertThat(authorizer.authorize(USER, CALL, "org.x", EXACT)).isEqualTo(Decision.DENIED);
    assertThat(authorizer.authorize(principal("guest"), CALL, "com.x", EXACT))
        .isEqualTo(Decision.DENIED);
    assertThat(authorizer().authorize(USER, CALL, "com.x", EXACT)).isEqualTo(Decision.DENIED);
    assertThat(authorizer.authorize(USER, CALL, "com.x", EXACT)).isEqualTo(Decision.ALLOWED);
  }

  @Test
  @Conformance("AZ-01")
  void eachActionIsAllowedByItself() {
    for (Action allowed : Action.values()) {
      Rules authorizer = authorizer(rule(EXACT, "com.x", allowed));
      for (Action action : Action.values()) {
        assertThat(authorizer.authorize(USER, action, "com.x", EXACT).allowed())
            .isEqualTo(action == allowed);
      }
    }
  }

  @Test
  @Conformance("AZ-07")
  void mostSpecificRuleDecides() {
    Rules authorizer =
        authorizer(
            rule(PREFIX, "", CALL),
            rule(PREFIX, "com.app."),
            rule(PREFIX, "com.app.open.", CALL),
            rule(EXACT, "com.app.open.not"),
            rule(WILDCARD, "com..x", PUBLISH));

    assertThat(authorizer.authorize(USER, CALL, "com.x", EXACT).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, CALL, "com.app.x", EXACT).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, CALL, "com.app.open.x", EXACT).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, CALL, "com.app.open.not", EXACT).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, PUBLISH, "com.y.x", EXACT).allowed()).isFalse();
  }

  @Test
  @Conformance("META-04")
  void whatTheRouterOffersNeedsARuleLikeAnythingAndWhatTouchesOthersOneOfItsOwn() {
    List<String> harmless = List.of("wamp.session.count", "wamp.subscription.lookup");
    List<String> guarded =
        List.of(
            "wamp.session.kill",
            "wamp.session.kill_by_authid",
            "wamp.session.kill_by_authrole",
            "wamp.session.kill_all",
            "wamp.session.modify_details",
            "wamp.session.add_testament",
            "wamp.subscription.get_events");
    Rules app = authorizer(rule(PREFIX, "com.", CALL, SUBSCRIBE));
    Rules all = authorizer(rule(PREFIX, "", CALL, SUBSCRIBE));
    for (String procedure : harmless) {
      assertThat(app.authorize(USER, CALL, procedure, EXACT).allowed()).isFalse();
      assertThat(all.authorize(USER, CALL, procedure, EXACT).allowed()).isTrue();
    }
    assertThat(app.authorize(USER, SUBSCRIBE, "wamp.session.on_join", EXACT).allowed()).isFalse();
    assertThat(all.authorize(USER, SUBSCRIBE, "wamp.session.on_join", EXACT).allowed()).isTrue();
    for (String procedure : guarded) {
      assertThat(all.authorize(USER, CALL, procedure, EXACT).allowed()).as(procedure).isFalse();
      for (Permission own :
          List.of(
              rule(EXACT, procedure, CALL),
              rule(PREFIX, "wamp.", CALL),
              rule(PREFIX, procedure.substring(0, procedure.indexOf('.', 5) + 1), CALL))) {
        Rules rules = authorizer(rule(PREFIX, "", CALL), own);
        assertThat(rules.authorize(USER, CALL, procedure, EXACT).allowed()).isTrue();
      }
    }
  }

  @Test
  void procedureIsAskedWhereNoRuleSpeaksOfWhatIsGuarded() {
    Answer.Ask ask = new Answer.Ask("com.may", Duration.ofSeconds(1));
    StaticAuthorizer authorizer =
        new StaticAuthorizer(
            Map.of("user", List.of(rule(PREFIX, "", CALL))), Map.of("user", ask), Set.of());
    assertThat(authorizer.authorize(USER, CALL, "wamp.session.kill", EXACT)).isEqualTo(ask);
    assertThat(authorizer.authorize(USER, CALL, "wamp.session.get", EXACT))
        .isEqualTo(Decision.ALLOWED);
  }

  @Test
  @Conformance("AZ-07")
  void amongWildcardsTheLongerLiteralRunFromTheLeftDecides() {
    Rules authorizer = authorizer(rule(WILDCARD, "com...x"), rule(WILDCARD, "com.app..", CALL));

    assertThat(authorizer.authorize(USER, CALL, "com.app.y.x", EXACT).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, CALL, "com.web.y.x", EXACT).allowed()).isFalse();
  }

  @Test
  @Conformance("AZ-07")
  void ruleSaysWhetherToDisclose() {
    Rules authorizer =
        authorizer(new Permission("com.", PREFIX, Set.of(CALL), true), rule(EXACT, "com.x", CALL));

    assertThat(authorizer.authorize(USER, CALL, "com.y", EXACT))
        .isEqualTo(Decision.ALLOWED_DISCLOSED);
    assertThat(authorizer.authorize(USER, CALL, "com.x", EXACT)).isEqualTo(Decision.ALLOWED);
    assertThat(authorizer.authorize(USER, PUBLISH, "com.y", EXACT)).isEqualTo(Decision.DENIED);
  }

  @Test
  @Conformance("AZ-05")
  void patternIsJudgedWithItsMatchPolicy() {
    Rules authorizer =
        authorizer(rule(EXACT, "com.app", SUBSCRIBE), rule(WILDCARD, "org..x", REGISTER));

    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app", EXACT).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app", PREFIX).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app", WILDCARD).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, REGISTER, "org..x", WILDCARD).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, REGISTER, "org.y.x", WILDCARD).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, REGISTER, "org.y.x", PREFIX).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, REGISTER, "..x", WILDCARD).allowed()).isFalse();
  }

  @Test
  void patternWiderThanTheRuleIsDenied() {
    Rules authorizer = authorizer(rule(PREFIX, "com.app.", SUBSCRIBE));

    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app.", PREFIX).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app.x", PREFIX).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app", PREFIX).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "", PREFIX).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.app..x", WILDCARD).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com..x", WILDCARD).allowed()).isFalse();
  }

  @Test
  void patternAroundADeniedUriIsDenied() {
    Rules authorizer =
        authorizer(
            rule(PREFIX, "com.", SUBSCRIBE),
            rule(EXACT, "com.a.secret"),
            rule(PREFIX, "com.b."),
            rule(WILDCARD, "com..never"));

    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.", PREFIX).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.a.s", PREFIX).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com..secret", WILDCARD).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com..x", WILDCARD).allowed()).isFalse();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.a.t", PREFIX).allowed()).isTrue();
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.a.x.", WILDCARD).allowed()).isTrue();
    // The prefix comes before the wildcard for every URI, so the wildcard never speaks.
    assertThat(authorizer.authorize(USER, SUBSCRIBE, "com.c.", PREFIX).allowed()).isTrue();
  }

  @Test
  void twoRulesForOneUriAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> authorizer(rule(EXACT, "a", CALL), rule(EXACT, "a", PUBLISH)))
        .withMessageContaining("role user");
  }

  /**
   * Thousands of small sets of rules, over two letters: whenever a pattern is allowed, so is each
   * URI that it matches.
   */
  @Test
  @Conformance("AZ-05")
  void noAllowedPatternMatchesADeniedUri() {
    Random random = new Random(11);
    List<String> uris = strings(List.of("a", "b", "ab"), 3);
    int allowed = 0;
    for (int round = 0; round < 5_000; round++) {
      Map<String, Permission> rules = new HashMap<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        Permission rule = randomRule(random);
        rules.put(rule.match() + rule.uri(), rule);
      }
      Rules authorizer = authorizer(rules.values().toArray(Permission[]::new));
      MatchPolicy match = random.nextBoolean() ? PREFIX : WILDCARD;
      String pattern = randomPattern(random, match);
      if (authorizer.authorize(USER, SUBSCRIBE, pattern, match).allowed()) {
        allowed++;
        assertThat(uris)
            .filteredOn(uri -> Uris.matches(match, pattern, uri))
            .as("%s %s with %s", match, pattern, rules.values())
            .allMatch(uri -> authorizer.authorize(USER, SUBSCRIBE, uri, EXACT).allowed());
      }
    }
    assertThat(allowed).isBetween(500, 4_000);
  }

  private static Permission randomRule(Random random) {
    MatchPolicy match = List.of(MatchPolicy.values()).get(random.nextInt(3));
    boolean allow = random.nextInt(3) > 0;
    return rule(match, randomPattern(random, match), allow ? new Action[] {SUBSCRIBE} : none());
  }

  private static Action[] none() {
    return new Action[0];
  }

  private static String randomPattern(Random random, MatchPolicy match) {
    List<String> components = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      boolean mayBeEmpty = match == WILDCARD || (match == PREFIX && i == count - 1);
      components.add(List.of("a", "b", "ab", "", "").get(random.nextInt(mayBeEmpty ? 5 : 3)));
    }
    return String.join(".", components);
  }

  /** Every URI of up to so many of these components. */
  private static List<String> strings(List<String> components, int most) {
    List<String> all = new ArrayList<>(components);
    List<String> longest = components;
    for (int i = 1; i < most; i++) {
      longest =
          longest.stream()
              .flatMap(head -> components.stream().map(tail -> head + "." + tail))
              .toList();
      all.addAll(longest);
    }
    return all;
  }

  private static Rules authorizer(Permission... rules) {
    return new Rules(new StaticAuthorizer(Map.of("user", List.of(rules))));
  }

  private static Permission rule(MatchPolicy match, String uri, Action... allow) {
    return new Permission(uri, match, Set.of(allow), false);
  }

  private static Principal principal(String role) {
    return new Principal("realm1", "joe", role, "anonymous", "static", null);
  }
}
