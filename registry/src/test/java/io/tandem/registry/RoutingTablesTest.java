package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node's routing tables make of the logs of all nodes. */
class RoutingTablesTest {

  private static final NodeId SELF = new NodeId("A", 1);
  private static final NodeId B = new NodeId("B", 1);
  private static final NodeId C = new NodeId("C", 1);
  private static final Resource TOPIC = new Resource("realm1", MatchPolicy.EXACT, "com.a");

  private final RoutingTables tables = new RoutingTables(SELF);
  private final RealmRegistry realm = tables.realm("realm1");

  @Test
  void interestIsOfLanesHereAndOfNodesElsewhere() {
    tables.laneGained(TOPIC, 0);
    tables.laneGained(TOPIC, 5);
    tables.apply(B, new RegistryChange.InterestGained(TOPIC));
    tables.apply(B, new RegistryChange.InterestGained(TOPIC));
    assertThat(interests()).containsExactly(new Interest(0b100001, List.of(B)));
    tables.laneLost(TOPIC, 0);
    tables.laneLost(TOPIC, 5);
    tables.apply(B, new RegistryChange.InterestLost(TOPIC));
    assertThat(interests()).isEmpty();
    assertThat(realm.subscriptionCount()).isZero();
  }

  @Test
  void ownEntriesAboutInterestChangeNothing() {
    tables.apply(SELF, new RegistryChange.InterestGained(TOPIC));
    assertThat(interests()).isEmpty();
  }

  @Test
  void realmsAreApart() {
    tables.laneGained(TOPIC, 0);
    List<Interest> elsewhere = new ArrayList<>();
    tables.realm("realm2").interested("com.a", elsewhere::add);
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void lateFarewellToAnEarlierRegistrationDoesNotTouchTheNew() {
    tables.apply(B, added(1, B, 0));
    tables.apply(C, added(2, C, 0));
    tables.apply(B, new RegistryChange.CalleeRemoved(TOPIC, 1, callee(B, 0)));
    assertThat(procedure()).isNotNull();
    assertThat(procedure().id()).isEqualTo(2);
    assertThat(procedure().callees()).containsExactly(callee(C, 0));
  }

  @Test
  @Conformance("RPC-SHR-07")
  void registrationLeavesTheTableWithItsLastCallee() {
    tables.apply(B, added(1, B, 0));
    tables.apply(SELF, added(1, SELF, 1));
    tables.apply(B, new RegistryChange.CalleeRemoved(TOPIC, 1, callee(B, 0)));
    assertThat(procedure()).isNotNull();
    tables.apply(SELF, new RegistryChange.CalleeRemoved(TOPIC, 1, callee(SELF, 1)));
    assertThat(procedure()).isNull();
    assertThat(realm.registrationCount()).isZero();
  }

  @Test
  @Conformance({"RPC-PAT-04", "RPC-PAT-05"})
  void nextBestRegistrationFollowsTheSameOrder() {
    List<Resource> preferred =
        List.of(
            new Resource("realm1", MatchPolicy.EXACT, "com.a.b"),
            new Resource("realm1", MatchPolicy.PREFIX, "com.a."),
            new Resource("realm1", MatchPolicy.PREFIX, "com"),
            new Resource("realm1", MatchPolicy.WILDCARD, "com.a."),
            new Resource("realm1", MatchPolicy.WILDCARD, "com..b"),
            new Resource("realm1", MatchPolicy.WILDCARD, ".a.b"));
    for (int i = preferred.size() - 1; i >= 0; i--) {
      Callee callee = callee(SELF, 0);
      tables.apply(
          SELF,
          new RegistryChange.CalleeAdded(preferred.get(i), i, InvocationPolicy.SINGLE, callee));
    }
    for (int i = 0; i < preferred.size(); i++) {
      int gone = i;
      Registration next = realm.procedure("com.a.b", registration -> registration.id() >= gone);
      assertThat(next).isNotNull();
      assertThat(next.id()).isEqualTo(i);
    }
    assertThat(realm.procedure("com.a.b", registration -> false)).isNull();
  }

  @Test
  void registrationThatEndedElsewhereDoesNotPushOutTheNextOneWhicheverIsHeardFirst() {
    tables.apply(C, added(2, C, 0));
    tables.apply(B, added(1, B, 0));
    Registration first = procedure();
    assertThat(first).isNotNull();
    assertThat(realm.procedure("com.a", registration -> registration.id() != first.id()))
        .isNotNull()
        .extracting(Registration::callees)
        .isEqualTo(List.of(callee(C, 0)));
    tables.apply(B, new RegistryChange.CalleeRemoved(TOPIC, 1, callee(B, 0)));
    assertThat(procedure()).isNotNull();
    assertThat(procedure().id()).isEqualTo(2);
    assertThat(procedure().behind()).isNull();
  }

  @Test
  void sliceOfANodeIsWhatItsLogHasComeTo() {
    Resource pattern = new Resource("realm2", MatchPolicy.PREFIX, "com.");
    tables.laneGained(TOPIC, 3);
    tables.apply(B, new RegistryChange.InterestGained(TOPIC));
    tables.apply(B, new RegistryChange.InterestGained(pattern));
    tables.apply(C, added(2, C, 0));
    tables.apply(B, added(1, B, 0));
    assertThat(tables.slice(SELF))
        .toIterable()
        .containsExactly(new RegistryChange.InterestGained(TOPIC));
    assertThat(tables.slice(B))
        .toIterable()
        .containsExactlyInAnyOrder(
            new RegistryChange.InterestGained(TOPIC),
            new RegistryChange.InterestGained(pattern),
            added(1, B, 0));
    assertThat(tables.slice(C)).toIterable().containsExactly(added(2, C, 0));
  }

  @Test
  void digestOfASliceIsTheSameOnEveryNodeThatHasIt() {
    RoutingTables ofB = new RoutingTables(B);
    ofB.laneGained(TOPIC, 3);
    ofB.apply(B, added(1, B, 0));
    tables.apply(B, added(1, B, 0));
    assertThat(tables.digest(B)).isNotEqualTo(ofB.digest(B));
    tables.apply(B, new RegistryChange.InterestGained(TOPIC));
    assertThat(tables.digest(B)).isEqualTo(ofB.digest(B)).isNotZero();
  }

  private @Nullable Registration procedure() {
    return realm.procedure("com.a");
  }

  private List<Interest> interests() {
    List<Interest> interests = new ArrayList<>();
    realm.interested("com.a", interests::add);
    return interests;
  }

  private static RegistryChange added(long registration, NodeId node, long ordinal) {
    return new RegistryChange.CalleeAdded(
        TOPIC, registration, InvocationPolicy.FIRST, callee(node, ordinal));
  }

  private static Callee callee(NodeId node, long ordinal) {
    return new Callee(node, 0, 7, ordinal, false, false);
  }
}
