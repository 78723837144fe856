package io.tandem.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
import io.tandem.registry.Resource;
import io.tandem.testing.Patience;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a member tells of its share of the record, and of the time that the record takes. */
class OwnShareTest {

  private static HazelcastRegistry registry(HazelcastInstance member, String node) {
    return new HazelcastRegistry(
        member, new NodeId(node, 1), Patience.LIMIT, task -> new Thread(task).start());
  }

  private static long subscriptions(HazelcastRegistry registry) {
    return registry.ownShare().get("subscriptions").entries();
  }

  @Test
  void entriesOfAllMembersTogetherAreThoseThatThereAre() {
    try (Grid grid = new Grid()) {
      HazelcastRegistry first = registry(grid.member(), "first");
      HazelcastRegistry second = registry(grid.member(), "second");
      assertThat(first.ownShare())
          .containsOnlyKeys(
              "subscriptions",
              "registrations",
              "sessions",
              "counters",
              "wills",
              "logins",
              "kept",
              "realms");
      for (int i = 0; i < 100; i++) {
        Resource resource = new Resource("realm1", MatchPolicy.EXACT, "com.a" + i);
        Grid.await(first.record().addNode(resource, new NodeId("first", 1)));
      }
      Patience.until(
          "each entry has one owner", () -> subscriptions(first) + subscriptions(second) == 100);
      assertThat(subscriptions(first)).isPositive();
      assertThat(subscriptions(second)).isPositive();
      assertThat(first.ownShare().get("subscriptions").octets())
          .isGreaterThan(20 * subscriptions(first));
      assertThat(operations(first.operations())).isGreaterThanOrEqualTo(100);
      assertThat(operations(second.operations())).isZero();
    }
  }

  private static long operations(Histogram times) {
    return Arrays.stream(times.read().counts()).sum();
  }
}
