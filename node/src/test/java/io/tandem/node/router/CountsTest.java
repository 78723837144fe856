package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import org.junit.jupiter.api.Test;

/** What a node and its lanes count of what their clients do. */
class CountsTest {

  private static RouterMetrics metrics(World world) {
    return world.nodes.get(0).router.metrics();
  }

  @Test
  void sessionsAreCountedByLaneAndAsTheyComeAndGo() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      world.join(0);
      world.join(1);
      assertThat(world.nodes.get(0).lanes).extracting(Lane::sessions).containsExactly(2, 1);
      assertThat(metrics(world).sessionsOpened.sum()).isEqualTo(3);
      assertThat(metrics(world).sessionsClosed.sum()).isZero();
      alice.leave();
      alice.leave();
      assertThat(world.nodes.get(0).lanes).extracting(Lane::sessions).containsExactly(1, 1);
      assertThat(metrics(world).sessionsOpened.sum()).isEqualTo(3);
      assertThat(metrics(world).sessionsClosed.sum()).isEqualTo(1);
    }
  }

  @Test
  void publicationIsCountedOnceAndItsEventsEach() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      world.join(0).subscribes("com.a");
      world.join(1).subscribes("com.a");
      alice.says("[16,1,{},'com.a']");
      alice.says("[16,2,{},'com.nobody']");
      alice.says("[16,3,{},'no uri']");
      assertThat(metrics(world).publications.sum()).isEqualTo(2);
      assertThat(metrics(world).events.sum()).isEqualTo(2);
    }
  }

  @Test
  void callIsCountedAndSoIsItsInvocation() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      alice.calls("com.nobody");
      assertThat(metrics(world).calls.sum()).isEqualTo(2);
      assertThat(metrics(world).invocations.sum()).isEqualTo(1);
      assertThat(world.nodes.get(0).lanes)
          .extracting(Lane::pending)
          .as("the call here, its invocation there")
          .containsExactly(1, 1);
      bob.says("[70,1,{}]");
      assertThat(world.nodes.get(0).lanes).extracting(Lane::pending).containsExactly(0, 0);
    }
  }

  @Test
  void requestIdOutOfSequenceIsCounted() {
    try (World world = new World(1, realm -> realm.strictRequestIds = false)) {
      TestClient alice = world.join(0);
      alice.says("[16,1,{},'com.a']");
      alice.says("[16,3,{},'com.a']");
      alice.says("[16,4,{},'com.a']");
      assertThat(metrics(world).requestIdGaps.sum()).isEqualTo(1);
    }
  }

  // ---- deliveries that make no sense here ----

  @Test
  void callOfARealmThatIsNotServedIsRefusedAndTheLaneGoesOn() {
    try (World world = new World(2)) {
      TestNode node = world.nodes.get(0);
      CallAddress call = new CallAddress(new LaneAddress(node.id, 1), 7);
      Delivery invoke = new Delivery.Invoke("nowhere", call, 1, 2, Options.EMPTY, Payload.EMPTY);
      node.lanes.get(0).execute(() -> node.router.forward(0, call.lane(), invoke));
      world.turns.runAll();
      assertThat(node.lanes).extracting(Lane::pending).containsExactly(0, 0);
      TestClient alice = world.join(1);
      alice.calls("com.nobody");
      assertThat(alice.hears()).singleElement().asString().contains("no_such_procedure");
    }
  }

  @Test
  void laneIsKnownByItsNumberAndServesTheRealmsOfItsNode() {
    try (World world = new World(2)) {
      TestNode node = world.nodes.get(0);
      assertThat(node.lanes).extracting(Lane::number).containsExactly(0, 1);
      assertThat(node.lanes.get(1).router()).isSameAs(node.router);
      assertThat(node.lanes.get(1).realm("nowhere")).isNull();
      assertThat(node.lanes.get(1).realm(World.REALM))
          .isNotNull()
          .isSameAs(node.lanes.get(1).realm(World.REALM))
          .isNotSameAs(node.lanes.get(0).realm(World.REALM));
      assertThat(node.router.self()).isEqualTo(node.id);
      assertThat(node.router.realms()).hasSize(2);
      assertThat(node.router.memory().limit()).isEqualTo(world.memory);
      assertThat(node.router.memory(World.REALM).limit()).isEqualTo(world.memory);
    }
  }
}
