package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a session may hold, and what gives it a share back. */
class RegistrationShareTest {

  private static final String REFUSED =
      "'wamp.error.not_authorized',['a session may hold at most 2 registrations']]";

  private static World world() {
    return new World(
        1,
        realm -> {
          realm.maxRegistrations = 2;
          realm.maxSubscriptions = 2;
        });
  }

  @Test
  void whatIsUnregisteredMakesRoomForOneMore() {
    try (World world = world()) {
      TestClient bob = world.join(0);
      long first = bob.registers("com.one");
      bob.registers("com.two");
      bob.says("[64,3,{},'com.three']");
      assertThat(bob.hears()).containsExactly("[8,64,3,{}," + REFUSED);

      bob.says("[66,4," + first + "]");
      assertThat(bob.hears()).containsExactly("[67,4]");
      bob.registers("com.three");
      bob.says("[64,6,{},'com.four']");
      assertThat(bob.hears()).containsExactly("[8,64,6,{}," + REFUSED);
    }
  }

  @Test
  void registrationThatAnotherOneHoldsTakesNoRoom() {
    try (World world = world()) {
      world.join(0).registers("com.taken");
      TestClient bob = world.join(0);
      bob.registers("com.one");
      for (int request = 2; request < 5; request++) {
        bob.says("[64," + request + ",{},'com.taken']");
        assertThat(bob.hears()).singleElement().asString().contains("procedure_already_exists");
      }
      bob.registers("com.two");
    }
  }

  @Test
  void registrationThatCouldNotBeRecordedTakesNoRoom() {
    try (World world = world()) {
      TestClient bob = world.join(0);
      bob.registers("com.one");
      for (int request = 2; request < 5; request++) {
        world.registrations.outage = new IllegalStateException("no answer");
        bob.says("[64," + request + ",{},'com.lost']");
        world.untilTheRecordIsGivenUp();
        world.registrations.outage = null;
        assertThat(bob.hears()).singleElement().asString().contains("network_failure");
      }
      bob.registers("com.two");
    }
  }

  /** A wish counts from the moment it is said: many at once are not more than one by one. */
  @Test
  void registrationThatIsNotSettledYetTakesItsRoom() {
    try (World world = world()) {
      TestClient bob = world.join(0);
      world.turns.stop("store");
      for (int request = 1; request < 4; request++) {
        bob.says("[64," + request + ",{},'com.p" + request + "']");
      }
      assertThat(bob.hears()).containsExactly("[8,64,3,{}," + REFUSED);
      world.turns.goOn("store");
      assertThat(bob.hears()).hasSize(2);
    }
  }

  @Test
  void whatIsUnsubscribedMakesRoomForOneMore() {
    try (World world = world()) {
      TestClient bob = world.join(0);
      long first = bob.subscribes("com.one");
      bob.subscribes("com.two");
      bob.says("[32,3,{},'com.three']");
      assertThat(bob.hears()).singleElement().asString().contains("wamp.error.not_authorized");

      bob.says("[34,4," + first + "]");
      assertThat(bob.hears()).containsExactly("[35,4]");
      bob.subscribes("com.three");
    }
  }
}
