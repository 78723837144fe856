package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What replies say about what they reply to. */
class RepliesTest {

  /** Clients may count as they like where the realm does not insist. */
  private static World world() {
    return new World(2, 2, 1, realm -> realm.strictRequestIds = false);
  }

  private static TestClient join(World world, String place) {
    return world.join(world.nodes.get(place.charAt(0) - 'A'), place.charAt(1) - '0', client -> {});
  }

  @Test
  @Conformance("ID-06")
  void repliesHaveTheIdOfWhatTheyReplyTo() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B1");
      bob.says("[64,70,{},'com.add']");
      bob.says("[32,71,{},'com.topic']");
      bob.says("[16,72,{'acknowledge':true},'com.other']");
      bob.says("[34,73,1]");
      assertThat(bob.hears())
          .containsExactly(
              "[65,70,1]",
              "[33,71,2]",
              "[17,72,P1]",
              "[8,34,73,{},'wamp.error.no_such_subscription',['this session holds no subscription"
                  + " 1']]");
      alice.says("[48,88,{},'com.nobody']");
      assertThat(alice.hears()).singleElement().asString().startsWith("[8,48,88,");
      alice.says("[48,90,{},'com.add']");
      alice.says("[48,95,{},'com.add']");
      alice.says("[48,97,{},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]", "[68,2,1,{}]", "[68,3,1,{}]");
      bob.says("[8,68,2,{},'com.error']");
      bob.says("[70,1,{}]");
      alice.says("[49,97,{'mode':'kill'}]");
      assertThat(bob.hears())
          .containsExactly("[69,3,{'mode':'kill','reason':'wamp.error.canceled'}]");
      bob.says("[8,68,3,{},'wamp.error.canceled']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,95,{},'com.error']", "[50,90,{}]", "[8,48,97,{},'wamp.error.canceled']");
      bob.says("[34,80,2]");
      bob.says("[66,81,1]");
      assertThat(bob.hears()).containsExactly("[35,80]", "[67,81]");
    }
  }

  @Test
  @Conformance("QRK-06")
  void errorsAreAboutRequestsOfTheClientAndNothingElse() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B1");
      bob.registers("com.add");
      alice.says("[16,1,{'acknowledge':true},'wamp.topic']");
      alice.says("[32,2,{},'com..topic']");
      alice.says("[34,3,99]");
      alice.says("[64,4,{},'com.add']");
      alice.says("[66,5,99]");
      alice.says("[48,6,{},'com.nobody']");
      alice.says("[48,7,{},'com.add']");
      alice.says("[49,7,{}]");
      bob.says("[70,1,{}]");
      List<String> types = new ArrayList<>();
      for (String error : alice.hears()) {
        types.add(error.substring(0, error.indexOf(",{}")));
      }
      assertThat(types)
          .containsExactlyInAnyOrder(
              "[8,16,1", "[8,32,2", "[8,34,3", "[8,64,4", "[8,66,5", "[8,48,6", "[8,48,7");
      assertThat(bob.hears()).noneMatch(message -> message.startsWith("[8,"));
    }
  }

  @Test
  @Conformance("ORD-05")
  void resultsComeAsCalleesGiveThemAndRepliesAsTheyAreReady() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B1");
      bob.registers("com.add");
      for (int i = 1; i <= 3; i++) {
        alice.says("[48," + i + ",{},'com.add']");
      }
      bob.says("[70,3,{}]");
      bob.says("[8,68,1,{},'com.error']");
      bob.says("[70,2,{}]");
      assertThat(alice.hears())
          .containsExactly("[50,3,{}]", "[8,48,1,{},'com.error']", "[50,2,{}]");
      TestClient carol = join(world, "A1");
      carol.subscribes("com.topic");
      world.turns.stop("acknowledgements of A>B");
      alice.says("[64,4,{},'com.sub']");
      alice.says("[32,5,{},'com..topic']");
      assertThat(alice.hears()).singleElement().asString().startsWith("[8,32,5,");
      world.turns.goOn("acknowledgements of A>B");
      assertThat(alice.hears()).singleElement().asString().startsWith("[65,4,");
    }
  }

  @Test
  @Conformance("RPC-PAT-10")
  void callReachesOneRegistrationHoweverManyMatch() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      List<TestClient> callees = new ArrayList<>();
      for (String pattern :
          List.of(
              "com.shop.add,exact",
              "com.shop,prefix",
              "com,prefix",
              "com..add,wildcard",
              ".shop.add,wildcard")) {
        TestClient callee = join(world, callees.size() % 2 == 0 ? "B0" : "A1");
        int comma = pattern.indexOf(',');
        callee.registers(
            pattern.substring(0, comma), "'match':'" + pattern.substring(comma + 1) + "'");
        callees.add(callee);
      }
      for (int left = callees.size(); left > 0; left--) {
        alice.says("[48," + alice.next() + ",{},'com.shop.add']");
        TestClient called = null;
        for (TestClient callee : callees) {
          if (!callee.hears().isEmpty()) {
            assertThat(called).as("another one that was called").isNull();
            called = callee;
          }
        }
        assertThat(called).isNotNull();
        called.says("[70,1,{}]");
        assertThat(alice.hears()).hasSize(1);
        called.leave();
        callees.remove(called);
      }
    }
  }

  @Test
  @Conformance("RPC-SHR-08")
  void firstAndLastAreThoseOfTheClusterWhicheverNodeTheyAreOn() {
    try (World world = world()) {
      TestClient here = join(world, "A0");
      TestClient there = join(world, "B0");
      for (String policy : List.of("first", "last")) {
        List<TestClient> callees = new ArrayList<>();
        for (String place : List.of("B1", "A1", "B0", "A0")) {
          TestClient callee = join(world, place);
          callee.registers("com." + policy, "'invoke':'" + policy + "'");
          callees.add(callee);
        }
        while (!callees.isEmpty()) {
          TestClient expected = callees.remove(policy.equals("first") ? 0 : callees.size() - 1);
          here.says("[48," + here.next() + ",{},'com." + policy + "']");
          there.says("[48," + there.next() + ",{},'com." + policy + "']");
          assertThat(expected.hears()).hasSize(2);
          expected.leave();
        }
      }
    }
  }
}
