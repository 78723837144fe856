package io.tandem.node.config;

import static io.tandem.node.config.Yaml.REALMS;
import static io.tandem.node.config.Yaml.listener;
import static io.tandem.node.config.Yaml.problems;
import static io.tandem.node.config.Yaml.realm;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.CookieConfig.SameSite;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies as a configuration has them, and what browsers or strangers would make of them. */
class CookieReaderTest {

  private static final String OVER_TLS = "proxy: {from: [10.0.0.0/8], tls: true}";

  private static final String TICKET =
      "ticket: {principals: [{authid: joe, role: user, ticket: {env: METRICS_TOKEN}}]}";

  private static CookieConfig cookie(String... lines) throws Exception {
    CookieConfig cookie = Yaml.config(listener(lines)).listeners().get(0).cookie();
    assertThat(cookie).isNotNull();
    return cookie;
  }

  @Test
  void everyKeyHasItsDefault() throws Exception {
    assertThat(cookie("cookie: {}"))
        .isEqualTo(new CookieConfig("tandem", Duration.ofDays(30), SameSite.LAX, "/", null));
    assertThat(Yaml.config(listener()).listeners().get(0).cookie()).isNull();

    String realms =
        "realms: [{name: realm1, auth: {cookie: {}, " + TICKET + "}, roles: [{name: user}]}]\n";
    assertThat(Yaml.config("listeners: [{cookie: {}}]\n" + realms).realms().get(0).auth())
        .first()
        .isEqualTo(new AuthConfig.Cookie(Duration.ofDays(7), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{sameSite: none}",
        "{name: __Secure-tandem, domain: example.com}",
        "{name: __Host-tandem}"
      })
  void cookiesThatTakeTlsAreTakenWhereItEndsAtTheProxy(String cookie) throws Exception {
    assertThat(cookie(OVER_TLS, "cookie: " + cookie)).isNotNull();
  }

  @Test
  void pagesThatAreNamedMayConnect() throws Exception {
    assertThat(cookie("origins: ['https://app.example.com']", "cookie: {}")).isNotNull();
  }

  @ParameterizedTest
  @MethodSource
  void onlyProblem(String yaml, String expected) {
    assertThat(problems(yaml)).containsExactly("node.yaml:" + expected);
  }

  static Stream<Arguments> onlyProblem() {
    String overTls =
        "browsers take such a cookie over TLS only: the listener needs tls, or" + " proxy.tls";
    String named =
        "has to name the origins where there is a cookie, by which other pages would come in";
    return Stream.of(
        problem(
            listener("cookie: {name: a b}"),
            "3: listeners[0].cookie.name: expected text: a cookie's name, one word of at most 64"
                + " characters, found 'a b'"),
        problem(
            listener("cookie: {name: 'a;b'}"),
            "3: listeners[0].cookie.name: expected text: a cookie's name, one word of at most 64"
                + " characters, found 'a;b'"),
        problem(
            listener("cookie: {path: '/; Domain=com'}"),
            "3: listeners[0].cookie.path: expected text: a path such as /ws, found"
                + " '/; Domain=com'"),
        problem(
            listener("cookie: {domain: localhost}"),
            "3: listeners[0].cookie.domain: expected text: a domain such as example.com, in lower"
                + " case, found 'localhost'"),
        problem(
            listener("cookie: {maxAge: 59s}"),
            "3: listeners[0].cookie.maxAge: expected a duration from 1m to 9600h, found '59s'"),
        problem(
            listener("cookie: {sameSite: never}"),
            "3: listeners[0].cookie.sameSite: expected strict or lax or none, found 'never'"),
        problem(
            listener("cookie: {sameSite: none}"), "3: listeners[0].cookie.sameSite: " + overTls),
        problem(listener("cookie: {name: __Secure-t}"), "3: listeners[0].cookie.name: " + overTls),
        problem(listener("cookie: {name: __Host-t}"), "3: listeners[0].cookie.name: " + overTls),
        problem(
            listener(OVER_TLS, "cookie: {name: __Host-t, path: /ws}"),
            "4: listeners[0].cookie.name: browsers take such a cookie for the path / only, and"
                + " without a domain"),
        problem(
            listener(OVER_TLS, "cookie: {name: __Host-t, domain: example.com}"),
            "4: listeners[0].cookie.name: browsers take such a cookie for the path / only, and"
                + " without a domain"),
        problem(listener("origins: ['*']", "cookie: {}"), "3: listeners[0].origins: " + named),
        problem(listener("origins: ['null']", "cookie: {}"), "3: listeners[0].origins: " + named),
        problem(
            listener("transports: [rawsocket]", "cookie: {}"),
            "4: listeners[0].cookie: needs websocket among the transports"),
        problem(
            realm("auth: {cookie: {}, " + TICKET + "}", "roles: [{name: user}]"),
            "2: listeners: one of them needs a cookie, since a realm has the method cookie"),
        problem(
            "listeners: [{cookie: {}}]\n" + REALMS + "    auth: {cookie: {}}\n",
            "4: realms[0].auth.cookie: needs a method besides by which clients prove who they"
                + " are"),
        problem(
            "listeners: [{cookie: {}}]\n"
                + REALMS
                + "    roles: [{name: guest}]\n"
                + "    auth: {cookie: {maxAge: 401h, allowPlainText: maybe},"
                + " anonymous: {role: guest}, ticket: {principals: [{authid: joe, role: guest,"
                + " ticket: {env: METRICS_TOKEN}}]}}\n",
            "5: realms[0].auth.cookie.allowPlainText: expected true or false, found 'maybe'"));
  }

  private static Arguments problem(String yaml, String expected) {
    return Arguments.of(yaml, expected);
  }
}
