package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A realm that one of two nodes serves no more, or does not serve yet. */
class ForgottenRealmTest {

  private static final String REALM = World.OTHER_REALM;

  private final World world = new World(2, 2, 1, realm -> {});
  private final TestNode here = world.nodes.get(0);
  private final TestNode there = world.nodes.get(1);

  private TestClient join(TestNode node) {
    return world.join(node, 1, client -> client.realmName = REALM);
  }

  private void forget() {
    List<String> done = new ArrayList<>();
    world.turns.of("writer B").execute(() -> there.router.forget(REALM, () -> done.add("done")));
    world.stirred();
    assertThat(done).containsExactly("done");
  }

  private void serveAgain() {
    there.router.add(new TestRealm().settings(REALM), () -> {});
    world.stirred();
    there.lanes.forEach(lane -> lane.open(REALM));
  }

  @Test
  void nothingIsLeftOfIt() {
    try (world) {
      TestClient bob = join(there);
      bob.registers("com.add");
      bob.subscribes("com.news");
      bob.leave();
      world.clients.remove(bob);
      forget();
      assertThat(there.lanes.get(1).share(REALM)).isNull();
      assertThat(there.tables.known(REALM)).isNull();
      assertThat(there.router.realms()).extracting(RealmSettings::name).containsOnly(World.REALM);
      assertThat(there.router).extracting("realms.budgets", MAP).containsOnlyKeys(World.REALM);
      assertThat(there.router).extracting("realms.counts", MAP).containsOnlyKeys(World.REALM);
      assertThat(there.router.memory().used()).isZero();
      serveAgain();
    }
  }

  @Test
  void whoComesWhenItIsServedAgainReachesWhomTheOtherNodeHas() {
    try (world) {
      forget();
      TestClient alice = join(here);
      alice.registers("com.add");
      alice.subscribes("com.news");
      assertThat(there.tables.known(REALM)).isNotNull();
      serveAgain();

      TestClient bob = join(there);
      bob.says("[16,1,{},'com.news',['x']]");
      assertThat(alice.hears()).hasSize(1);
      bob.says("[48,2,{},'com.add',[1]]");
      assertThat(alice.hears()).hasSize(1);
      alice.says("[70,1,{},[2]]");
      assertThat(bob.hears()).containsExactly("[50,2,{},[2]]");
    }
  }

  @Test
  void callThatComesWhenItIsGoneFindsNobodyAndIsAnswered() {
    try (world) {
      TestClient bob = join(there);
      bob.registers("com.add");
      TestClient alice = join(here);
      world.turns.stop("log B>A");
      bob.leave();
      world.clients.remove(bob);
      forget();
      alice.says("[48,1,{},'com.add',[1]]");
      world.turns.goOn("log B>A");
      assertThat(alice.hears()).singleElement().asString().startsWith("[8,48,1,{},'wamp.error.");
      serveAgain();
    }
  }

  @Test
  void eventsOfAnUnknownRealmLeaveNothingBehind() {
    try (world) {
      TestClient bob = join(there);
      bob.subscribes("com.news");
      TestClient alice = join(here);
      world.turns.stop("log B>A");
      bob.leave();
      world.clients.remove(bob);
      forget();
      alice.says("[16,1,{},'com.news',['x']]");
      assertThat(there.tables.known(REALM)).isNull();
      world.turns.goOn("log B>A");
      serveAgain();
    }
  }
}
