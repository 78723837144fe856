package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Entrance;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Opening;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that become sessions, or do not, by what they show: nothing of them speaks WAMP. */
class LoginTest extends LoginWithoutTransport {
  // ---- without a WAMP transport ----

  @Test
  void whoShowsItsTicketJoins() {
    Device device = login(SAFE, "ticket", "joe", "joe-s secret");
    assertThat(device.heard).containsExactly("joe is user");
    assertThat(world.lane.sessions()).isEqualTo(1);
    assertThat(device.session).isNotNull();
    assertThat(device.session.principal().authmethod()).isEqualTo("ticket");
    assertThat(world.ids.claimed).containsExactly(device.session.id());

    device.realm.leave(device.session);
    assertThat(world.lane.sessions()).isZero();
  }

  @Test
  void rulesAreThoseOfEveryClient() {
    assertThat(login(SAFE, "ticket", "joe", "wrong").heard)
        .isEqualTo(login(SAFE, "ticket", "jane", "joe-s secret").heard)
        .containsExactly("wamp.error.authentication_denied");
    assertThat(
            login(
                    Clients.evidence("10.0.0.1:1", false, null, null),
                    "ticket",
                    "joe",
                    "joe-s secret")
                .heard)
        .containsExactly("wamp.error.authentication_denied");
    assertThat(login(SAFE, "cookie", "joe", null).heard)
        .containsExactly("wamp.error.no_matching_auth_method");
    assertThat(login(SAFE, "anonymous", "joe", null).heard)
        .as("the realm has no such role")
        .containsExactly("wamp.error.no_such_role");
    Device lost = new Device(SAFE, null);
    lost.login.begin("realm2", Options.EMPTY);
    assertThat(lost.heard).containsExactly("wamp.error.no_such_realm");
    assertThat(world.lane.sessions()).isZero();
  }

  @Test
  @Conformance("AUTH-01")
  void realmsThatTheListenerDoesNotLeadToAreNotThere() {
    assertThat(loginBy("realm2"::equals).heard).containsExactly("wamp.error.no_such_realm");
    assertThat(loginBy("realm1"::equals).heard).containsExactly("joe is user");
  }

  private Device loginBy(Predicate<String> realms) {
    Entrance entrance = new Entrance(realms, method -> true);
    return login(
        new Evidence("10.0.0.1:1", "10.0.0.1", true, null, null, null, entrance),
        "ticket",
        "joe",
        "joe-s secret");
  }

  @Test
  void whoNeverProvesItselfIsRefusedInTime() {
    Device device = login(SAFE, "ticket", "joe", null);
    assertThat(device.login.awaitsProof()).isTrue();
    world.time.pass(PATIENCE);
    assertThat(device.heard).containsExactly("ticket", "wamp.error.authentication_failed");
  }

  @Test
  void authenticatorSeesWhatTheTransportKnows() {
    Opening opening = new Opening("/mqtt", null, List.of(Map.entry("Cookie", "session=abc")));
    played.answer =
        request -> {
          Evidence evidence = request.evidence();
          return evidence.opening() != null
                  && evidence.opening().cookies("session").equals(List.of("abc"))
              ? KNOWN
              : new AuthStep.Refused("wamp.error.authentication_denied", "no cookie");
        };
    Device shown = login(Clients.evidence("10.0.0.1:1", true, null, opening), "played", "", null);
    assertThat(shown.heard).containsExactly("ann is user");
    assertThat(login(SAFE, "played", "", null).heard)
        .containsExactly("wamp.error.authentication_denied");
  }

  // ---- authenticators that fail ----

  private static final String FAILED = "wamp.error.authentication_failed";

  @Test
  void authenticatorThatFailsRefusesTheClient() {
    assertThat(
            played(
                    () -> {
                      throw new IllegalStateException("no database");
                    })
                .heard)
        .containsExactly(FAILED);
    assertThat(
            played(
                    () ->
                        new AuthStep.Challenged(
                            new Challenge("played", Map.of()),
                            proof -> {
                              throw new IllegalStateException("no database");
                            }))
                .heard)
        .containsExactly(FAILED);
    IllegalStateException failure = new IllegalStateException("no database");
    assertThat(played(() -> new AuthAnswer.Later(CompletableFuture.failedFuture(failure))).heard)
        .containsExactly(FAILED);
    Device blocked =
        played(
            () ->
                new AuthAnswer.Blocking(
                    () -> {
                      throw failure;
                    }));
    untilItHears(blocked);
    assertThat(blocked.heard).containsExactly(FAILED);
  }

  @Test
  void authenticatorThatSaysNothingRefusesTheClient() {
    assertThat(played(() -> null).heard).containsExactly(FAILED);
    assertThat(played(() -> new AuthAnswer.Later(null)).heard).containsExactly(FAILED);
    assertThat(played(() -> new AuthAnswer.Later(CompletableFuture.completedFuture(null))).heard)
        .containsExactly(FAILED);
  }

  // ---- answers that come later ----

