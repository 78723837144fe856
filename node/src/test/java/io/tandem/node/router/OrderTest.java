package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What one session sends another arrives in the order sent, on one node and on two, whatever the
 * threads do. The seed in a test's name makes their order.
 */
class OrderTest {

  private static final int MESSAGES = 30;

  static List<Arguments> seeds() {
    List<Arguments> seeds = new ArrayList<>();
    for (long seed = 1; seed <= 20; seed++) {
      seeds.add(Arguments.of(1, seed));
      seeds.add(Arguments.of(2, seed));
    }
    return seeds;
  }

  @ParameterizedTest(name = "{0} nodes, seed {1}")
  @MethodSource("seeds")
  @Conformance({"ORD-01", "ORD-08"})
  void eventsOfOnePublisherKeepTheirOrderAcrossTopicsAndSubscriptions(int nodes, long seed) {
    try (World world = new World(nodes, 3, seed, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(nodes - 1), 1, client -> {});
      TestClient carol = world.join(0);
      for (TestClient subscriber : List.of(bob, carol)) {
        subscriber.subscribes("com.a");
        subscriber.subscribes("com.b");
        subscriber.subscribes("com.", "prefix");
      }
      world.pause();
      for (int i = 1; i <= MESSAGES; i++) {
        alice.says("[16," + i + ",{},'com." + (i % 2 == 0 ? "a" : "b") + "',[" + i + "]]");
      }
      world.resume();
      assertThat(numbers(bob.hears())).hasSize(2 * MESSAGES).isSorted();
      assertThat(numbers(carol.hears())).hasSize(2 * MESSAGES).isSorted();
    }
  }

  @ParameterizedTest(name = "{0} nodes, seed {1}")
  @MethodSource("seeds")
  @Conformance({"ORD-03", "ORD-08"})
  void callsOfOneCallerReachACalleeInOrderAcrossProcedures(int nodes, long seed) {
    try (World world = new World(nodes, 3, seed, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(nodes - 1), 1, client -> {});
      bob.registers("com.a");
      bob.registers("com.", "'match':'prefix'");
      bob.subscribes("com.a");
      world.pause();
      for (int i = 1; i <= MESSAGES; i += 3) {
        alice.says("[48," + i + ",{},'com.a',[" + i + "]]");
        alice.says("[16," + (i + 1) + ",{},'com.a',[" + (i + 1) + "]]");
        alice.says("[48," + (i + 2) + ",{},'com.b',[" + (i + 2) + "]]");
      }
      world.resume();
      assertThat(numbers(bob.hears())).hasSize(MESSAGES).isSorted();
    }
  }

  @ParameterizedTest(name = "{0} nodes, seed {1}")
  @MethodSource("seeds")
  @Conformance("ORD-07")
  void partsOfAResultKeepTheirOrder(int nodes, long seed) {
    try (World world = new World(nodes, 3, seed, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(nodes - 1), 1, client -> {});
      bob.registers("com.a");
      alice.says("[48,1,{'receive_progress':true},'com.a']");
      world.pause();
      for (int i = 1; i < MESSAGES; i++) {
        bob.says("[70,1,{'progress':true},[" + i + "]]");
      }
      bob.says("[70,1,{},[" + MESSAGES + "]]");
      world.resume();
      List<String> heard = alice.hears();
      assertThat(numbers(heard)).hasSize(MESSAGES).isSorted();
      assertThat(heard.get(MESSAGES - 1)).isEqualTo("[50,1,{},[" + MESSAGES + "]]");
    }
  }

  @ParameterizedTest(name = "{0} nodes, seed {1}")
  @MethodSource("seeds")
  @Conformance({"ORD-02", "ORD-04"})
  void nothingComesBeforeTheAnswerThatAllowsIt(int nodes, long seed) {
    try (World world = new World(nodes, 3, seed, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(nodes - 1), 1, client -> {});
      world.pause();
      bob.says("[32,1,{},'com.a']");
      bob.says("[64,2,{},'com.a']");
      for (int i = 1; i < MESSAGES; i += 2) {
        alice.says("[16," + i + ",{},'com.a']");
        alice.says("[48," + (i + 1) + ",{},'com.a']");
        world.turns.step();
        world.turns.step();
      }
      world.resume();
      // What came too early, and what came at all, the strict client has judged.
      assertThat(bob.hears()).contains("[33,1,1]").anyMatch(heard -> heard.startsWith("[65,2,"));
    }
  }

  /** The strict client fails the test over what comes too early or too late. */
  @ParameterizedTest(name = "{0} nodes, seed {1}")
  @MethodSource("seeds")
  @Conformance({"ORD-06", "QRK-03", "QRK-04"})
  void nothingComesBeforeTheAnswerThatAllowsItNorAfterTheOneThatEndsIt(int nodes, long seed) {
    try (World world = new World(nodes, 3, seed, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(nodes - 1), 1, client -> {});
      world.pause();
      bob.says("[32,1,{},'com.a']");
      bob.says("[64,2,{},'com.a']");
      int sent = sendAndStep(world, alice, 0);
      world.resume();
      long subscription = bob.conduct.subscriptions.iterator().next();
      long registration = bob.conduct.registrations.iterator().next();
      world.pause();
      sent = sendAndStep(world, alice, sent);
      bob.says("[34,3," + subscription + "]");
      bob.says("[66,4," + registration + "]");
      sent = sendAndStep(world, alice, sent);
      world.resume();
      sendAndStep(world, alice, sent);
      assertThat(bob.hears())
          .contains("[35,3]", "[67,4]")
          .anyMatch(heard -> heard.startsWith("[36,"))
          .anyMatch(heard -> heard.startsWith("[68,"));
    }
  }

  /** Publishes and calls while everything goes on; returns the number of requests so far. */
  private static int sendAndStep(World world, TestClient alice, int sent) {
    for (int i = sent + 1; i < sent + MESSAGES; i += 2) {
      alice.says("[16," + i + ",{},'com.a']");
      alice.says("[48," + (i + 1) + ",{},'com.a']");
      world.turns.step();
      world.turns.step();
    }
    return sent + MESSAGES;
  }

  /** The one argument of each message. */
  private static List<Integer> numbers(List<String> messages) {
    return messages.stream()
        .map(text -> text.substring(text.lastIndexOf('[') + 1, text.length() - 2))
        .map(Integer::parseInt)
        .toList();
  }
}
