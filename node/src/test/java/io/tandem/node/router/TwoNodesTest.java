package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Offered;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two routers that share a record and are linked behave as one. */
class TwoNodesTest {

  @Test
  @Conformance({"PS-02", "PS-09", "PS-10"})
  void subscribersOfBothNodesHearOnePublicationUnderOneId() {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      TestClient bob = join(world, "A", 1);
      TestClient carol = join(world, "B", 0);
      TestClient dave = join(world, "B", 2);
      assertThat(carol.subscribes("com.news")).isEqualTo(bob.subscribes("com.news"));
      dave.subscribes("com.", "prefix");
      alice.says("[16,1,{'acknowledge':true},'com.news',['x']]");
      assertThat(alice.hears()).containsExactly("[17,1,P1]");
      assertThat(bob.hears()).containsExactly("[36,1,P1,{},['x']]");
      assertThat(carol.hears()).containsExactly("[36,1,P1,{},['x']]");
      assertThat(dave.hears()).containsExactly("[36,2,P1,{'topic':'com.news'},['x']]");
    }
  }

  @Test
  @Conformance("PS-BWL-06")
  void listsAreEvaluatedWhereTheSubscriberIs() {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      TestClient bob = join(world, "B", 0);
      TestClient carol = join(world, "B", 1);
      bob.subscribes("com.news");
      carol.subscribes("com.news");
      alice.says("[16,1,{'exclude':[" + bob.id + "]},'com.news']");
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).hasSize(1);
    }
  }

  @Test
  void subscribedWaitsUntilTheOtherNodeSeesTheSubscription() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "B", 0);
      TestClient bob = world.join(0);
      world.turns.stop("log A>B");
      bob.says("[32,1,{},'com.news']");
      world.advance(Duration.ofHours(1));
      assertThat(bob.hears()).isEmpty();
      world.turns.goOn("log A>B");
      assertThat(bob.hears()).containsExactly("[33,1,1]");
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears()).hasSize(1);
    }
  }

  @Test
  void secondSubscriberOfANodeWaitsForTheOtherNodeToo() {
    try (World world = twoNodes()) {
      TestClient bob = join(world, "A", 0);
      TestClient carol = join(world, "A", 1);
      world.turns.stop("acknowledgements of A>B");
      bob.says("[32,1,{},'com.news']");
      carol.says("[32,1,{},'com.news']");
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).isEmpty();
      world.turns.goOn("acknowledgements of A>B");
      assertThat(bob.hears()).containsExactly("[33,1,1]");
      assertThat(carol.hears()).containsExactly("[33,1,1]");
    }
  }

  @Test
  void furtherSubscriberWaitsForANodeThatCatchesUp() {
    try (World world = twoNodes()) {
      TestNode here = world.nodes.get(0);
      TestNode there = world.nodes.get(1);
      TestClient bob = join(world, "A", 0);
      TestClient onTheSameLane = join(world, "A", 0);
      TestClient onAnotherLane = join(world, "A", 1);
      bob.subscribes("com.news");
      here.log.unreachable(there.id);
      here.feed(there);
      onTheSameLane.says("[32,1,{},'com.news']");
      onAnotherLane.says("[32,1,{},'com.news']");
      assertThat(onTheSameLane.hears()).isEmpty();
      assertThat(onAnotherLane.hears()).isEmpty();
      here.log.acknowledged(there.id, here.log.last());
      world.turns.runAll();
      assertThat(onTheSameLane.hears()).containsExactly("[33,1,1]");
      assertThat(onAnotherLane.hears()).containsExactly("[33,1,1]");
    }
  }

  @Test
  void nobodyWaitsForANodeThatIsUnreachable() {
    try (World world = twoNodes()) {
      TestNode here = world.nodes.get(0);
      TestClient bob = world.join(0);
      world.turns.stop("log A>B");
      bob.says("[64,1,{},'com.add']");
      assertThat(bob.hears()).isEmpty();
      here.log.unreachable(world.nodes.get(1).id);
      world.turns.runAll();
      assertThat(bob.hears()).containsExactly("[65,1,1]");
      world.turns.goOn("log A>B");
      here.feed(world.nodes.get(1));
    }
  }

  @Test
  @Conformance({"RPC-06", "RPC-07", "RPC-08"})
  void callsAndAnswersCrossTheLink() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 2);
      TestClient bob = join(world, "B", 1);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add',[1]]");
      alice.says("[48,2,{},'com.add',[2]]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},[1]]", "[68,2,1,{},[2]]");
      bob.says("[70,1,{},['one']]");
      bob.says("[8,68,2,{},'com.error']");
      assertThat(alice.hears()).containsExactly("[50,1,{},['one']]", "[8,48,2,{},'com.error']");
    }
  }

  @Test
  void calleesThatAreNotThereYetDoNotKeepTheCallFromOneThatIs() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0);
      TestClient bob = join(world, "A", 1);
      world.turns.stop("acknowledgements of B>A");
      for (int i = 0; i < 20; i++) {
        join(world, "B", 0).says("[64,1,{'invoke':'first'},'com.add']");
      }
      bob.registers("com.add", "'invoke':'first'");
      alice.calls("com.add");
      world.advance(EarlyInvokes.PATIENCE);
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]");
      world.turns.goOn("acknowledgements of B>A");
    }
  }

  @Test
  void unregisteredWaitsForEveryNodeThatCanBeReached() {
    try (World world = twoNodes()) {
      TestClient bob = join(world, "A", 0);
      bob.registers("com.add");
      world.turns.stop("acknowledgements of A>B");
      bob.says("[66,2,1]");
      assertThat(bob.hears()).isEmpty();
      world.turns.goOn("acknowledgements of A>B");
      assertThat(bob.hears()).containsExactly("[67,2]");
    }
  }

  @Test
  void endOfASessionIsCompleteWhenEveryNodeThatCanBeReachedKnows() {
    try (World world = twoNodes()) {
      TestClient bob = join(world, "A", 0);
      bob.registers("com.add");
      List<CompletableFuture<?>> ends = new ArrayList<>();
      world.turns.stop("acknowledgements of A>B");
      bob.lane.execute(() -> ends.add(bob.realm().leave(bob.session())));
      world.turns.runAll();
      assertThat(ends).hasSize(1).noneMatch(CompletableFuture::isDone);
      world.turns.goOn("acknowledgements of A>B");
      assertThat(ends).allMatch(CompletableFuture::isDone);
    }
  }

  /** What comes right before GOODBYE holds a procedure up as well as what was held for long. */
  @ParameterizedTest
  @ValueSource(strings = {"register", "unregister", "drain"})
  void endOfASessionIsCompleteWhenWhatItHadBegunIsToo(String begun) {
    try (World world = twoNodes()) {
      TestClient bob = join(world, "A", 0);
      TestClient carol = join(world, "B", 1);
      if (!begun.equals("register")) {
        bob.registers("com.add");
      }
      List<Boolean> free = new ArrayList<>();
      world.turns.stop("acknowledgements of A>B");
      switch (begun) {
        case "register" -> bob.says("[64,1,{},'com.add']");
        case "unregister" -> bob.says("[66,2,1]");
        default -> bob.lane.execute(() -> bob.realm().retire(bob.session()));
      }
      world.turns.runAll();
      bob.lane.execute(
          () ->
              bob.realm()
                  .leave(bob.session())
                  .thenRun(() -> free.add(world.registrations.records.isEmpty())));
      world.turns.runAll();
      assertThat(free).as("not over yet").isEmpty();
      world.turns.goOn("acknowledgements of A>B");
      assertThat(free).containsExactly(true);
      carol.registers("com.add");
    }
  }

  @Test
  void cancelAndTheCallersEndCrossTheLink() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 2);
      TestClient bob = join(world, "B", 1);
      bob.registers("com.add");
      alice.calls("com.add");
      alice.calls("com.add");
      bob.hears();
      alice.says("[49,1,{}]");
      alice.leave();
      assertThat(bob.hears())
          .containsExactly(
              "[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]",
              "[69,2,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
    }
  }

  @Test
  @Conformance({"RPC-02", "RPC-SHR-02"})
  void procedureIsRegisteredOnceInTheCluster() {
    try (World world = twoNodes()) {
      TestClient bob = join(world, "A", 0);
      TestClient carol = join(world, "B", 0);
      world.pause();
      bob.says("[64,1,{},'com.add']");
      carol.says("[64,1,{},'com.add']");
      world.resume();
      List<String> answers = new ArrayList<>(bob.hears());
      answers.addAll(carol.hears());
      assertThat(answers).filteredOn(answer -> answer.startsWith("[65,1,")).hasSize(1);
      assertThat(answers).filteredOn(answer -> answer.contains("already_exists")).hasSize(1);
    }
  }

  @Test
  @Conformance("RPC-SHR-04")
  void orderOfRegistrationIsThatOfTheClusterOnEveryNode() {
    try (World world = twoNodes()) {
      TestClient first = join(world, "A", 0);
      TestClient second = join(world, "B", 0);
      TestClient third = join(world, "A", 1);
      for (TestClient callee : List.of(first, second, third)) {
        callee.registers("com.add", "'invoke':'last'");
      }
      TestClient here = join(world, "A", 2);
      TestClient there = join(world, "B", 2);
      here.calls("com.add");
      there.calls("com.add");
      assertThat(third.hears()).hasSize(2);
      third.leave();
      here.calls("com.add");
      there.calls("com.add");
      assertThat(second.hears()).hasSize(2);
      assertThat(first.hears()).isEmpty();
    }
  }

  @Test
  void sideWithoutMajorityRefusesWhatIsExclusiveWhereTheRealmAsksForIt() {
    try (World world = new World(2, 1, 1, realm -> realm.requiresQuorum = true)) {
      TestClient bob = world.join(0);
      world.nodes.get(0).router.clustered((since, goOn) -> goOn.run(), () -> false);
      bob.says("[64,1,{},'com.add']");
      assertThat(bob.hears()).singleElement().asString().contains("wamp.error.network_failure");
      bob.says("[64,2,{'invoke':'roundrobin'},'com.add']");
      assertThat(bob.hears()).containsExactly("[65,2,1]");
      world.nodes.get(0).router.clustered((since, goOn) -> goOn.run(), () -> true);
      bob.says("[64,3,{},'com.other']");
      assertThat(bob.hears()).containsExactly("[65,3,2]");
    }
  }

  @Test
  @Conformance("RPC-16")
  void whatCannotCrossIsAnsweredOrCounted() {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      TestClient bob = join(world, "B", 0);
      bob.registers("com.add");
      bob.subscribes("com.add");
      world.nodes.get(0).offered = Offered.UNREACHABLE;
      alice.calls("com.add");
      alice.says("[16,2,{},'com.add']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.network_failure',['no callee of com.add can take the call"
                  + " now']]");
      assertThat(bob.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.NODE_UNREACHABLE))
          .as("the event; the caller was answered")
          .isEqualTo(1);
      world.nodes.get(0).offered = Offered.TAKEN;
    }
  }

  /** A healthy cluster has no unreachable nodes. */
  @ParameterizedTest
  @CsvSource({
    "UNREACHABLE, NODE_UNREACHABLE",
    "NO_ROOM, EVENT_LINK_FULL",
    "TOO_LARGE, EVENT_TOO_LONG"
  })
  void eventThatCannotCrossIsCountedByItsOwnReason(Offered offered, RouterMetrics.Drop reason) {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      TestClient bob = join(world, "B", 0);
      bob.subscribes("com.topic");
      bob.registers("com.add");
      world.nodes.get(0).offered = offered;
      alice.says("[16,1,{},'com.topic']");
      alice.calls("com.add");
      for (RouterMetrics.Drop drop : RouterMetrics.Drop.values()) {
        assertThat(world.dropped(drop)).as(drop.name()).isEqualTo(drop == reason ? 1 : 0);
      }
      world.nodes.get(0).offered = Offered.TAKEN;
    }
  }

  @Test
  void answerToACallThatTheLinkKnowsToBeOverIsLateAndNoLostNode() {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      TestClient bob = join(world, "B", 0);
      bob.registers("com.add");
      alice.calls("com.add");
      bob.hears();
      world.nodes.get(1).offered = Offered.CALL_OVER;
      bob.says("[70,1,{},[5]]");
      assertThat(world.dropped(RouterMetrics.Drop.LATE_ANSWER)).isEqualTo(1);
      assertThat(world.dropped(RouterMetrics.Drop.NODE_UNREACHABLE)).isZero();
      world.nodes.get(1).offered = Offered.TAKEN;
    }
  }

  private static World twoNodes() {
    return new World(2, 3, 1, realm -> {});
  }

  private static TestClient join(World world, String node, int lane) {
    return world.join(world.nodes.get(node.charAt(0) - 'A'), lane, client -> {});
  }
}
