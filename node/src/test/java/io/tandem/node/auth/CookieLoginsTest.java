package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.TicketAuthenticator.Ticket;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.logins.LocalRememberedLogins;
import io.tandem.registry.logins.RememberedLogin;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that cookies stand for, and what they stop standing for. */
class CookieLoginsTest {

  private static final Duration WEEK = Duration.ofDays(7);

  private final LocalRememberedLogins store = new LocalRememberedLogins();
  private final AuthPool pool = new AuthPool();
  private final Cookie cookie = Cookie.of(Cookie.freshValue());
  private final Authentication realm = realm(ticket("user", "joe-s secret"));
  private boolean secure = true;

  private static TicketAuthenticator ticket(String role, String secret) {
    return new TicketAuthenticator(Map.of("joe", new Ticket(role, secret)), false);
  }

  private Authentication realm(Authenticator... methods) {
    return realm(WEEK, false, methods);
  }

  private Authentication realm(Duration maxAge, boolean overPlainText, Authenticator... methods) {
    return new Authentication(
        List.of(methods),
        Set.of("user", "admin"),
        pool,
        new FailedLogins(FailedLogins.Policy.NONE),
        new CookieLogins(store, maxAge, overPlainText, Instant::now));
  }

  private AuthRequest asking(@Nullable Cookie shown, @Nullable String authid, String... methods) {
    Options details = Options.of(Keys.AUTHMETHODS, List.of(methods));
    return new AuthRequest(
        "realm1",
        authid == null ? details : details.with(Keys.AUTHID, authid),
        7,
        Clients.evidence("10.0.0.1:1", secure, null, null, shown));
  }

  private static Principal principal(String method, @Nullable Map<String, Object> extra) {
    return new Principal("realm1", "joe", "user", method, "static", copy(extra));
  }

  private static @Nullable Map<String, @Nullable Object> copy(@Nullable Map<String, Object> extra) {
    return extra == null ? null : new LinkedHashMap<>(extra);
  }

  private void logIn(Authentication at, Cookie shown) {
    CompletionStage<?> remembered =
        at.remember(asking(shown, "joe", "ticket"), principal("ticket", null));
    assertThat(remembered).as("what is remembered").isNotNull();
    Patience.join(remembered);
  }

  /** What becomes of a client, when all is looked up. */
  private static AuthStep outcome(AuthAnswer answer) {
    return answer instanceof AuthAnswer.Lookup<?> lookup
        ? outcome(found(lookup))
        : (AuthStep) answer;
  }

  private static <T> AuthAnswer found(AuthAnswer.Lookup<T> lookup) {
    return lookup.heard().apply(Patience.join(lookup.found()));
  }

  private AuthStep byCookie(Authentication at) {
    return outcome(at.begin(asking(cookie, null, "cookie")));
  }

