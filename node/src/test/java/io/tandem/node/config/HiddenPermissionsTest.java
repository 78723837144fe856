package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions that never apply are warned about, and no others. */
class HiddenPermissionsTest {

  /** Those that permissions may have, and for each beginning one that none has. */
  private static final List<String> COMPONENTS = List.of("a", "b", "ab", "x", "ax", "bx", "abx");

  @ParameterizedTest
  @CsvSource(
      value = {
        "com., prefix, com..secret, wildcard",
        "'', prefix, com..secret, wildcard",
        "'', prefix, '', wildcard",
        "co, prefix, com.a., wildcard",
        "com.a, prefix, com.a, wildcard",
        "com.a, exact, com.a, wildcard",
      })
  void wildcardBehindAPrefixOrAnExactUriIsNamedWithWhatHidesIt(
      String winner, String winnersMatch, String hidden, String match) throws Exception {
    NodeConfig config =
        Yaml.config(
            Yaml.LISTENERS
                + "realms:\n"
                + "  - name: realm1\n"
                + "    roles:\n"
                + "      - name: nobody\n"
                + "      - name: guest\n"
                + "        permissions:\n"
                + "          - {uri: com.other, allow: [call]}\n"
                + ("          - {uri: '" + hidden + "', match: " + match + ", allow: []}\n")
                + ("          - {uri: '" + winner + "', match: " + winnersMatch)
                + ", allow: [subscribe]}\n");
    assertThat(config.warnings())
        .containsExactly(
            "node.yaml:10: realms[0].roles[1].permissions[1]: the wildcard permission for '"
                + hidden
                + "' never applies: the "
                + winnersMatch
                + " permission for '"
                + winner
                + "' in node.yaml:11 (realms[0].roles[1].permissions[2])"
                + " decides on all of its URIs");
  }

  @ParameterizedTest
  @CsvSource({
    "com.a., prefix, com..secret, wildcard",
    "com., prefix, .a.secret, wildcard",
    "com.a, prefix, com., wildcard",
    "com.., wildcard, com..secret, wildcard",
    "com..secret, wildcard, com.., wildcard",
    "com., prefix, com.secret., prefix",
    "com., prefix, com.secret, exact",
    "com.secret, exact, com., wildcard",
  })
  void permissionThatDecidesForAnyUriIsNotWarnedAbout(
      String one, String matchOfOne, String other, String matchOfOther) {
    RoleConfig role =
        new RoleConfig("guest", List.of(rule(one, matchOfOne), rule(other, matchOfOther)));
    assertThat(role.hidden("role")).isEmpty();
  }

  /**
   * Against every URI of up to four components: whatever decides on none of them is warned about,
   * and nothing else.
   */
  @Test
  void warningsAgreeWithTryingEveryUri() {
    List<String> uris = uris();
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Map<Map.Entry<MatchPolicy, String>, PermissionConfig> rules = new HashMap<>();
      for (int i = 1 + random.nextInt(10); i > 0; i--) {
        PermissionConfig rule = rule(random);
        rules.put(Map.entry(rule.match(), rule.uri()), rule);
      }
      RoleConfig role = new RoleConfig("guest", List.copyOf(rules.values()));
      UriIndex<PermissionConfig> index = new UriIndex<>();
      role.permissions().forEach(rule -> index.put(rule.match(), rule.uri(), rule));
      Set<PermissionConfig> idle = new HashSet<>(role.permissions());
      uris.forEach(uri -> idle.remove(index.best(uri)));
      Set<String> told = new HashSet<>();
      role.hidden("role").forEach(warning -> told.add(warning.split(" never applies", 2)[0]));
      Set<String> right = new HashSet<>();
      idle.forEach(
          rule ->
              right.add(
                  "here: role.permissions[" + role.permissions().indexOf(rule) + "]: " + rule));
      assertThat(told).as("seed %s: %s", seed, role.permissions()).isEqualTo(right);
    }
  }

  private static List<String> uris() {
    List<String> uris = new ArrayList<>();
    List<String> longest = List.of("");
    for (int length = 1; length <= 4; length++) {
      List<String> longer = new ArrayList<>();
      for (String head : longest) {
        for (String component : COMPONENTS) {
          longer.add(head.isEmpty() ? component : head + "." + component);
        }
      }
      uris.addAll(longer);
      longest = longer;
    }
    return uris;
  }

  @SuppressWarnings("EnumOrdinal") // any of them
  private static PermissionConfig rule(Random random) {
    MatchPolicy match = MatchPolicy.values()[random.nextInt(3)];
    List<String> components = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      components.add(List.of("a", "b", "ab").get(random.nextInt(3)));
    }
    if (match == MatchPolicy.WILDCARD) {
      components.replaceAll(component -> random.nextBoolean() ? "" : component);
    } else if (match == MatchPolicy.PREFIX && random.nextBoolean()) {
      components.set(components.size() - 1, "");
    }
    return rule(String.join(".", components), match.wireName());
  }

  private static PermissionConfig rule(String uri, String match) {
    return new PermissionConfig(uri, MatchPolicy.of(match), Set.of(), false, "here");
  }
}
