package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sessions may have by their role, and what the realm says where the role says nothing. */
class SessionLimitsTest {

  private static final SessionLimits FEW = new SessionLimits(2, 1, 1, 1, 10, null);

  private static World world() {
    return new World(2, realm -> realm.limitsOfRoles = Map.of("guest", FEW));
  }

  private static TestClient guest(World world) {
    return world.join(0, client -> client.is("ann", "guest"));
  }

  private static void expectRefusal(TestClient client, String words) {
    assertThat(client.hears())
        .singleElement()
        .asString()
        .contains("wamp.error.not_authorized", words);
  }

  @Test
  void roleHoldsLessThanOthersOfTheRealm() {
    try (World world = world()) {
      TestClient guest = guest(world);
      TestClient other = world.join(0);
      guest.subscribes("com.a");
      guest.says("[32," + guest.next() + ",{},'com.b']");
      expectRefusal(guest, "at most 1 subscriptions");
      guest.registers("com.a");
      guest.says("[64," + guest.next() + ",{},'com.b']");
      expectRefusal(guest, "at most 1 registrations");
      other.subscribes("com.a");
      other.subscribes("com.b");
      other.registers("com.c");
      other.registers("com.d");
      guest.calls("com.c");
      guest.says("[48," + guest.next() + ",{},'com.d']");
      expectRefusal(guest, "at most 1 calls under way");
    }
  }

  @Test
  void calleeOfTheRoleIsPassedOver() {
    try (World world = world()) {
      TestClient guest = guest(world);
      guest.registers("com.add");
      TestClient caller = world.join(1);
      caller.calls("com.add");
      assertThat(guest.hears()).containsExactly("[68,1,1,{}]");
      caller.calls("com.add");
      assertThat(guest.hears()).isEmpty();
      assertThat(caller.hears()).singleElement().asString().startsWith("[8,48,2,");
    }
  }

  @Test
  void otherLimitsHoldForSessionsThatAreThere() {
    try (World world = world()) {
      TestClient guest = guest(world);
      guest.subscribes("com.a");
      reload(world, Map.of());
      guest.subscribes("com.b");
      reload(world, Map.of("guest", FEW));
      guest.says("[32," + guest.next() + ",{},'com.c']");
      expectRefusal(guest, "at most 1 subscriptions");
    }
  }

  private static void reload(World world, Map<String, SessionLimits> limitsOfRoles) {
    TestRealm realm = new TestRealm();
    realm.limitsOfRoles = limitsOfRoles;
    world
        .nodes
        .get(0)
        .router
        .reload(List.of(realm.settings(World.REALM), realm.settings(World.OTHER_REALM)), () -> {});
    world.turns.runAll();
  }

  // ---- payloads ----

  @Test
  @Conformance("ERR-01")
  void callWithALongerPayloadIsAnsweredWithAnError() {
    try (World world = world()) {
      TestClient guest = guest(world);
      TestClient callee = world.callee(1);
      guest.says("[48," + guest.next() + ",{},'com.add',['1234567']]");
      assertThat(guest.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.payload_size_exceeded',['a payload may have 10 octets']]");
      guest.says("[48," + guest.next() + ",{},'com.add',['123456']]");
      assertThat(callee.hears()).containsExactly("[68,1,1,{},['123456']]");
    }
  }

  @Test
  void publicationWithALongerPayloadIsAnsweredWhereItAsksForThatAndCountedWhereNot() {
    try (World world = world()) {
      TestClient guest = guest(world);
      TestClient other = world.join(1);
      other.subscribes("com.news");
      guest.says("[16," + guest.next() + ",{'acknowledge':true},'com.news',[],{'k':'1234'}]");
      assertThat(guest.hears())
          .containsExactly(
              "[8,16,1,{},'wamp.error.payload_size_exceeded',['a payload may have 10 octets']]");
      guest.says("[16," + guest.next() + ",{},'com.news',['1234567']]");
      assertThat(guest.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.PUBLICATION_REFUSED)).isEqualTo(1);
      assertThat(other.hears()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[70,1,{},['1234567']]", "[8,68,1,{},'com.error',['1234567']]"})
  void callerHearsOfAnAnswerThatIsLongerThanTheCalleeMaySend(String answer) {
    try (World world = world()) {
      TestClient guest = guest(world);
      guest.registers("com.add");
      TestClient caller = world.join(1);
      caller.calls("com.add");
      guest.hears();
      guest.says(answer);
      assertThat(caller.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.payload_size_exceeded',['a payload may have 10 octets']]");
    }
  }

  // ---- places ----

  @Test
  void realmAndRoleHaveSoManyPlacesOnAllLanes() {
    SessionCount count = new SessionCount();
    assertThat(count.enter("guest", 3, 2)).isTrue();
    assertThat(count.enter("guest", 3, 2)).isTrue();
    assertThat(count.enter("guest", 3, 2)).as("of the role").isFalse();
    assertThat(count.enter("user", 3, 2)).isTrue();
    assertThat(count.enter("user", 3, 2)).as("of the realm").isFalse();
    count.leave("guest");
    assertThat(count.enter("user", 3, 2)).isTrue();
  }
}
