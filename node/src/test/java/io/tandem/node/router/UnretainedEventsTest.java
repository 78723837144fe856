package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.kept.KeepRule;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publishers that ask for what their realm does not do hear of it, and nobody gets the event. */
class UnretainedEventsTest {

  private static final KeepRules RULES =
      new KeepRules(
          List.of(new KeepRule(MatchPolicy.PREFIX, "com.kept.", 10, 10_000, null)), 10, List.of());

  private final World world = new World(2, 1, 1, realm -> realm.keep = RULES);
  private final TestClient alice = world.join(0);
  private final TestClient bob = world.join(world.nodes.get(1), 0, client -> {});

  @Test
  @Conformance({"PS-RET-01", "ERR-01"})
  void eventThatCannotBeRetainedIsRefused() {
    try (world) {
      bob.subscribes("com.", "prefix");
      String large = "x".repeat(10_000);
      alice.says("[16,1,{'retain':true,'acknowledge':true},'com.other',['x']]");
      alice.says("[16,2,{'retain':true,'acknowledge':true},'com.kept.a',['" + large + "']]");
      assertThat(alice.hears())
          .containsExactly(
              "[8,16,1,{},'wamp.error.option_not_allowed',['nothing of this topic is retained']]",
              "[8,16,2,{},'wamp.error.option_not_allowed',['it is larger than all that may be"
                  + " retained of its topic']]");
      alice.says("[16,3,{'retain':true},'com.other',['x']]");
      alice.says("[16,4,{'retain':true},'com.kept.a',['" + large + "']]");
      assertThat(world.dropped(RouterMetrics.Drop.PUBLICATION_REFUSED)).isEqualTo(2);
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  void whatCanBeRetainedIsAndWhatAsksForNothingIsPublished() {
    try (world) {
      bob.subscribes("com.", "prefix");
      alice.says("[16,1,{'retain':false},'com.other',['x']]");
      alice.says("[16,2,{'retain':true},'com.kept.a',['x']]");
      assertThat(bob.hears()).hasSize(2);
      alice.says("[32,3,{'match':'prefix','get_retained':true},'com.']");
      assertThat(alice.hears()).containsExactly("[33,3,1]"); // of its own publication it has none
      world.advance(Duration.ofSeconds(3));
      assertThat(world.nodes.get(1).router.keeping().realm(World.REALM).retains("com.kept.a"))
          .isTrue();
    }
  }
}
