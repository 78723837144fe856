package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions and registrations: what they make the node keep has an end (B1). */
class HoldingMemoryTest {

  private static final long MEMORY = 1 << 20;
  private static final String REFUSED =
      "'wamp.error.unavailable',['this session takes all the memory that it may have now']]";

  /** What all subscribers of this topic share, and what a registration of it takes. */
  private static final long TOPIC = Upkeep.of(new Resource("", MatchPolicy.EXACT, "com.topic"), 1);

  private static World world() {
    return new World(
        2,
        realm -> {
          realm.nodeMemory = MEMORY;
          realm.maxSubscriptions = 10_000;
          realm.maxRegistrations = 10_000;
        });
  }

  private static long used(TestClient client) {
    return client.session().memory.used();
  }

  // ---- refused ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[32,N,{},'com.N.URI']",
        "[32,N,{'match':'prefix'},'com.N.URI']",
        "[32,N,{'match':'wildcard'},'com.N..URI']",
        "[64,N,{},'com.N.URI']",
        "[64,N,{'match':'prefix'},'com.N.URI']"
      })
  void sessionIsRefusedBeforeItTakesMoreThanItLeavesToOthers(String request) {
    try (World world = world()) {
      TestClient mallory = world.join(0);
      int taken = 0;
      String heard = "";
      while (!heard.endsWith(REFUSED)) {
        assertThat(taken).isLessThan(1_000);
        mallory.says(request.replace("N", "" + mallory.next()).replace("URI", "x".repeat(700)));
        heard = mallory.hears().get(0);
        taken++;
      }
      assertThat(taken).as("each takes more than its URI").isGreaterThan(100);
      assertThat(used(mallory)).isBetween(MEMORY / 3, MEMORY * 2 / 5);
      assertThat(world.nodes.get(0).router.metrics().memoryRefusals.sum()).isEqualTo(1);

      TestClient alice = world.join(1);
      alice.subscribes("com.alice");
      alice.registers("com.alice");
    }
  }

  @Test
  void manySessionsTogetherAreRefusedBeforeTheyTakeAllMemory() {
    try (World world = world()) {
      int refused = 0;
      for (int i = 0; i < 40; i++) {
        TestClient each = world.join(i % 2);
        for (int j = 0; j < 60; j++) {
          String uri = "com.s" + i + ".t" + j + "x".repeat(200);
          String request = j % 2 == 0 ? "[32," : "[64,";
          each.says(request + each.next() + ",{},'" + uri + "']");
          refused += each.hears().get(0).endsWith(REFUSED) ? 1 : 0;
        }
      }
      Budget memory = world.nodes.get(0).router.memory();
      assertThat(memory.used()).isBetween(MEMORY * 3 / 4, MEMORY);
      assertThat(refused).isGreaterThan(800);
    }
  }

  @Test
  void whatIsStillAskedForCountsToo() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      world.turns.stop("store");
      alice.says("[32,1,{},'com.topic']");
      assertThat(used(alice)).isEqualTo(TOPIC + Upkeep.PLACE);
      alice.says("[64,2,{},'com.topic']");
      assertThat(used(alice)).isEqualTo(2 * TOPIC + Upkeep.PLACE);
      world.turns.goOn("store");
      assertThat(alice.hears()).hasSize(2);
      assertThat(used(alice)).isEqualTo(2 * TOPIC + Upkeep.PLACE);
    }
  }

  @Test
  void whatIsStillBeingWithdrawnCountsToo() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      long subscription = alice.subscribes("com.topic");
      long registration = alice.registers("com.topic");
      world.turns.stop("store");
      alice.says("[34,3," + subscription + "]");
      alice.says("[66,4," + registration + "]");
      assertThat(used(alice)).isEqualTo(2 * TOPIC);
      world.turns.goOn("store");
      assertThat(alice.hears()).hasSize(2);
      assertThat(used(alice)).isZero();
    }
  }

  @Test
  void whatOtherNodesKeepCountsToo() {
    Resource topic = new Resource("", MatchPolicy.EXACT, "com.topic");
    assertThat(Upkeep.of(topic, 3)).isGreaterThan(2 * Upkeep.of(topic, 1));
    assertThat(Upkeep.of(topic, 10)).isGreaterThan(2 * Upkeep.of(topic, 3));
    try (World world = new World(1, realm -> realm.nodes = 3)) {
      TestClient alice = world.join(0);
      alice.registers("com.topic");
      assertThat(used(alice)).isEqualTo(Upkeep.of(topic, 3));
    }
  }

  // ---- given back ----

  @ParameterizedTest
  @ValueSource(strings = {"[32,N,{},'URI']", "[64,N,{},'URI']"})
  void whatIsGivenBackMakesRoom(String request) {
    try (World world = world()) {
      TestClient alice = world.join(0);
      String unsubscribe = request.startsWith("[32") ? "[34," : "[66,";
      for (int i = 0; i < 500; i++) {
        long asked = alice.next();
        alice.says(request.replace("N", "" + asked).replace("URI", "com.t" + i + "x".repeat(900)));
        String answer = alice.hears().get(0);
        assertThat(answer).doesNotEndWith(REFUSED);
        String id = answer.substring(answer.lastIndexOf(',') + 1, answer.length() - 1);
        alice.says(unsubscribe + alice.next() + "," + id + "]");
        assertThat(alice.hears()).hasSize(1);
      }
      assertThat(used(alice)).isZero();
    }
  }

  @Test
  void sessionThatEndsGivesBackWhatItHeldAndWhatItHadAskedFor() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      alice.subscribes("com.topic");
      alice.subscribes("com.", "prefix");
      alice.registers("com.topic");
      world.turns.stop("store");
      alice.says("[32,4,{},'com.other']");
      alice.says("[64,5,{},'com.other']");
      alice.leave();
      assertThat(used(alice)).isPositive();
      world.turns.goOn("store");
      assertThat(used(alice)).isZero();
    }
  }

  @Test
  void wishThatIsRefusedOrFailsCostsNothing() {
    try (World world = world()) {
      world.join(1).registers("com.topic");
      TestClient alice = world.join(0);
      alice.says("[64,1,{},'com.topic']");
      assertThat(alice.hears()).singleElement().asString().contains("already_exists");
      assertThat(used(alice)).isZero();

      world.registrations.outage = new IllegalStateException("no answer");
      world.subscriptions.outage = world.registrations.outage;
      alice.says("[64,2,{},'com.lost']");
      alice.says("[32,3,{},'com.lost.too']");
      alice.says("[32,4,{},'com.lost.too']");
      world.untilTheRecordIsGivenUp();
      world.untilTheRecordIsGivenUp(); // one after the other
      world.registrations.outage = null;
      world.subscriptions.outage = null;
      assertThat(alice.hears()).hasSize(3).allMatch(text -> text.contains("network_failure"));
      assertThat(used(alice)).isZero();
    }
  }

  // ---- shared ----

  @Test
  void furtherSubscriberOfTheLanePaysForItsPlaceAlone() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      TestClient carol = world.join(1);
      alice.subscribes("com.topic");
      bob.subscribes("com.topic");
      carol.subscribes("com.topic");
      assertThat(used(alice)).isEqualTo(Upkeep.PLACE + TOPIC);
      assertThat(used(bob)).isEqualTo(Upkeep.PLACE);
      assertThat(used(carol)).as("on another lane").isEqualTo(Upkeep.PLACE + TOPIC);
    }
  }

  @Test
  void whoStaysPaysForWhatAllShareWhenTheFirstOneHasLeft() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      TestClient carol = world.join(0);
      alice.subscribes("com.topic");
      long subscription = bob.subscribes("com.topic");
      carol.subscribes("com.topic");
      alice.leave();
      assertThat(used(alice)).isZero();
      assertThat(used(bob)).isEqualTo(Upkeep.PLACE + TOPIC);
      assertThat(used(carol)).isEqualTo(Upkeep.PLACE);
      bob.says("[34,2," + subscription + "]");
      assertThat(bob.hears()).hasSize(1);
      assertThat(used(bob)).isZero();
      assertThat(used(carol)).isEqualTo(Upkeep.PLACE + TOPIC);
    }
  }

  @Test
  void whoWaitsPaysWhenTheFirstOneLeavesBeforeTheAnswer() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      world.turns.stop("store");
      alice.says("[32,1,{},'com.topic']");
      bob.says("[32,1,{},'com.topic']");
      alice.leave();
      world.turns.goOn("store");
      assertThat(used(alice)).isZero();
      assertThat(used(bob)).isEqualTo(Upkeep.PLACE + TOPIC);
    }
  }

  @Test
  void subscriptionAskedForTwiceIsPaidOnce() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      world.turns.stop("store");
      alice.says("[32,1,{},'com.topic']");
      alice.says("[32,2,{},'com.topic']");
      world.turns.goOn("store");
      assertThat(alice.hears()).hasSize(2);
      assertThat(used(alice)).isEqualTo(Upkeep.PLACE + TOPIC);
    }
  }
}
