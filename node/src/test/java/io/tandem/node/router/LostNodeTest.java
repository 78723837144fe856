package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.link.NodeLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Of three nodes one is lost: what was between the others goes on. */
class LostNodeTest {

  private static final String LOST =
      "'wamp.error.network_failure',['the callee's node cannot be reached any more']]";

  private static World threeNodes() {
    return new World(3, 2, 1, realm -> {});
  }

  private static TestClient join(World world, int node, int lane) {
    return world.join(world.nodes.get(node), lane, client -> {});
  }

  @Test
  void callsOfItsCalleesFailAndAllOthersGoOn() {
    try (World world = threeNodes()) {
      TestClient alice = join(world, 0, 0);
      TestClient neighbour = join(world, 0, 1);
      TestClient bob = join(world, 1, 0);
      TestClient carol = join(world, 2, 0);
      neighbour.registers("com.here");
      bob.registers("com.lost");
      carol.registers("com.elsewhere");
      alice.calls("com.here");
      alice.calls("com.lost");
      alice.calls("com.elsewhere");

      lose(world, 0, 1);
      assertThat(alice.hears()).containsExactly("[8,48,2,{}," + LOST);

      neighbour.says("[70,1,{},['here']]");
      carol.says("[70,1,{},['elsewhere']]");
      bob.says("[70,1,{},['too late']]");
      assertThat(alice.hears()).containsExactly("[50,1,{},['here']]", "[50,3,{},['elsewhere']]");
    }
  }

  @Test
  void invocationsOfItsCallersAreInterruptedAndAllOthersGoOn() {
    try (World world = threeNodes()) {
      TestClient alice = join(world, 0, 0);
      TestClient neighbour = join(world, 0, 1);
      TestClient bob = join(world, 1, 0);
      TestClient carol = join(world, 2, 0);
      alice.registers("com.add");
      neighbour.calls("com.add");
      bob.calls("com.add");
      carol.calls("com.add");
      assertThat(alice.hears()).hasSize(3);

      lose(world, 0, 1);
      assertThat(alice.hears())
          .containsExactly("[69,2,{'mode':'killnowait','reason':'wamp.error.canceled'}]");

      alice.says("[70,1,{},['here']]");
      alice.says("[70,3,{},['elsewhere']]");
      assertThat(neighbour.hears()).containsExactly("[50,1,{},['here']]");
      assertThat(carol.hears()).containsExactly("[50,1,{},['elsewhere']]");
      lose(world, 1, 0);
      assertThat(bob.hears()).containsExactly("[8,48,1,{}," + LOST);
    }
  }

  /** The node hears when it is cleared for every lane, once. */
  @Test
  void lossIsClearedWhenEveryLaneHasClearedUp() {
    try (World world = threeNodes()) {
      AtomicInteger cleared = new AtomicInteger();
      world.turns.stop(world.nodes.get(0).laneName(1));
      world.nodes.get(0).router.lost(world.nodes.get(1).id, cleared::incrementAndGet);
      world.turns.runAll();
      assertThat(cleared).hasValue(0);
      world.turns.goOn(world.nodes.get(0).laneName(1));
      world.turns.runAll();
      assertThat(cleared).hasValue(1);
    }
  }

  @Test
  void publicationGoesToTheNodesThatWantItAndToNoOthers() {
    try (World world = threeNodes()) {
      TestClient alice = join(world, 0, 0);
      join(world, 1, 0).subscribes("com.one");
      join(world, 2, 0).subscribes("com.two");
      List<String> offered = new ArrayList<>();
      world.nodes.stream().skip(1).forEach(node -> watch(world, node, offered));
      alice.says("[16,1,{},'com.one']");
      alice.says("[16,2,{},'com.nobody']");
      alice.says("[16,3,{},'com.two']");
      assertThat(offered).containsExactly("com.one to B", "com.two to C");
      world.nodes.stream().skip(1).forEach(node -> world.nodes.get(0).router.unlink(node.id));
    }
  }

  /** From now on events to the node are written down and go nowhere. */
  private static void watch(World world, TestNode node, List<String> offered) {
    world
        .nodes
        .get(0)
        .router
        .link(
            node.id,
            new NodeLink() {
              @Override
              public Offered offer(int fromLane, int toLane, Delivery delivery) {
                if (delivery instanceof Delivery.Event event) {
                  offered.add(event.publication().topic() + " to " + node.id.name());
                }
                return Offered.TAKEN;
              }

              @Override
              public boolean isOpen() {
                return true;
              }
            });
  }

  private static void lose(World world, int at, int lost) {
    world.nodes.get(at).router.lost(world.nodes.get(lost).id, () -> {});
    world.turns.runAll();
  }
}
