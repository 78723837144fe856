package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Entrance;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.FailedLogins.Policy;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that have failed too often. */
class PausedLoginsTest extends LoginWithoutTransport {

  private static final Evidence HERE =
      new Evidence("10.0.0.1:1", "10.0.0.1", true, null, null, null, Entrance.OPEN);
  private static final Evidence THERE =
      new Evidence("10.0.0.2:1", "10.0.0.2", true, null, null, null, Entrance.OPEN);

  private static final String DENIED = "wamp.error.authentication_denied";

  @BeforeEach
  void limit() {
    failed.policy(
        new Policy(3, 6, 100, Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofMinutes(1)));
  }

  private long failures() {
    return world.router.metrics().loginsFailed.sum();
  }

  private long refusals() {
    return world.router.metrics().loginsPaused.sum();
  }

  @Test
  @Conformance("AUTH-11")
  void afterSomeFailuresNothingIsLookedAtForAWhile() {
    for (int i = 0; i < 3; i++) {
      assertThat(login(HERE, "ticket", "joe", "wrong").heard).containsExactly(DENIED);
    }
    assertThat(login(HERE, "ticket", "joe", "joe-s secret").heard).containsExactly(DENIED);
    assertThat(login(HERE, "ticket", "joe", null).heard)
        .as("no challenge either")
        .containsExactly(DENIED);
    assertThat(failures()).isEqualTo(3);
    assertThat(refusals()).isEqualTo(2);
    assertThat(login(THERE, "ticket", "joe", "joe-s secret").heard).containsExactly("joe is user");
    world.time.pass(Duration.ofSeconds(1));
    assertThat(login(HERE, "ticket", "joe", "joe-s secret").heard).containsExactly("joe is user");
  }

  @Test
  @Conformance("AUTH-11")
  void addressThatTriesManyAuthidsPauses() {
    for (int i = 0; i < 6; i++) {
      login(HERE, "ticket", "name" + i, "wrong");
    }
    assertThat(login(HERE, "ticket", "joe", "joe-s secret").heard).containsExactly(DENIED);
    assertThat(login(THERE, "ticket", "joe", "joe-s secret").heard).containsExactly("joe is user");
  }

  @Test
  void whetherAnAuthidExistsCannotBeTold() {
    for (int i = 0; i < 5; i++) {
      assertThat(login(HERE, "ticket", "joe", "wrong").heard)
          .isEqualTo(login(THERE, "ticket", "jane", "wrong").heard);
    }
    assertThat(refusals()).isEqualTo(4);
  }

  @Test
  void challengeFromBeforeThePauseIsNoAttempt() {
    Device waiting = login(HERE, "ticket", "joe", null);
    for (int i = 0; i < 3; i++) {
      login(HERE, "ticket", "joe", "wrong");
    }
    waiting.login.prove(new Authenticate("joe-s secret", Map.of()));
    world.runTasks();
    assertThat(waiting.heard).containsExactly("ticket", DENIED);
    assertThat(refusals()).isEqualTo(1);
  }

  @Test
  void whoHasNothingToGuessIsNotKeptOut() {
    for (int i = 0; i < 6; i++) {
      login(HERE, "ticket", "name" + i, "wrong");
    }
    assertThat(login(HERE, "anonymous", "joe", null).heard)
        .as("the realm has no such role")
        .containsExactly("wamp.error.no_such_role");
  }

  @Test
  void whatIsNotTheClientsFaultDoesNotCount() {
    Evidence openly =
        new Evidence("10.0.0.1:1", "10.0.0.1", false, null, null, null, Entrance.OPEN);
    for (int i = 0; i < 6; i++) {
      login(openly, "ticket", "joe", "joe-s secret"); // refused before it has shown anything
      login(HERE, "cookie", "joe", null);
      played.answer =
          request ->
              new AuthAnswer.Later(
                  CompletableFuture.failedFuture(new IllegalStateException("broken")));
      login(HERE, "played", "joe", "proof");
      Device silent = login(HERE, "ticket", "joe", null);
      silent.login.abandon();
    }
    assertThat(failures()).isZero();
    assertThat(login(HERE, "ticket", "joe", "joe-s secret").heard).containsExactly("joe is user");
  }

  @Test
  void proofThatNobodyCouldJudgeDoesNotCount() {
    played.answer =
        request ->
            new AuthStep.Challenged(
                new Challenge("played", Map.of()),
                shown ->
                    new AuthStep.Refused(
                        "wamp.error.authentication_failed", "too many clients: come again"));
    for (int i = 0; i < 6; i++) {
      login(HERE, "played", "joe", "proof");
    }
    assertThat(failures()).isZero();
  }
}
