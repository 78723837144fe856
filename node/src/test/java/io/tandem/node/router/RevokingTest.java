package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations and subscriptions that the router takes back. */
class RevokingTest {

  private static final String FORCE = "'force_reregister':true";

  private static World world() {
    return new World(2, 2, 1, realm -> {});
  }

  /** On a lane of a node, {@code "A0"}; it can be told of what it loses. */
  private static TestClient join(World world, String place) {
    return join(world, place, EnumSet.allOf(ClientFeature.class));
  }

  private static TestClient join(World world, String place, Set<ClientFeature> features) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client -> client.features = new ClientFeatures(true, true, true, Set.of(), features));
  }

  private static boolean revoke(World world, TestClient of, long registration) {
    boolean[] done = new boolean[1];
    of.lane.execute(
        () -> done[0] = of.realm().revocations().registration(of.id, registration, "com.reason"));
    world.turns.runAll();
    return done[0];
  }

  @Test
  @Conformance({"RPC-REV-01", "RPC-REV-02", "RPC-REV-05"})
  void calleeIsToldOfTheRegistrationThatItHasLost() {
    try (World world = world()) {
      TestClient alice = join(world, "B0");
      TestClient bob = join(world, "A0");
      long id = bob.registers("com.add");
      assertThat(revoke(world, bob, id)).isTrue();
      assertThat(bob.hears())
          .containsExactly("[67,0,{'reason':'com.reason','registration':" + id + "}]");
      alice.calls("com.add");
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.no_such_procedure");
      assertThat(revoke(world, bob, id)).as("again").isFalse();
      assertThat(revoke(world, alice, id)).as("not hers").isFalse();
      assertThat(bob.registers("com.add")).isNotEqualTo(id);
    }
  }

  @Test
  @Conformance("RPC-REV-03")
  void calleeThatDidNotAnnounceItLosesItsRegistrationWithoutAWord() {
    try (World world = world()) {
      TestClient alice = join(world, "B0");
      TestClient bob = join(world, "A0", Set.of());
      assertThat(revoke(world, bob, bob.registers("com.add"))).isTrue();
      alice.calls("com.add");
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.no_such_procedure");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-REV-06")
  void whatTheCalleeWasCalledForItMayStillAnswerAndItsUnregisterFails() {
    try (World world = world()) {
      TestClient alice = join(world, "B0");
      TestClient bob = join(world, "A0");
      long id = bob.registers("com.add");
      alice.calls("com.add");
      world.turns.stop("acknowledgements of A>B");
      revoke(world, bob, id);
      bob.says("[66,2," + id + "]");
      world.turns.goOn("acknowledgements of A>B");
      bob.says("[70,1,{},['sum']]");
      assertThat(alice.hears()).containsExactly("[50,1,{},['sum']]");
      assertThat(bob.hears())
          .hasSize(3)
          .startsWith("[68,1," + id + ",{}]")
          .anyMatch(message -> message.startsWith("[8,66,2,{},'wamp.error.no_such_registration'"))
          .endsWith("[67,0,{'reason':'com.reason','registration':" + id + "}]");
    }
  }

  @ParameterizedTest
  @CsvSource({"A0, A0", "A0, A1", "A0, B0", "B1, A0"})
  @Conformance({"RPC-SHR-09", "RPC-REV-02", "RPC-REV-05"})
  void calleeThatForcesItTakesThePlaceOfAllOthers(String old, String fresh) {
    try (World world = world()) {
      TestClient alice = join(world, "B1");
      TestClient bob = join(world, old);
      TestClient carol = join(world, "A1", Set.of());
      TestClient dave = join(world, fresh);
      long id = bob.registers("com.add", "'invoke':'roundrobin'");
      carol.registers("com.add", "'invoke':'roundrobin'");
      long taken = dave.registers("com.add", FORCE);
      assertThat(taken).isNotEqualTo(id);
      assertThat(bob.hears())
          .containsExactly("[67,0,{'reason':'wamp.error.unregistered','registration':" + id + "}]");
      assertThat(carol.hears()).isEmpty();
      alice.calls("com.add");
      alice.calls("com.add");
      assertThat(dave.hears()).hasSize(2);
      bob.says("[64," + bob.next() + ",{'invoke':'roundrobin'},'com.add']");
      assertThat(bob.hears()).singleElement().asString().contains("procedure_already_exists");
    }
  }

  @Test
  @Conformance("RPC-SHR-09")
  void calleeThatForcesWhatNobodyHasIsTheFirstAndNotTwice() {
    try (World world = world()) {
      TestClient bob = join(world, "A0");
      bob.registers("com.add", FORCE);
      bob.says("[64,2,{" + FORCE + "},'com.add']");
      assertThat(bob.hears()).singleElement().asString().contains("procedure_already_exists");
    }
  }

  /** Each node takes back what its own sessions have lost, when it hears of it. */
  @Test
  void nodeThatCouldNotBeReachedTakesBackWhatItsCalleesHaveLostMeanwhile() {
    try (World world = world()) {
      TestNode here = world.nodes.get(0);
      TestNode there = world.nodes.get(1);
      TestClient alice = join(world, "B0");
      TestClient bob = join(world, "A0");
      TestClient carol = join(world, "B0");
      bob.registers("com.add");
      world.turns.stop("log B>A");
      carol.says("[64,1,{" + FORCE + "},'com.add']");
      there.log.unreachable(here.id);
      world.turns.runAll();
      assertThat(carol.hears()).containsExactly("[65,1,2]");
      assertThat(bob.hears()).isEmpty();
      world.turns.goOn("log B>A");
      there.feed(here);
      world.turns.runAll();
      assertThat(bob.hears())
          .containsExactly("[67,0,{'reason':'wamp.error.unregistered','registration':1}]");
      alice.calls("com.add");
      assertThat(carol.hears()).containsExactly("[68,1,2,{}]");
    }
  }

  @Test
  void calleeWhosePlaceIsTakenBeforeItIsToldOfItLosesItRightAfter() {
    try (World world = world()) {
      TestClient bob = join(world, "A0");
      TestClient carol = join(world, "B0");
      world.turns.stop("acknowledgements of A>B");
      bob.says("[64,1,{},'com.add']");
      carol.says("[64,1,{" + FORCE + "},'com.add']");
      assertThat(bob.hears()).isEmpty();
      world.turns.goOn("acknowledgements of A>B");
      assertThat(bob.hears())
          .containsExactly(
              "[65,1,1]", "[67,0,{'reason':'wamp.error.unregistered','registration':1}]");
      assertThat(carol.hears()).containsExactly("[65,1,2]");
    }
  }

  /** Two who force it at once: one of them has it in the end, and the other one knows. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ofTwoThatForceItAtOnceOneHasIt(long seed) {
    try (World world = new World(2, 2, seed, realm -> {})) {
      TestClient bob = join(world, "A0");
      TestClient carol = join(world, "B0");
      world.pause();
      bob.says("[64,1,{" + FORCE + "},'com.add']");
      carol.says("[64,1,{" + FORCE + "},'com.add']");
      world.resume();
      assertThat(bob.session().registrations.size() + carol.session().registrations.size())
          .isEqualTo(1);
      TestClient alice = join(world, "A1");
      alice.calls("com.add");
      TestClient holder = bob.session().registrations.isEmpty() ? carol : bob;
      assertThat(holder.hears()).last().asString().startsWith("[68,1,");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  @Conformance({"PS-REV-02", "PS-REV-03", "QRK-09"})
  void subscriberLosesItsSubscriptionAtOnceAndIsToldWhereItMayBe(boolean announced, boolean tells) {
    try (World world = new World(2, 2, 1, realm -> realm.tellsRevokedSubscribers = tells)) {
      TestClient alice = join(world, "B0");
      TestClient bob = join(world, "A0", announced ? EnumSet.allOf(ClientFeature.class) : Set.of());
      long id = bob.subscribes("com.topic");
      bob.lane.execute(
          () ->
              assertThat(bob.realm().revocations().subscription(bob.id, id, "com.reason"))
                  .isTrue());
      world.turns.runAll();
      alice.says("[16,1,{},'com.topic']");
      assertThat(bob.hears())
          .isEqualTo(
              announced && tells
                  ? List.of("[35,0,{'subscription':" + id + ",'reason':'com.reason'}]")
                  : List.of());
      bob.lane.execute(
          () ->
              assertThat(bob.realm().revocations().subscription(bob.id, id, "com.reason"))
                  .isFalse());
      bob.says("[34,2," + id + "]");
      assertThat(bob.hears()).singleElement().asString().contains("no_such_subscription");
    }
  }
}
