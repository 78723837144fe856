package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  private final List<AuthStep> steps = new ArrayList<>();

  @Test
  @Conformance("AUTH-ANON-01")
  void anonymousIsAdmittedUnderARandomAuthidAndTheConfiguredRole() {
    Options details = Options.of(Keys.AUTHID, "admin").with(Keys.AUTHROLE, "admin");
    Authentication authentication = realm(new AnonymousAuthenticator("guest"));

    authentication.begin(request(details), steps::add);
    authentication.begin(request(details), steps::add);

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

    authentication.begin(asking("unknown", "two", "one"), steps::add);

    assertThat(steps).singleElement().isEqualTo(accepted("two", "guest"));
  }

  @Test
  @Conformance("AUTH-02")
  void absentOrEmptyListMeansAnonymous() {
    Authentication authentication = realm(accepting("one"), accepting("anonymous"));

    authentication.begin(request(Options.EMPTY), steps::add);
    authentication.begin(asking(), steps::add);

    assertThat(steps)
        .containsExactly(accepted("anonymous", "guest"), accepted("anonymous", "guest"));
  }

  @Test
  @Conformance("AUTH-03")
  void withoutAMethodInCommonTheClientIsRefused() {
    realm(new AnonymousAuthenticator("guest")).begin(asking("ticket", "scram"), steps::add);

    assertRefused(WampUri.NO_MATCHING_AUTH_METHOD);
  }

  @Test
  void anonymousWhereCredentialsAreNeededIsToldSo() {
    realm(accepting("ticket")).begin(request(Options.EMPTY), steps::add);

    assertRefused(WampUri.AUTHENTICATION_REQUIRED);
  }

  @Test
  @Conformance("AUTH-03")
  void realmWithoutMethodsAdmitsNobody() {
    realm().begin(asking("ticket"), steps::add);
    realm().begin(asking("anonymous"), steps::add);

    assertThat(steps)
        .extracting(step -> ((Refused) step).reason())
        .containsExactly(WampUri.NO_MATCHING_AUTH_METHOD, WampUri.AUTHENTICATION_REQUIRED);
  }

  @Test
  void failingAuthenticatorRefusesTheClient() {
    Authenticator failing =
        authenticator(
            "ticket",
            (request, next) -> {
              throw new IllegalStateException("no database");
            });

    realm(failing).begin(asking("ticket"), steps::add);

    assertRefused(WampUri.AUTHENTICATION_FAILED);
    assertThat(((Refused) steps.get(0)).message()).doesNotContain("database");
  }

  @Test
  @Conformance("AUTH-08")
  void challengesMayFollowOneAnother() {
    Authenticator twoFactors =
        authenticator(
            "ticket",
            (request, next) ->
                next.accept(
                    challenge(
                        (first, then) ->
                            then.accept(
                                challenge(
                                    (second, end) ->
                                        end.accept(
                                            accepted(
                                                first.signature() + second.signature(),
                                                "guest")))))));

    realm(twoFactors).begin(asking("ticket"), steps::add);
    answer("a");
    answer("b");

    assertThat(steps).hasSize(3).last().isEqualTo(accepted("ab", "guest"));
  }

  @Test
  void failureBehindAChallengeRefusesToo() {
    Authenticator failing =
        authenticator(
            "ticket",
            (request, next) ->
                next.accept(
                    challenge(
                        (proof, then) -> {
                          throw new IllegalStateException("no database");
                        })));

    realm(failing).begin(asking("ticket"), steps::add);
    Challenged challenged = (Challenged) steps.remove(0);
    challenged.verifier().verify(new Authenticate("", Map.of()), steps::add);

    assertRefused(WampUri.AUTHENTICATION_FAILED);
  }

  @Test
  void secondAnswerIsIgnored() {
    Authenticator twice =
        authenticator(
            "ticket",
            (request, next) -> {
              next.accept(new Refused(WampUri.AUTHENTICATION_DENIED, "wrong"));
              next.accept(accepted("ticket", "guest"));
            });

    realm(twice).begin(asking("ticket"), steps::add);

    assertRefused(WampUri.AUTHENTICATION_DENIED);
  }

  @Test
  void exceptionFromBehindTheAnswerIsNotTheAuthenticators() {
    Consumer<AuthStep> session =
        step -> {
          steps.add(step);
          throw new IllegalStateException("session");
        };

    assertThatIllegalStateException()
        .isThrownBy(() -> realm(accepting("ticket")).begin(asking("ticket"), session))
        .withMessage("session");
    assertThat(steps).hasSize(1);
  }

  @Test
  void twoAuthenticatorsForOneMethodAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> realm(accepting("a"), accepting("a")));
  }

  private void answer(String signature) {
    Challenged challenged = (Challenged) steps.get(steps.size() - 1);
    challenged.verifier().verify(new Authenticate(signature, Map.of()), steps::add);
  }

  private void assertRefused(String reason) {
    assertThat(steps)
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static Authentication realm(Authenticator... authenticators) {
    return new Authentication(List.of(authenticators), Set.of("guest"));
  }

  private static AuthRequest asking(String... methods) {
    return request(Options.of(Keys.AUTHMETHODS, List.of(methods)));
  }

  private static AuthRequest request(Options details) {
    return new AuthRequest("realm1", details, 7, new Evidence("127.0.0.1", false));
  }

  private static Authenticator accepting(String method) {
    return authenticator(method, (request, next) -> next.accept(accepted(method, "guest")));
  }

  private static Accepted accepted(String method, String role) {
    return new Accepted(new Principal("realm1", "joe", role, method, "test", null));
  }

  private static Challenged challenge(AuthStep.Verifier verifier) {
    return new Challenged(new Challenge("ticket", Map.of()), verifier);
  }

  private static Authenticator authenticator(
      String method, BiConsumer<AuthRequest, Consumer<? super AuthStep>> begin) {
    return new Authenticator() {
      @Override
      public String method() {
        return method;
      }

      @Override
      public void begin(AuthRequest request, Consumer<? super AuthStep> next) {
        begin.accept(request, next);
      }
    };
  }
}
