package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.Histogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** How long calls, publications and the like take, as the router sees it, and how calls fail. */
class LatenciesTest {

  private static Histogram.Reading reading(World world, int node, Latency of) {
    return world.nodes.get(node).router.metrics().latency(of).read();
  }

  private static long count(World world, int node, Latency of) {
    return Arrays.stream(reading(world, node, of).counts()).sum();
  }

  private static long errors(World world, String label) {
    LongAdder count = world.nodes.get(0).router.metrics().callErrors.byLabel().get(label);
    return count == null ? -1 : count.sum();
  }

  @Test
  void callAndItsInvocationTakeUntilTheCalleeHasAnswered() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(1);
      world.advance(Duration.ofSeconds(10)); // no clock begins at zero
      alice.calls("com.add");
      world.advance(Duration.ofSeconds(3));
      assertThat(count(world, 0, Latency.CALL)).isZero();
      bob.says("[70,1,{}]");
      assertThat(reading(world, 0, Latency.CALL).sum()).isEqualTo(3);
      assertThat(count(world, 0, Latency.CALL)).isEqualTo(1);
      assertThat(reading(world, 0, Latency.INVOCATION).sum()).isEqualTo(3);
      assertThat(count(world, 0, Latency.INVOCATION)).isEqualTo(1);
    }
  }

  @Test
  void callOfOneWhoHasLeftIsNotMeasured() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      world.callee(0);
      alice.calls("com.add");
      alice.leave();
      assertThat(count(world, 0, Latency.CALL)).isZero();
      assertThat(count(world, 0, Latency.INVOCATION)).isZero();
    }
  }

  @Test
  void publicationIsMeasuredOnEachLaneAndNodeWithSubscribers() {
    try (World world = new World(2, 2, 1, realm -> {})) {
      TestClient alice = world.join(0);
      world.join(0).subscribes("com.a");
      world.join(1).subscribes("com.a");
      world.join(world.nodes.get(1), 1, client -> {}).subscribes("com.a");
      alice.says("[16,1,{},'com.a']");
      alice.says("[16,2,{},'com.nobody']");
      assertThat(count(world, 0, Latency.PUBLICATION)).isEqualTo(2);
      assertThat(count(world, 1, Latency.PUBLICATION)).isEqualTo(1);
    }
  }

  @Test
  void publicationTakesUntilAnotherLaneHasTimeForIt() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      world.join(1).subscribes("com.a");
      world.advance(Duration.ofSeconds(10));
      world.pause();
      alice.says("[16,1,{},'com.a']");
      world.turnOf(alice);
      world.advance(Duration.ofSeconds(2));
      world.resume();
      assertThat(reading(world, 0, Latency.PUBLICATION).sum()).isEqualTo(2);
    }
  }

  @Test
  void firstSubscriberOfALaneAndEachCalleeAreMeasured() {
    try (World world = new World(1)) {
      world.join(0).subscribes("com.a");
      world.join(0).subscribes("com.a");
      world.callee(0);
      assertThat(count(world, 0, Latency.SUBSCRIBE)).isEqualTo(1);
      assertThat(count(world, 0, Latency.REGISTER)).isEqualTo(1);
    }
  }

  @Test
  void errorsOfTheRouterAreCountedByNameAndThoseOfCalleesTogether() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(0);
      alice.calls("com.nobody");
      alice.calls("com.add");
      bob.says("[8,68,1,{},'com.shop.error.sold_out']");
      alice.calls("com.add");
      bob.says("[8,68,2,{},'com.shop.error.closed']");
      assertThat(errors(world, "no_such_procedure")).isEqualTo(1);
      assertThat(errors(world, "application")).isEqualTo(2);
      assertThat(errors(world, "timeout")).isZero();
      assertThat(errors(world, "option_disallowed_disclose_me")).isZero();
      assertThat(errors(world, "max_concurrency_reached")).isZero();
    }
  }
}
