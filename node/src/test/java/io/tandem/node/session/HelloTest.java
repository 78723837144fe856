package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Principal;
import io.tandem.node.router.CloseCause;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a HELLO: WELCOME and what it says, or ABORT and why. */
class HelloTest extends OneClient {

  private void refuses(String hello, String message, String reason) {
    receive(hello);
    assertThat(sent()).containsExactly("[3,{\"message\":\"" + message + "\"},\"" + reason + "\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.REFUSED);
    assertThat(slow.requests).isEmpty();
  }

  // ---- the realm and the roles ----

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\""})
  void helloThatNamesNoRealmIsRefused(String realm) {
    refuses(
        "[1," + realm + ",{\"roles\":{\"caller\":{}}}]",
        "HELLO names no realm",
        "wamp.error.no_such_realm");
  }

  @Test
  void helloWhoseRealmIsNoUriIsRefused() {
    refuses(
        "[1,\"realm one\",{\"roles\":{\"caller\":{}}}]",
        "the realm is not a valid URI",
        "wamp.error.invalid_uri");
  }

  @Test
  void helloForARealmThatIsNotHereIsRefused() {
    refuses(
        "[1,\"realm3\",{\"roles\":{\"caller\":{}}}]",
        "this router has no realm realm3",
        "wamp.error.no_such_realm");
  }

  @Test
  void helloWithoutARoleOfAClientIsAViolation() {
    receive("[1,\"realm1\",{\"roles\":{\"dealer\":{}}}]");
    assertThat(sent())
        .singleElement()
        .asString()
        .contains("HELLO must announce at least one of", VIOLATION);
    assertThat(transport.closedFor).isEqualTo(CloseCause.PROTOCOL_VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"caller", "callee", "publisher", "subscriber"})
  void anyRoleOfAClientWillDo(String role) {
    receive("[1,\"realm1\",{\"roles\":{\"dealer\":{},\"" + role + "\":{}}}]");
    assertThat(sent()).singleElement().asString().startsWith("[2,");
  }

  @Test
  void helloAsLargeAsAuthenticationMayKeepIsTaken() {
    String many = "[]" + ",[]".repeat(400);
    receive("[1,\"realm1\",{\"roles\":{\"caller\":{\"features\":{\"x\":[" + many + "]}}}}]");
    assertThat(sent()).singleElement().asString().startsWith("[2,");
  }

  @Test
  void explanationOf200CharactersIsNotCut() {
    String realm = "r".repeat(200 - "this router has no realm ".length());
    refuses(
        "[1,\"" + realm + "\",{\"roles\":{\"caller\":{}}}]",
        "this router has no realm " + realm,
        "wamp.error.no_such_realm");
  }

  // ---- the ID ----

  @Test
  void clientWhoseSessionIdCannotBeClaimedIsRefused() {
    ids.outcome = CompletableFuture.failedFuture(new IllegalStateException("planted"));
    refuses(ANONYMOUS, "no session ID could be claimed", "wamp.error.authentication_failed");
  }

  @Test
  void clientIsNotHurriedWhileItsSessionIdIsClaimed() {
    ids.outcome = new CompletableFuture<>();
    receive(ANONYMOUS);
    time.pass(TIMEOUTS.hello().plus(Duration.ofSeconds(10)));
    assertThat(transport.closedFor).isNull();
    ids.claimed.add(7L);
    ids.outcome.complete(7L);
    runTasks();
    assertThat(sent()).singleElement().asString().startsWith("[2,7,");
  }

  @Test
  void clientThatAbortsWhileItsSessionIdIsClaimedGivesNothingBack() {
    ids.outcome = new CompletableFuture<>();
    receive(ANONYMOUS);
    receive("[3,{},\"wamp.close.normal\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.ABORTED_BY_CLIENT);
    ids.outcome.completeExceptionally(new IllegalStateException("planted"));
    runTasks();
    assertThat(sent()).isEmpty();
  }

  // ---- authentication ----

  @Test
  void authenticatorIsToldWhoAsks() {
    receive(SLOWLY);
    assertThat(slow.requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.realm()).isEqualTo("realm1");
              assertThat(ids.claimed).containsExactly(request.session());
              assertThat(request.evidence().address()).isEqualTo("test");
              assertThat(request.evidence().secure()).isTrue();
              assertThat(request.details().toMap()).containsKey("authmethods");
            });
  }

  @ParameterizedTest
  @CsvSource({"THINKING", "VERIFYING"})
  void roleThatTheRealmDoesNotHaveIsRefused(From state) {
    state.reach(this);
    sent();
    answer(accepted("realm1", "boss"));
    assertThat(sent()).singleElement().asString().contains("wamp.error.no_such_role");
    assertThat(ids.claimed).isEmpty();
  }

  @Test
  @Conformance("AUTH-09")
  void sessionJoinsTheRealmThatTheAuthenticatorNames() {
    receive(SLOWLY);
    answer(accepted("realm2", "user"));
    assertThat(sent()).singleElement().asString().startsWith("[2,").contains("realm2");
    receive("[64,1,{},\"com.a\"]");
    assertThat(router.tables().realm("realm2").registrationCount()).isEqualTo(1);
    assertThat(router.tables().realm("realm1").registrationCount()).isZero();
  }

  @Test
  void realmThatTheAuthenticatorInventsIsRefused() {
    receive(SLOWLY);
    answer(accepted("nowhere", "user"));
    assertThat(sent()).singleElement().asString().contains("wamp.error.no_such_realm");
  }

  private static AuthStep accepted(String realm, String role) {
    return new AuthStep.Accepted(new Principal(realm, "peter", role, "slow", "test", null));
  }

  @ParameterizedTest
  @CsvSource({"THINKING", "VERIFYING"})
  void challengeGivesTheClientItsOwnTime(From state) {
    state.reach(this);
    time.pass(TIMEOUTS.authenticate().minusMillis(1));
    answer(slow.challenge());
    time.pass(TIMEOUTS.authenticate().minusMillis(1));
    assertThat(transport.closedFor).isNull();
    sent();
    receive("[5,\"proof\",{}]");
    time.pass(TIMEOUTS.authenticate().minusMillis(1));
    assertThat(transport.closedFor).as("the authenticator has its own time too").isNull();
    answer(slow.accept());
    assertThat(sent()).singleElement().asString().startsWith("[2,");
  }

  @Test
  void helloThatIsRefusedGivesItsSessionIdBack() {
    receive(SLOWLY);
    assertThat(ids.claimed).hasSize(1);
    answer(new AuthStep.Refused("wamp.error.authentication_denied", "no"));
    assertThat(ids.claimed).isEmpty();
  }

  // ---- WELCOME ----

  @Test
  @Conformance("FEAT-04")
  void welcomeNamesTheClientAndTheFeaturesOfBothRoles() {
    receive(SLOWLY);
    sent();
    answer(slow.accept());
    String welcome = sent().get(0);
    assertThat(welcome)
        .contains(
            "\"agent\":\"Tandem\"",
            "\"realm\":\"realm1\"",
            "\"authid\":\"peter\"",
            "\"authrole\":\"user\"",
            "\"authmethod\":\"slow\"",
            "\"authprovider\":\"test\"",
            "\"broker\":{\"features\":{\"event_history\":true,",
            "\"dealer\":{\"features\":{\"call_canceling\":true,");
    assertThat(welcome.split(":true", -1)).as("twenty-five features").hasSize(26);
  }
}