  @Test
  void answersMayComeInAnyOrder() {
    List<CompletableFuture<AuthStep>> owed = new ArrayList<>();
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      CompletableFuture<AuthStep> step = new CompletableFuture<>();
      owed.add(step);
      devices.add(played(() -> new AuthAnswer.Later(step)));
    }
    for (int i : new int[] {2, 0, 1}) {
      assertThat(devices.get(i).heard).isEmpty();
      owed.get(i).complete(KNOWN);
      world.runTasks();
      assertThat(devices.get(i).heard).containsExactly("ann is user");
    }
    devices.forEach(device -> device.realm.leave(device.session));
  }

  @Test
  void answerThatNeverComesIsNotWaitedForForEver() {
    CompletableFuture<AuthStep> never = new CompletableFuture<>();
    List<String> told = new ArrayList<>();
    Device device = played(() -> new AuthAnswer.Later(never, () -> told.add("abandoned")));
    world.time.pass(PATIENCE.minusMillis(1));
    assertThat(device.heard).isEmpty();
    world.time.pass(Duration.ofMillis(1));
    assertThat(device.heard).containsExactly(FAILED);
    assertThat(told).containsExactly("abandoned");

    never.complete(KNOWN);
    world.runTasks();
    assertThat(device.heard).as("too late").containsExactly(FAILED);
  }

  /** Also when the answer is on its way to the lane already. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoHasGoneMeanwhileHearsNothing(boolean isOnItsWay) {
    CompletableFuture<AuthStep> step = new CompletableFuture<>();
    Device device = played(() -> new AuthAnswer.Later(step));
    if (isOnItsWay) {
      step.complete(KNOWN);
    }
    device.login.abandon();
    step.complete(KNOWN);
    world.runTasks();
    assertThat(device.heard).isEmpty();
    assertThat(world.ids.claimed).isEmpty();
  }

  // ---- work that is not done on the lane ----

  private void untilItHears(Device device) {
    Patience.until(
        "the client is told",
        () -> {
          world.runTasks();
          return !device.heard.isEmpty();
        });
  }

  @Test
  void workThatBlocksIsDoneElsewhereAndItsStepTakenOnTheLane() {
    Thread lane = Thread.currentThread();
    List<Thread> threads = new ArrayList<>();
    Device device =
        played(
            () ->
                new AuthAnswer.Blocking(
                    () -> {
                      threads.add(Thread.currentThread());
                      return new AuthStep.Challenged(
                          new Challenge("played", Map.of()),
                          proof -> {
                            threads.add(Thread.currentThread());
                            return new AuthAnswer.Blocking(() -> KNOWN);
                          });
                    }));
    untilItHears(device);
    assertThat(device.heard).containsExactly("ann is user");
    assertThat(threads).hasSize(2).doesNotHaveDuplicates().last().isEqualTo(lane);
    device.realm.leave(device.session);
  }

  @Test
  void poolThatIsFullRefusesAndWhoLeavesMakesRoom() {
    CountDownLatch goOn = new CountDownLatch(1);
    AuthAnswer.Blocking blocking =
        new AuthAnswer.Blocking(
            () -> {
              goOn.await();
              return KNOWN;
            });
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < AuthPool.THREADS + AuthPool.WAITING; i++) {
      devices.add(played(() -> blocking));
    }
    assertThat(devices).allSatisfy(device -> assertThat(device.heard).isEmpty());
    assertThat(played(() -> blocking).heard).containsExactly(FAILED);

    Device last = devices.remove(devices.size() - 1);
    last.login.abandon();
    assertThat(last.heard).isEmpty();
    devices.add(played(() -> blocking));
    goOn.countDown();
    devices.forEach(this::untilItHears);
    assertThat(devices)
        .allSatisfy(device -> assertThat(device.heard).containsExactly("ann is user"));
    devices.forEach(device -> device.realm.leave(device.session));
  }

  @Test
  void workWithATimeoutOfItsOwnIsInterruptedWhenThatIsOver() {
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    CountDownLatch began = new CountDownLatch(1);
    Callable<AuthStep> work =
        () -> {
          began.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.complete("interrupted");
          }
          return KNOWN;
        };
    Device device = played(() -> new AuthAnswer.Blocking(work, Duration.ofSeconds(1)));
    Patience.until("it has begun", () -> began.getCount() == 0);
    world.time.pass(Duration.ofMillis(999));
    assertThat(device.heard).isEmpty();
    world.time.pass(Duration.ofMillis(1));
    assertThat(device.heard).containsExactly(FAILED);
    Patience.until("it is interrupted", interrupted::isDone);
    world.runTasks();
    assertThat(device.heard).hasSize(1);
  }

  @Test
  void noTimeoutIsLongerThanAuthenticatorsMayTake() {
    CountDownLatch never = new CountDownLatch(1);
    Callable<AuthStep> work =
        () -> {
          never.await();
          return KNOWN;
        };
    Device device = played(() -> new AuthAnswer.Blocking(work, PATIENCE.multipliedBy(2)));
    world.time.pass(PATIENCE);
    assertThat(device.heard).containsExactly(FAILED);
  }

  @Test
  void workThatNeverEndsIsInterruptedWhenTheTimeIsOver() {
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    CountDownLatch began = new CountDownLatch(1);
    Device device =
        played(
            () ->
                new AuthAnswer.Blocking(
                    () -> {
                      began.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.complete("interrupted");
                      }
                      return KNOWN;
                    }));
    Patience.until("it has begun", () -> began.getCount() == 0);
    world.time.pass(PATIENCE);
    assertThat(device.heard).containsExactly(FAILED);
    assertThat(Patience.join(interrupted)).isEqualTo("interrupted");
    world.runTasks();
    assertThat(device.heard).containsExactly(FAILED);
  }
}
