package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a topic retains, and who is given it (PS-RET). */
class RetainedEventsTest {

  /**
   * A world whose clients have been told all that was on its way, so that nothing is remembered.
   */
  private static void settle(World world) {
    world.advance(Duration.ofSeconds(3));
  }

  private static void publishes(TestClient client, String topic, String options, String argument) {
    client.says(String.format("[16,%d,{%s},'%s',['%s']]", client.next(), options, topic, argument));
  }

  private static void retains(TestClient client, String topic, String argument) {
    publishes(client, topic, "'retain':true", argument);
  }

  private static List<String> getsRetained(TestClient client, String topic, String match) {
    client.says(
        String.format(
            "[32,%d,{'match':'%s','get_retained':true},'%s']", client.next(), match, topic));
    return client.hears();
  }

  @Test
  @Conformance({"PS-RET-01", "PS-RET-03", "PS-RET-06"})
  void subscriberThatAsksIsGivenTheRetainedEventBehindSubscribedAndThenLiveOnes() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      retains(alice, "com.news", "old");
      retains(alice, "com.news", "new");
      publishes(alice, "com.news", "", "passing");
      assertThat(getsRetained(bob, "com.news", "exact"))
          .containsExactly("[33,1,1]", "[36,1,P1,{'retained':true},['new']]");
      retains(alice, "com.news", "live");
      assertThat(bob.hears()).containsExactly("[36,1,P2,{},['live']]");
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-01")
  void whoDoesNotAskIsGivenNothing() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      retains(alice, "com.news", "old");
      bob.says("[32,1,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[33,1,1]");
      assertThat(getsRetained(world.join(0), "com.other", "exact")).hasSize(1);
    }
  }

  @Test
  @Conformance({"PS-RET-07", "PPT-10"})
  void retainedEventIsThePublicationThatItWas() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.is("alice", "author"));
      TestClient bob = world.join(1);
      alice.says(
          "[16,1,{'acknowledge':true,'disclose_me':true,'retain':true,"
              + "'ppt_scheme':'x_mine','ppt_serializer':'cbor'},'com.news',['x'],{'y':1}]");
      assertThat(alice.hears()).containsExactly("[17,1,P1]");
      assertThat(getsRetained(bob, "com.news", "exact"))
          .containsExactly(
              "[33,1,1]",
              "[36,1,P1,{'publisher':101,'publisher_authid':'alice',"
                  + "'publisher_authrole':'author','retained':true,"
                  + "'ppt_scheme':'x_mine','ppt_serializer':'cbor'},['x'],{'y':1}]");
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-08")
  void patternIsGivenTheRetainedEventOfEachTopicThatItMatches() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      retains(alice, "com.a.x", "1");
      retains(alice, "com.a.y", "2");
      retains(alice, "com.b.x", "3");
      retains(alice, "org.a.x", "4");
      assertThat(getsRetained(world.join(0), "com.a", "prefix"))
          .containsExactly(
              "[33,1,1]",
              "[36,1,P1,{'topic':'com.a.x','retained':true},['1']]",
              "[36,1,P2,{'topic':'com.a.y','retained':true},['2']]");
      assertThat(getsRetained(world.join(0), "com..x", "wildcard"))
          .containsExactly(
              "[33,1,2]",
              "[36,2,P1,{'topic':'com.a.x','retained':true},['1']]",
              "[36,2,P3,{'topic':'com.b.x','retained':true},['3']]");
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-08")
  void patternIsGivenSoManyAsConfiguredInSeveralTurns() {
    KeepRules rules = new KeepRules(KeepRules.DEFAULT.retained(), 150, KeepRules.DEFAULT.history());
    try (World world = new World(1, realm -> realm.keep = rules)) {
      TestClient alice = world.join(0);
      IntStream.range(0, 200).forEach(i -> retains(alice, "com.t" + i, "x"));
      assertThat(getsRetained(world.join(0), "com.", "prefix")).hasSize(151);
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-06")
  void topicWithALiveEventMeanwhileHasNoRetainedOneBehindIt() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      IntStream.range(100, 250).forEach(i -> retains(alice, "com.t" + i, "old"));
      bob.isCrowded = true; // nothing is given as long as it does not read
      assertThat(getsRetained(bob, "com.", "prefix")).containsExactly("[33,1,1]");
      publishes(alice, "com.t249", "", "live");
      assertThat(bob.hears()).hasSize(1);
      bob.isCrowded = false;
      settle(world);
      settle(world);
      assertThat(bob.hears()).hasSize(149).noneMatch(event -> event.contains("com.t249"));
    }
  }

  @Test
  void whoDoesNotReadIsGivenNoMoreAfterAWhile() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      retains(alice, "com.a", "x");
      bob.isCrowded = true;
      getsRetained(bob, "com.", "prefix");
      assertThat(bob.holds).isEqualTo(1);
      IntStream.range(0, 300).forEach(i -> world.advance(Duration.ofMillis(50)));
      assertThat(bob.holds).isZero();
      bob.isCrowded = false;
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("PS-RET-09")
  void repeatedSubscribeIsGivenTheRetainedEventAgain() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      retains(alice, "com.news", "x");
      List<String> first = getsRetained(bob, "com.news", "exact");
      assertThat(getsRetained(bob, "com.news", "exact")).containsExactly("[33,2,1]", first.get(1));
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-10")
  void retainedEventKeepsNoSubscriptionAlive() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      retains(alice, "com.news", "x");
      getsRetained(bob, "com.news", "exact");
      bob.says("[34,2,1]");
      assertThat(bob.hears()).containsExactly("[35,2]");
      assertThat(world.subscriptions.records).isEmpty();
      settle(world);
    }
  }

  @ParameterizedTest
  @Conformance("PS-RET-02")
  @CsvSource(
      delimiter = '|',
      value = {
        "'eligible':[999] | no",
        "'exclude':[999] | yes",
        "'exclude':[102] | no",
        "'eligible_authid':['bob'] | yes",
        "'eligible_authid':['carol'] | no",
        "'exclude_authid':['bob'] | no",
        "'eligible_authrole':['reader'] | yes",
        "'exclude_authrole':['reader'] | no"
      })
  void onlyWhoMightHaveHadItIsGivenIt(String options, String given) {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0, client -> client.is("bob", "reader"));
      publishes(alice, "com.news", "'retain':true," + options, "x");
      assertThat(getsRetained(bob, "com.news", "exact")).hasSize(given.equals("yes") ? 2 : 1);
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-02")
  void publisherIsGivenItsOwnOnlyWhereItIsNotExcluded() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      retains(alice, "com.a", "x");
      publishes(alice, "com.b", "'retain':true,'exclude_me':false", "x");
      assertThat(getsRetained(alice, "com.a", "exact")).hasSize(1);
      assertThat(getsRetained(alice, "com.b", "exact")).hasSize(2);
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-04")
  void restrictedEventsStandBesideTheOneForAllUntilTheNextOne() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      retains(alice, "com.news", "all");
      publishes(alice, "com.news", "'retain':true,'eligible_authid':['bob']", "bob");
      publishes(alice, "com.news", "'retain':true,'eligible_authid':['carol']", "carol");
      for (String who : List.of("bob", "carol", "dave")) {
        TestClient client = world.join(0, each -> each.is(who, "reader"));
        assertThat(getsRetained(client, "com.news", "exact").get(1))
            .contains(who.equals("dave") ? "'all'" : "'" + who + "'");
      }
      TestClient bob = world.join(0, each -> each.is("bob", "reader"));
      retains(bob, "com.news", "again");
      TestClient other = world.join(0, each -> each.is("bob", "reader"));
      assertThat(getsRetained(other, "com.news", "exact").get(1)).contains("'again'");
      assertThat(getsRetained(bob, "com.news", "exact")).as("nothing of before").hasSize(1);
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-11")
  void eventWithoutArgumentsIsRetainedAsAny() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      retains(alice, "com.news", "x");
      alice.says("[16," + alice.next() + ",{'retain':true},'com.news']");
      assertThat(getsRetained(world.join(0), "com.news", "exact"))
          .containsExactly("[33,1,1]", "[36,1,P1,{'retained':true}]");
      settle(world);
    }
  }

  @Test
  void eventThatIsOnItsWayIsNotToldTwice() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      world.join(1).subscribes("com.news");
      world.pause();
      bob.says("[32,1,{'get_retained':true},'com.news']");
      retains(alice, "com.news", "x");
      world.turnOf(alice); // it waits in the mailbox of the other lane, behind what bob says
      world.resume();
      assertThat(bob.hears()).hasSize(2).filteredOn(heard -> heard.contains("'x'")).hasSize(1);
      settle(world);
    }
  }

  // ---- several nodes ----

  @Test
  @Conformance({"PS-RET-01", "PS-RET-07"})
  void everyNodeRetainsWhatIsPublishedOnAny() {
    try (World world = new World(3, 2, 1, realm -> {})) {
      TestClient alice = world.join(1);
      retains(alice, "com.news", "x");
      List<String> heard =
          world.nodes.stream()
              .map(node -> world.join(node, 1, each -> {}))
              .map(client -> getsRetained(client, "com.news", "exact").get(1))
              .toList();
      assertThat(heard).containsOnly("[36,1,P1,{'retained':true},['x']]");
      settle(world);
    }
  }

  @Test
  void nodesAgreeOnTheNewestWhateverTheOrderInWhichTheyHear() {
    try (World world = new World(2, 1, 1, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(1), 0, each -> {});
      world.pause();
      retains(alice, "com.news", "A");
      world.turnOf(alice);
      retains(bob, "com.news", "B");
      world.turnOf(bob);
      world.resume();
      List<String> heard =
          world.nodes.stream()
              .map(node -> world.join(node, 0, each -> {}))
              .map(client -> getsRetained(client, "com.news", "exact").get(1))
              .toList();
      assertThat(heard.get(0)).isEqualTo(heard.get(1));
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-01")
  void nodeThatWasNotToldFindsInTheRecordWhatItHasMissed() {
    try (World world = new World(2, 1, 1, realm -> {})) {
      TestNode there = world.nodes.get(1);
      TestClient alice = world.join(0);
      world.nodes.get(0).offered = Offered.NO_ROOM;
      retains(alice, "com.news", "x");
      assertThat(getsRetained(world.join(there, 0, each -> {}), "com.news", "exact")).hasSize(1);
      world.nodes.get(0).offered = Offered.TAKEN;
      world.advance(Duration.ofSeconds(1)); // it is told to look
      world.advance(Duration.ofSeconds(1));
      assertThat(getsRetained(world.join(there, 0, each -> {}), "com.news", "exact")).hasSize(2);
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-01")
  void nodeThatIsNewFindsInTheRecordAllThatTheOthersKeep() {
    try (World world = new World(2, 1, 1, realm -> {})) {
      TestNode here = world.nodes.get(0);
      TestNode there = world.nodes.get(1);
      TestClient alice = world.join(0);
      here.router.unlink(there.id);
      there.router.unlink(here.id);
      world.turns.runAll();
      IntStream.range(0, 1_200).forEach(i -> retains(alice, "com.t" + i, "x"));
      assertThat(there.router.keeping().realm(World.REALM).events()).isZero();
      here.link(there);
      there.link(here);
      CompletionStage<?> begun = there.router.keeping().notices().begin();
      world.turns.runAll();
      assertThat(begun).isCompleted();
      assertThat(there.router.keeping().realm(World.REALM).events()).isEqualTo(1_200);
      settle(world);
    }
  }

  @Test
  @Conformance("PS-RET-11")
  void removedRetainedEventIsGoneOnAllNodesAndStaysGone() {
    try (World world = new World(2, 1, 1, realm -> {})) {
      TestNode here = world.nodes.get(0);
      TestNode there = world.nodes.get(1);
      TestClient alice = world.join(0);
      retains(alice, "com.news", "x");
      assertThat(there.router.keeping().removeRetained(World.REALM, "com.news")).isTrue();
      assertThat(there.router.keeping().removeRetained(World.REALM, "com.news")).isFalse();
      world.turns.runAll();
      here.router.keeping().notices().lost(there.id); // what was on its way may not have come
      there.router.keeping().notices().lost(here.id);
      world.advance(Duration.ofSeconds(1));
      world.advance(Duration.ofSeconds(1));
      for (TestNode node : world.nodes) {
        assertThat(getsRetained(world.join(node, 0, each -> {}), "com.news", "exact")).hasSize(1);
      }
      retains(alice, "com.news", "y");
      assertThat(getsRetained(world.join(there, 0, each -> {}), "com.news", "exact")).hasSize(2);
      settle(world);
    }
  }
}
