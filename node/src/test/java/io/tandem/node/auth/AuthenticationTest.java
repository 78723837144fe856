package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  private final List<AuthAnswer> steps = new ArrayList<>();

  @Test
  @Conformance("AUTH-ANON-01")
  void anonymousIsAdmittedUnderARandomAuthidAndTheConfiguredRole() {
    Options details = Options.of(Keys.AUTHID, "admin").with(Keys.AUTHROLE, "admin");
    Authentication authentication = realm(new AnonymousAuthenticator("guest"));

    steps.add(authentication.begin(request(details)));
    steps.add(authentication.begin(request(details)));

    assertThat(steps)
        .hasSize(2)
        .allSatisfy(
            step -> {
              Principal principal = ((Accepted) step).principal();
              assertThat(principal.realm()).isEqualTo("realm1");
              assertThat(principal.authrole()).isEqualTo("guest");
              assertThat(principal.authmethod()).isEqualTo("anonymous");
              assertThat(principal.authprovider()).isEqualTo("static");
              assertThat(principal.authid()).isNotBlank().isNotEqualTo("admin");
            })
        .extracting(step -> ((Accepted) step).principal().authid())
        .doesNotHaveDuplicates();
  }

  @Test
  @Conformance("AUTH-02")
  void firstMethodOfTheClientThatTheRealmHasIsUsed() {
    Authentication authentication = realm(accepting("one"), accepting("two"));

    steps.add(authentication.begin(asking("unknown", "two", "one")));

    assertThat(steps).singleElement().isEqualTo(accepted("two", "guest"));
  }

  @Test
  @Conformance("AUTH-02")
  void absentOrEmptyListMeansAnonymous() {
    Authentication authentication = realm(accepting("one"), accepting("anonymous"));

    steps.add(authentication.begin(request(Options.EMPTY)));
    steps.add(authentication.begin(asking()));

    assertThat(steps)
        .containsExactly(accepted("anonymous", "guest"), accepted("anonymous", "guest"));
  }

  @Test
  @Conformance("AUTH-01")
  void aListenerMayTakeFewerMethodsThanTheRealm() {
    Authentication authentication = realm(accepting("one"), accepting("two"));
    Entrance narrow = new Entrance(realm -> true, "two"::equals);

    steps.add(authentication.begin(asking(narrow, "one", "two")));
    steps.add(authentication.begin(asking(narrow, "one")));
    steps.add(realm(accepting("anonymous")).begin(asking(narrow)));

    assertThat(steps).first().isEqualTo(accepted("two", "guest"));
    assertThat(steps.subList(1, 3))
        .extracting(step -> ((Refused) step).reason())
        .containsExactly(WampUri.NO_MATCHING_AUTH_METHOD, WampUri.AUTHENTICATION_REQUIRED);
  }

  @Test
  void onlyWhoMayUseAMethodThereHasSomethingToGuess() {
    Options details = Options.of(Keys.AUTHMETHODS, List.of("one", "anonymous"));
    Authentication authentication = realm(accepting("one"), new AnonymousAuthenticator("guest"));

    assertThat(authentication.failedLogins(details, Entrance.OPEN)).isNotNull();
    assertThat(
            authentication.failedLogins(details, new Entrance(realm -> true, "anonymous"::equals)))
        .isNull();
  }

  @Test
  @Conformance("AUTH-03")
  void withoutAMethodInCommonTheClientIsRefused() {
    steps.add(realm(new AnonymousAuthenticator("guest")).begin(asking("ticket", "scram")));

    assertRefused(WampUri.NO_MATCHING_AUTH_METHOD);
  }

  @Test
  void anonymousWhereCredentialsAreNeededIsToldSo() {
    steps.add(realm(accepting("ticket")).begin(request(Options.EMPTY)));

    assertRefused(WampUri.AUTHENTICATION_REQUIRED);
  }

  @Test
  @Conformance("AUTH-03")
  void realmWithoutMethodsAdmitsNobody() {
    steps.add(realm().begin(asking("ticket")));
    steps.add(realm().begin(asking("anonymous")));

    assertThat(steps)
        .extracting(step -> ((Refused) step).reason())
        .containsExactly(WampUri.NO_MATCHING_AUTH_METHOD, WampUri.AUTHENTICATION_REQUIRED);
  }

  @Test
  @Conformance("AUTH-08")
  void challengesMayFollowOneAnother() {
    Authenticator twoFactors =
        authenticator(
            "ticket",
            request ->
                challenge(
                    first ->
                        challenge(
                            second -> accepted(first.signature() + second.signature(), "guest"))));

    steps.add(realm(twoFactors).begin(asking("ticket")));
    answer("a");
    answer("b");

    assertThat(steps).hasSize(3).last().isEqualTo(accepted("ab", "guest"));
  }

  @Test
  void twoAuthenticatorsForOneMethodAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> realm(accepting("a"), accepting("a")));
  }

  private void answer(String signature) {
    Challenged challenged = (Challenged) steps.get(steps.size() - 1);
    steps.add(challenged.verifier().verify(new Authenticate(signature, Map.of())));
  }

  private void assertRefused(String reason) {
    assertThat(steps)
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static Authentication realm(Authenticator... authenticators) {
    return Clients.authentication(List.of(authenticators), Set.of("guest"), new AuthPool());
  }

  private static AuthRequest asking(String... methods) {
    return request(Options.of(Keys.AUTHMETHODS, List.of(methods)));
  }

  private static AuthRequest asking(Entrance entrance, String... methods) {
    Evidence there = new Evidence("10.0.0.1", "10.0.0.1", false, null, null, null, entrance);
    return new AuthRequest("realm1", Options.of(Keys.AUTHMETHODS, List.of(methods)), 7, there);
  }

  private static AuthRequest request(Options details) {
    return new AuthRequest("realm1", details, 7, Clients.evidence("127.0.0.1", false, null, null));
  }

  private static Authenticator accepting(String method) {
    return authenticator(method, request -> accepted(method, "guest"));
  }

  private static Accepted accepted(String method, String role) {
    return new Accepted(new Principal("realm1", "joe", role, method, "test", null));
  }

  private static Challenged challenge(AuthStep.Verifier verifier) {
    return new Challenged(new Challenge("ticket", Map.of()), verifier);
  }

  private static Authenticator authenticator(
      String method, Function<AuthRequest, AuthAnswer> begin) {
    return new Authenticator() {
      @Override
      public String method() {
        return method;
      }

      @Override
      public AuthAnswer begin(AuthRequest request) {
        return begin.apply(request);
      }
    };
  }
}
