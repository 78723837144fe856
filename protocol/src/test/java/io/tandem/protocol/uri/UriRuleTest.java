package io.tandem.protocol.uri;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scanner against the regular expressions of the requirement list. */
class UriRuleTest {

  private static final Map<UriRule, String> COMPONENT =
      Map.of(UriRule.LOOSE, "[^\\s.#]", UriRule.STRICT, "[0-9a-z_]");

  private static final Map<MatchPolicy, String> PATTERN =
      Map.of(
          MatchPolicy.EXACT, "(C+\\.)*(C+)",
          MatchPolicy.PREFIX, "(C+\\.)*(C*)",
          MatchPolicy.WILDCARD, "((C+\\.)|\\.)*(C+)?");

  private static boolean matches(UriRule rule, String pattern, String uri) {
    return Pattern.compile(
            pattern.replace("C", COMPONENT.get(rule)), Pattern.UNICODE_CHARACTER_CLASS)
        .matcher(uri)
        .matches();
  }

  @Provide
  Arbitrary<String> uris() {
    return Arbitraries.strings()
        .withChars(
            "....aaz09_AZ-#é€ \t\n\u000b\u001c\u0085\u00a0\u2003\u200b\u2028\u3000\ufeff\ud83d\ude00")
        .ofMaxLength(8);
  }

  @Property
  @Conformance("URI-01")
  void uriIsWhatTheRegularExpressionSays(@ForAll UriRule rule, @ForAll("uris") String uri) {
    assertThat(rule.isUri(uri)).isEqualTo(matches(rule, PATTERN.get(MatchPolicy.EXACT), uri));
    assertThat(rule.isName(uri)).isEqualTo(matches(rule, "C+", uri));
  }

  @Property
  @Conformance({"URI-05", "URI-06"})
  void patternIsWhatTheRegularExpressionSays(
      @ForAll UriRule rule, @ForAll MatchPolicy policy, @ForAll("uris") String uri) {
    assertThat(rule.isPattern(uri, policy)).isEqualTo(matches(rule, PATTERN.get(policy), uri));
  }

  @Test
  @Conformance("URI-01")
  void whitespaceIsWhatUnicodeCallsSo() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String uri = Character.toString(c);
      assertThat(UriRule.LOOSE.isName(uri))
          .as("U+%04X", c)
          .isEqualTo(c != '.' && c != '#' && !Pattern.matches("(?U)\\s", uri));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXACT,    a1.b2.c3.d4.e55,    a1.b2.c3.d4.e55,      true",
    "EXACT,    a1.b2.c3.d4.e55,    a1.b2.c3.d4.e5,       false",
    "PREFIX,   a1.b2.c3,           a1.b2.c3.d98.e74,     true",
    "PREFIX,   a1.b2.c3,           a1.b2.c33,            true",
    "PREFIX,   a1.b2.c3.d4,        a1.b2.c3.d4.e325,     true",
    "PREFIX,   a1.b2.c3.d4,        a1.b2.c3.d98.e74,     false",
    "PREFIX,   '',                 anything,             true",
    "WILDCARD, a1.b2..d4.e5,       a1.b2.c55.d4.e5,      true",
    "WILDCARD, a1.b2.c33..e5,      a1.b2.c33.d4.e5,      true",
    "WILDCARD, a1.b2..d4.e5..g7,   a1.b2.c88.d4.e5.f6.g7, true",
    "WILDCARD, a1.b2..d4..f6.g7,   a1.b2.c88.d4.e5.f6.g7, true",
    "WILDCARD, a1.b2..d4.e5,       a1.b2.c55.d4.e5.f6,   false",
    "WILDCARD, a1.b2..d4.e5,       a1.b2.d4.e5,          false",
    "WILDCARD, a1.b2..d4.e5,       a2.b2.c2.d2.e2,       false",
    "WILDCARD, a..,                a.b.c,                true",
    "WILDCARD, a..,                a.b.c.d,              false",
    "WILDCARD, ..,                 a.b.c,                true",
    "WILDCARD, '',                 a,                    true",
    "WILDCARD, '',                 a.b,                  false",
    "WILDCARD, ab,                 abc,                  false"
  })
  void uriMatchesItsPattern(MatchPolicy policy, String pattern, String uri, boolean expected) {
    assertThat(Uris.matches(policy, pattern, uri)).isEqualTo(expected);
  }

  @Test
  void onlyTheComponentWampIsReserved() {
    assertThat(WampUri.isReserved("wamp")).isTrue();
    assertThat(WampUri.isReserved("wamp.error.x")).isTrue();
    assertThat(WampUri.isReserved("wampy.x")).isFalse();
    assertThat(WampUri.isReserved("com.wamp")).isFalse();
  }
}
