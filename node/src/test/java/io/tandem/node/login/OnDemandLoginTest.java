package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Principal;
import io.tandem.node.router.OnDemand;
import io.tandem.node.router.RealmSettings;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that want to join a realm which is made for them when they may. */
class OnDemandLoginTest extends LoginWithoutTransport {

  private static final String TENANT = "com.tenant.a";
  private static final String FULL = "wamp.error.unavailable";

  /** Realms that were asked for, each time, and what becomes of it; opened at once where null. */
  private final List<String> asked = new ArrayList<>();

  private @Nullable CompletableFuture<OnDemand.Outcome> outcome;

  @BeforeEach
  void serveTenants() {
    world.router.onDemand(
        new OnDemand() {
          @Override
          public @Nullable RealmSettings settings(String realm) {
            return realm.startsWith("com.tenant.")
                ? world.router.realms().get(0).named(realm)
                : null;
          }

          @Override
          public CompletionStage<Outcome> open(String realm) {
            asked.add(realm);
            if (outcome == null) {
              opens(realm);
            }
            return outcome == null ? CompletableFuture.completedFuture(Outcome.OPEN) : outcome;
          }
        });
  }

  private void opens(String realm) {
    world.router.add(world.router.realms().get(0).named(realm), () -> {});
    world.runTasks();
    world.lane.open(realm);
  }

  private Device join(String realm, String ticket) {
    Device device = new Device(SAFE, ticket);
    device.login.begin(
        realm, Options.of(Keys.AUTHMETHODS, List.of("ticket")).with(Keys.AUTHID, "joe"));
    world.runTasks();
    return device;
  }

  private Device join() {
    return join(TENANT, "joe-s secret");
  }

  @Test
  @Conformance("SES-04")
  void realmIsOpenedForWhoMayJoinAndForNobodyElse() {
    assertThat(join(TENANT, "wrong").heard).containsExactly("wamp.error.authentication_denied");
    assertThat(asked).isEmpty();
    assertThat(join().heard).containsExactly("joe is user");
    assertThat(join().heard).containsExactly("joe is user");
    assertThat(asked).containsExactly(TENANT);
    assertThat(join("com.other", "joe-s secret").heard).containsExactly("wamp.error.no_such_realm");
    assertThat(join("com.tenant..", "joe-s secret").heard)
        .containsExactly("wamp.error.invalid_uri");
    assertThat(world.lane.sessions()).isEqualTo(2);
  }

  @Test
  void tenThousandWrongLoginsLeaveNothing() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(join("com.tenant.t" + i, "wrong").heard)
          .containsExactly("wamp.error.authentication_denied");
      assertThat(world.router.tables().known("com.tenant.t" + i)).isNull();
    }
    assertThat(asked).isEmpty();
    assertThat(world.router.realms()).hasSize(1);
    assertThat(world.ids.claimed).isEmpty();
  }

  @Test
  void whoHasNoRoleInItOpensNoRealm() {
    played.answer =
        request ->
            new AuthStep.Accepted(new Principal(TENANT, "ann", "boss", "test", "test", null));
    assertThat(login(SAFE, "played", "ann", null).heard).containsExactly("wamp.error.no_such_role");
    assertThat(asked).isEmpty();
  }

  @Test
  void whoIsSentToSuchARealmByItsAuthenticatorHasItOpened() {
    played.answer =
        request ->
            new AuthStep.Accepted(new Principal(TENANT, "ann", "user", "test", "test", null));
    Device device = login(SAFE, "played", "ann", null);
    assertThat(device.heard).containsExactly("ann is user");
    assertThat(device.realm.name()).isEqualTo(TENANT);
  }

  @Test
  void whoWaitsForTheOpeningIsToldWhatBecomesOfIt() {
    outcome = new CompletableFuture<>();
    List<Device> devices = List.of(join(), join(), join(), join());
    devices.get(3).login.abandon();
    assertThat(devices).allSatisfy(device -> assertThat(device.heard).isEmpty());
    opens(TENANT);
    outcome.complete(OnDemand.Outcome.OPEN);
    world.runTasks();
    assertThat(devices.subList(0, 3))
        .allSatisfy(device -> assertThat(device.heard).containsExactly("joe is user"));
    assertThat(devices.get(3).heard).isEmpty();
  }

  @Test
  void realmThatCannotBeOpenedIsUnavailable() {
    outcome = CompletableFuture.completedFuture(OnDemand.Outcome.FULL);
    assertThat(join().heard).containsExactly(FULL);
    outcome = CompletableFuture.failedFuture(new IllegalStateException("no IDs"));
    assertThat(join().heard).containsExactly(FULL);
    outcome = CompletableFuture.completedFuture(OnDemand.Outcome.UNKNOWN);
    assertThat(join().heard).containsExactly("wamp.error.no_such_realm");
    outcome = new CompletableFuture<>();
    Device waits = join();
    world.time.pass(PATIENCE);
    assertThat(waits.heard).containsExactly(FULL);
  }

  @Test
  void whoComesWhenTheRealmIsJustClosingHasItOpenedAgain() {
    opens(TENANT);
    assertThat(world.router.count(TENANT).shut()).isTrue();
    outcome = new CompletableFuture<>();
    Device device = join();
    assertThat(device.heard).isEmpty();
    assertThat(asked).containsExactly(TENANT);

    world.lane.shut(TENANT);
    world.router.forget(TENANT, () -> {});
    world.runTasks();
    opens(TENANT);
    outcome.complete(OnDemand.Outcome.OPEN);
    world.runTasks();
    assertThat(device.heard).containsExactly("joe is user");
    assertThat(world.router.count(TENANT).sessions()).isEqualTo(1);
  }

  @Test
  void whoComesInTimeKeepsTheRealm() {
    opens(TENANT);
    Device device = join();
    assertThat(device.heard).containsExactly("joe is user");
    assertThat(world.router.count(TENANT).shut()).isFalse();
    assertThat(asked).isEmpty();
  }
}