  private static void assertUnknown(AuthStep step) {
    assertThat(step)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(WampUri.AUTHENTICATION_REQUIRED));
  }

  @Test
  void whoHasLoggedInComesInByItsCookieAsWhoItWas() {
    logIn(realm, cookie);
    assertThat(byCookie(realm)).isEqualTo(new Accepted(principal("cookie", null)));
    assertThat(outcome(realm.begin(asking(cookie, "joe", "cookie"))))
        .isEqualTo(new Accepted(principal("cookie", null)));
    assertUnknown(outcome(realm.begin(asking(Cookie.of(Cookie.freshValue()), null, "cookie"))));
    assertUnknown(outcome(realm.begin(asking(null, null, "cookie"))));
  }

  /** As Crossbar has it: the other methods are for those whom the cookie does not make known. */
  @Test
  @Conformance("AUTH-02")
  void cookieIsEnoughWhereverItStandsAndElseTheOthersCount() {
    AuthRequest asked = asking(cookie, "joe", "ticket", "cookie");
    assertThat(outcome(realm.begin(asked))).isInstanceOf(Challenged.class);
    logIn(realm, cookie);
    assertThat(outcome(realm.begin(asked))).isInstanceOf(Accepted.class);
    assertThat(outcome(realm.begin(asking(cookie, "joe", "ticket"))))
        .as("who does not want to come in by the cookie")
        .isInstanceOf(Challenged.class);
  }

  @Test
  void whoMayStayForATimeOnlyIsNotRemembered() {
    Principal forAnHour = principal("ticket", null).lasting(Duration.ofHours(1));
    assertThat(realm.remember(asking(cookie, "joe", "ticket"), forAnHour)).isNull();
    assertUnknown(byCookie(realm));
  }

  @Test
  void whoWantsToBeSomebodyElseHasToProveIt() {
    logIn(realm, cookie);
    assertThat(outcome(realm.begin(asking(cookie, "ann", "cookie", "ticket"))))
        .isInstanceOf(Challenged.class);
    AuthRequest elsewhere = asking(cookie, null, "cookie");
    assertUnknown(
        outcome(
            realm.begin(new AuthRequest("realm2", elsewhere.details(), 7, elsewhere.evidence()))));
  }

  @Test
  void realmWithoutTheMethodDoesNotKnowItButForgets() {
    logIn(realm, cookie);
    Authentication without =
        new Authentication(
            List.of(ticket("user", "joe-s secret")),
            Set.of("user"),
            pool,
            new FailedLogins(FailedLogins.Policy.NONE),
            CookieLogins.forgetting(store));
    assertThat(byCookie(without))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(WampUri.NO_MATCHING_AUTH_METHOD));
    assertThat(without.remember(asking(cookie, "joe", "ticket"), principal("ticket", null)))
        .isNull();
    Patience.join(without.forget(cookie));
    assertUnknown(byCookie(realm));
  }

  @Test
  void logoutIsOfThisCookieAlone() {
    Cookie other = Cookie.of(Cookie.freshValue());
    logIn(realm, cookie);
    logIn(realm, other);
    Patience.join(realm.forget(cookie));
    assertUnknown(byCookie(realm));
    assertThat(outcome(realm.begin(asking(other, null, "cookie")))).isInstanceOf(Accepted.class);
  }

  @Test
  void loginHoldsNoLongerThanItsMethodAndPrincipal() {
    logIn(realm, cookie);
    assertThat(byCookie(realm(ticket("user", "joe-s secret")))).isInstanceOf(Accepted.class);

    assertUnknown(byCookie(realm(ticket("user", "joe-s new secret"))));
    assertUnknown(byCookie(realm(ticket("admin", "joe-s secret"))));
    assertUnknown(
        byCookie(
            realm(
                new TicketAuthenticator(
                    Map.of("ann", new Ticket("user", "joe-s secret")), false))));
    assertUnknown(byCookie(realm(new AnonymousAuthenticator("user"))));
    assertThat(byCookie(realm(ticket("user", "joe-s secret")))).isInstanceOf(Accepted.class);
  }

  @Test
  void anonymousLoginsAreNotRememberedNorThoseByCookie() {
    Authentication open = realm(new AnonymousAuthenticator("user"), ticket("user", "joe-s secret"));
    assertThat(open.remember(asking(cookie, null, "anonymous"), principal("anonymous", null)))
        .isNull();
    assertThat(open.remember(asking(cookie, null, "cookie"), principal("cookie", null))).isNull();
    assertThat(open.remember(asking(null, "joe", "ticket"), principal("ticket", null)))
        .as("without a cookie")
        .isNull();
  }

  @Test
  void whereOthersReadAlongNothingIsRememberedAndNobodyComesInUnlessAllowed() {
    logIn(realm, cookie);
    secure = false;
    assertUnknown(byCookie(realm));
    assertThat(realm.remember(asking(cookie, "joe", "ticket"), principal("ticket", null))).isNull();
    Authentication open = realm(WEEK, true, ticket("user", "joe-s secret"));
    assertThat(byCookie(open)).isInstanceOf(Accepted.class);
    logIn(open, cookie);
  }

  @Test
  void extraIsRememberedButForWhatProvedTheNodeToTheClient() {
    Map<String, Object> told = Map.of("verifier", "abc", "seat", 12L);
    Patience.join(realm.remember(asking(cookie, "joe", "ticket"), principal("ticket", told)));
    assertThat(byCookie(realm)).isEqualTo(new Accepted(principal("cookie", Map.of("seat", 12L))));

    Patience.join(
        realm.remember(
            asking(cookie, "joe", "ticket"), principal("ticket", Map.of("verifier", "abc"))));
    assertThat(byCookie(realm)).isEqualTo(new Accepted(principal("cookie", null)));
  }

  @Test
  void whatIsTooLongIsNotRemembered() {
    assertThat(
            realm.remember(
                asking(cookie, "joe", "ticket"),
                principal("ticket", Map.of("seat", "x".repeat(4 << 10)))))
        .isNull();
    assertThat(realm.remember(asking(cookie, "j".repeat(257), "ticket"), principal("ticket", null)))
        .isNull();
  }

  /** Whoever reads what the cluster keeps cannot try tickets against it, nor come in by it. */
  @Test
  void whatIsKeptTellsNeitherTheCookieNorTheSecret() {
    String value = Cookie.freshValue();
    logIn(realm, Cookie.of(value));
    RememberedLogin kept = Patience.join(store.find(Cookie.of(value).name()));
    assertThat(kept).isNotNull();
    assertThat(kept.toString()).doesNotContain(value).doesNotContain("secret");
    Cookie other = Cookie.of(Cookie.freshValue());
    byte[] standing = {1};
    assertThat(other.seal(standing)).isNotEqualTo(Cookie.of(value).seal(standing));
    assertThat(Cookie.of(value)).hasToString("Cookie " + Cookie.of(value).id());
    assertThat(Cookie.of(value).id()).matches("[0-9a-f]{32}").isNotEqualTo(other.id());
  }

  @Test
  void valuesAreOf256RandomBits() {
    String value = Cookie.freshValue();
    assertThat(value).hasSize(43);
    assertThat(Cookie.isValue(value)).isTrue();
    assertThat(Cookie.freshValue()).isNotEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
  void otherTextsAreNoValues(String text) {
    assertThat(Cookie.isValue(text)).isFalse();
  }
}
