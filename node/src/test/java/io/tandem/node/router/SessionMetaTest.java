package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.record.Freed;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the router tells of the sessions of a realm. */
class SessionMetaTest {

  private static World twoNodes() {
    World world = new World(2, 2, 1, realm -> {});
    world.serveMeta();
    return world;
  }

  private static TestClient join(World world, String node, int lane, String authrole) {
    return world.join(
        world.nodes.get(node.charAt(0) - 'A'), lane, client -> client.authrole = authrole);
  }

  private static String answer(TestClient client, String procedure, String args) {
    client.says("[48," + client.next() + ",{},'" + procedure + "'" + args + "]");
    List<String> heard = client.hears();
    assertThat(heard).hasSize(1);
    return heard.get(0).replaceFirst("^\\[50,\\d+,\\{},\\[(.*)]]$", "$1");
  }

  @Test
  @Conformance("META-SES-03")
  void sessionsOfAllNodesAreCounted() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0, "user");
      assertThat(answer(alice, "wamp.session.count", "")).isEqualTo("1");
      join(world, "A", 1, "user");
      TestClient carol = join(world, "B", 0, "admin");
      assertThat(answer(alice, "wamp.session.count", "")).isEqualTo("3");
      assertThat(answer(carol, "wamp.session.count", ",[]")).isEqualTo("3");
      assertThat(answer(carol, "wamp.session.count", ",[null]")).isEqualTo("3");
      assertThat(answer(alice, "wamp.session.count", ",[['user']]")).isEqualTo("2");
      assertThat(answer(alice, "wamp.session.count", ",[['user','admin','none']]")).isEqualTo("3");
      assertThat(answer(alice, "wamp.session.count", ",[['none']]")).isEqualTo("0");
      assertThat(answer(alice, "wamp.session.count", ",[[]]")).isEqualTo("0");
      carol.leave();
      assertThat(answer(alice, "wamp.session.count", ",[null,'extra'],{'more':1}")).isEqualTo("2");
    }
  }

  @Test
  @Conformance("META-SES-04")
  void sessionsOfAllNodesAreListed() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0, "user");
      TestClient bob = join(world, "B", 1, "admin");
      assertThat(answer(alice, "wamp.session.list", "")).isIn("[101,102]", "[102,101]");
      assertThat(answer(bob, "wamp.session.list", ",[['user']]")).isEqualTo("[101]");
      assertThat(answer(bob, "wamp.session.list", ",[[]]")).isEqualTo("[]");
    }
  }

  @Test
  @Conformance("META-SES-05")
  void aSessionIsLookedUpOnWhicheverNodeItIs() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0, "user");
      join(world, "B", 1, "admin");
      String details =
          "{'session':102,'authid':'anybody','authrole':'admin','authmethod':'test',"
              + "'authprovider':'test'}";
      assertThat(answer(alice, "wamp.session.get", ",[102]")).isEqualTo(details);
      assertThat(answer(alice, "wamp.session.get", ",[102.0]")).isEqualTo(details);
      assertThat(answer(alice, "wamp.session.get", ",[103]"))
          .contains("'wamp.error.no_such_session'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wamp.session.count',['user'",
        "wamp.session.count',[[1]",
        "wamp.session.list',[{}",
        "wamp.session.get',['102'",
        "wamp.session.get',[1.5",
        "wamp.session.get',[null",
        "wamp.session.get',["
      })
  void argumentsOfAnotherTypeAreRefused(String call) {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0, "user");
      alice.says("[48,1,{},'" + call + "]]");
      assertThat(alice.hears())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.invalid_argument',");
    }
  }

  @Test
  @Conformance({"META-SES-01", "META-SES-02"})
  void whoJoinsAndLeavesIsToldOnceToSubscribersOnAllNodes() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0, "user");
      TestClient bob = join(world, "B", 1, "user");
      long joins = alice.subscribes("wamp.session.on_join");
      bob.subscribes("wamp.session.on_join");
      long leaves = alice.subscribes("wamp.session.on_leave");
      bob.subscribes("wamp.session.on_leave");
      TestClient carol = join(world, "A", 1, "admin");
      String joined =
          "[36,"
              + joins
              + ",P1,{},[{'session':103,'authid':'anybody','authrole':'admin',"
              + "'authmethod':'test','authprovider':'test'}]]";
      assertThat(alice.hears()).containsExactly(joined);
      assertThat(bob.hears()).containsExactly(joined);
      assertThat(carol.hears()).isEmpty();
      carol.leave();
      String left = "[36," + leaves + ",P2,{},[103,'anybody','admin']]";
      assertThat(alice.hears()).containsExactly(left);
      assertThat(bob.hears()).containsExactly(left);
    }
  }

  @Test
  void subscribersOfAPatternAreToldUnlessItIsAnotherRealm() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0, "user");
      TestClient stranger =
          world.join(world.nodes.get(0), 0, client -> client.realmName = World.OTHER_REALM);
      alice.hears();
      alice.subscribes("wamp.", "prefix");
      stranger.subscribes("wamp.", "prefix");
      join(world, "B", 0, "user");
      assertThat(alice.hears()).hasSize(1).first().asString().contains("'session':103");
      assertThat(stranger.hears()).isEmpty();
      assertThat(answer(stranger, "wamp.session.count", "")).isEqualTo("1");
      assertThat(answer(stranger, "wamp.session.get", ",[101]"))
          .contains("'wamp.error.no_such_session'");
    }
  }

  /** Whoever knows of a session knows it before, and until after, all that it says. */
  @Test
  void allThatASessionSaysIsBetweenItsJoinAndItsLeave() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "B", 0, "user");
      alice.subscribes("wamp.session.", "prefix");
      alice.subscribes("com.", "prefix");
      world.turns.stop("sessions");
      TestClient bob = join(world, "A", 1, "user");
      bob.says("[16,1,{},'com.first']");
      assertThat(alice.hears()).as("before the directory has it").isEmpty();
      world.turns.goOn("sessions");
      bob.says("[16,2,{},'com.last']");
      bob.leave();
      assertThat(alice.hears())
          .satisfiesExactly(
              joined -> assertThat(joined).contains("on_join"),
              first -> assertThat(first).contains("com.first"),
              last -> assertThat(last).contains("com.last"),
              left -> assertThat(left).contains("on_leave"));
    }
  }

  @Test
  void aDirectoryThatDoesNotAnswerHoldsASessionUpForHalfASecondOnly() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "B", 0, "user");
      alice.subscribes("com.first");
      world.turns.stop("sessions");
      TestClient bob = join(world, "A", 1, "user");
      bob.says("[16,1,{},'com.first']");
      world.advance(Duration.ofMillis(500));
      assertThat(alice.hears()).hasSize(1);
      world.turns.goOn("sessions");
    }
  }

  @Test
  void sessionsThatWereFreedOfANodeThatIsGoneHaveLeft() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "B", 0, "user");
      alice.subscribes("wamp.session.on_leave");
      SessionDetails gone =
          new SessionDetails(4711, World.REALM, "peter", "user", "test", "test", Map.of());
      world.nodes.get(0).router.freed(new Freed.Session(gone));
      world.stirred();
      assertThat(alice.hears()).containsExactly("[36,1,P1,{},[4711,'peter','user']]");
    }
  }

  /** The others have said it already, or are about to. */
  @Test
  void aLifeThatIsOverTellsNothingOfItsSessions() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "B", 0, "user");
      alice.subscribes("wamp.session.on_leave");
      TestClient bob = join(world, "A", 0, "user");
      world.nodes.get(0).router.expire();
      bob.leave();
      assertThat(alice.hears()).isEmpty();
    }
  }
}
