package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node's routing tables make of the logs of all nodes. */
class RoutingTablesTest {

  private static final InvocationPolicy FIRST = InvocationPolicy.FIRST;
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
  void tableThatNobodyHereLooksIntoGoesWithTheLastThatIsInIt() {
    Resource topic = new Resource("realm2", MatchPolicy.EXACT, "com.a");
    assertThat(tables.known("realm2")).isNull();
    tables.apply(B, new RegistryChange.InterestGained(topic));
    tables.apply(C, new RegistryChange.InterestGained(topic));
    tables.apply(B, new RegistryChange.InterestLost(topic));
    assertThat(tables.known("realm2")).isNotNull();
    tables.apply(C, new RegistryChange.InterestLost(topic));
    assertThat(tables.known("realm2")).isNull();
    tables.apply(B, new RegistryChange.CalleeAdded(topic, 1, FIRST, callee(B, 0)));
    tables.apply(B, new RegistryChange.CalleeRemoved(topic, 1, callee(B, 0)));
    tables.apply(SELF, new RegistryChange.InterestGained(topic));
    assertThat(tables.known("realm2")).isNull();
  }

  @Test
  void tableThatIsLookedIntoStaysUntilItIsReleasedAndEmpty() {
    Resource topic = new Resource("realm2", MatchPolicy.EXACT, "com.a");
    RealmRegistry realm2 = tables.realm("realm2");
    tables.laneGained(topic, 0);
    tables.laneLost(topic, 0);
    assertThat(tables.known("realm2")).isSameAs(realm2);
    tables.laneGained(topic, 0);
    tables.release("realm2");
    assertThat(tables.known("realm2")).isSameAs(realm2);
    tables.laneLost(topic, 0);
    assertThat(tables.known("realm2")).isNull();
    tables.realm("realm2");
    tables.release("realm2");
    assertThat(tables.known("realm2")).isNull();
  }

  @Test
  void tableThatWasKeptForWhatMovedGoesWhenTheNodeHasBeenGoneForAWhile() {
    Resource procedure = new Resource("realm2", MatchPolicy.EXACT, "com.a");
    tables.leaves(B);
    tables.apply(B, new RegistryChange.CalleeAdded(procedure, 1, FIRST, callee(B, 0)));
    tables.apply(B, new RegistryChange.CalleeRemoved(procedure, 1, callee(B, 0)));
    assertThat(tables.known("realm2")).isNotNull();
    tables.forget(B);
    tables.apply(C, new RegistryChange.InterestGained(TOPIC));
    assertThat(tables.known("realm2")).isNull();
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

  @Test
  void everyPartOfASliceIsInItsDigest() {
    tables.apply(B, added(1, B, 0));
    Resource[] others = {
      new Resource("realm2", MatchPolicy.EXACT, "com.a"),
      new Resource("realm1", MatchPolicy.PREFIX, "com.a"),
      new Resource("realm1", MatchPolicy.EXACT, "com.b"),
    };
    Set<Long> digests = new HashSet<>();
    digests.add(tables.digest(B));
    for (Resource other : others) {
      digests.add(digest(new RegistryChange.CalleeAdded(other, 1, FIRST, callee(B, 0))));
    }
    digests.add(digest(added(2, B, 0)));
    digests.add(digest(added(1, B, 1)));
    Callee another = new Callee(B, 0, 8, 0, false, false);
    digests.add(digest(new RegistryChange.CalleeAdded(TOPIC, 1, FIRST, another)));
    digests.add(digest(new RegistryChange.InterestGained(TOPIC)));
    assertThat(digests).hasSize(8).doesNotContain(0L);
    assertThat(tables.digest(C)).isZero();
  }

  private static long digest(RegistryChange change) {
    RoutingTables other = new RoutingTables(SELF);
    other.apply(B, change);
    return other.digest(B);
  }

  @Test
  void tableKnowsWhichCalleesItNames() {
    tables.apply(B, added(1, B, 0));
    tables.apply(C, added(2, C, 0));
    assertThat(realm.hasCallee(MatchPolicy.EXACT, "com.a", callee(B, 5))).isTrue();
    assertThat(realm.hasCallee(MatchPolicy.EXACT, "com.a", callee(C, 5))).isTrue();
    assertThat(realm.hasCallee(MatchPolicy.EXACT, "com.a", callee(SELF, 0))).isFalse();
    assertThat(realm.hasCallee(MatchPolicy.PREFIX, "com.a", callee(B, 0))).isFalse();
    assertThat(realm.registrationCount()).as("one stands behind the other").isEqualTo(1);
  }

  @Test
  void calleesOfThreeRegistrationsOfOneResourceComeAndGoEachForItself() {
    tables.apply(B, added(1, B, 0));
    tables.apply(C, added(2, C, 0));
    tables.apply(SELF, added(3, SELF, 0));
    tables.apply(B, added(2, B, 1));
    assertThat(row()).containsExactly("3 of A", "2 of CB", "1 of B");
    tables.apply(C, new RegistryChange.CalleeRemoved(TOPIC, 2, callee(C, 0)));
    assertThat(row()).containsExactly("3 of A", "2 of B", "1 of B");
    tables.apply(B, new RegistryChange.CalleeRemoved(TOPIC, 2, callee(B, 1)));
    assertThat(row()).containsExactly("3 of A", "1 of B");
    tables.apply(B, new RegistryChange.CalleeRemoved(TOPIC, 9, callee(B, 0)));
    assertThat(row()).containsExactly("3 of A", "1 of B");
    tables.apply(SELF, new RegistryChange.CalleeRemoved(TOPIC, 3, callee(SELF, 0)));
    assertThat(row()).containsExactly("1 of B");
  }

  /** The registrations of the topic, the first one first, with their callees' nodes. */
  private List<String> row() {
    List<String> row = new ArrayList<>();
    for (Registration one = procedure(); one != null; one = one.behind()) {
      StringBuilder nodes = new StringBuilder();
      one.callees().forEach(callee -> nodes.append(callee.node().name()));
      row.add(one.id() + " of " + nodes);
    }
    return row;
  }

  @Test
  void equalInterestsAreOneObject() {
    Resource other = new Resource("realm1", MatchPolicy.EXACT, "com.b");
    tables.apply(B, new RegistryChange.InterestGained(TOPIC));
    tables.apply(B, new RegistryChange.InterestGained(other));
    List<Interest> both = new ArrayList<>(interests());
    realm.interested("com.b", both::add);
    assertThat(both).hasSize(2);
    assertThat(both.get(0)).isSameAs(both.get(1));
  }

  @Test
  void tableTakesFewKindsOfWildcardsAndAnyNumberOfOthers() {
    for (int shape = 0; shape < UriIndex.MAX_SHAPES; shape++) {
      Resource pattern = new Resource("realm1", MatchPolicy.WILDCARD, pattern(shape));
      tables.laneGained(pattern, 0);
      tables.apply(SELF, new RegistryChange.CalleeAdded(pattern, shape, FIRST, callee(SELF, 0)));
    }
    String further = pattern(UriIndex.MAX_SHAPES);
    assertThat(realm.hasRoomForSubscription(MatchPolicy.WILDCARD, further)).isFalse();
    assertThat(realm.hasRoomForRegistration(MatchPolicy.WILDCARD, further)).isFalse();
    assertThat(realm.hasRoomForSubscription(MatchPolicy.PREFIX, further)).isTrue();
    assertThat(realm.hasRoomForRegistration(MatchPolicy.PREFIX, further)).isTrue();
    assertThat(realm.hasRoomForSubscription(MatchPolicy.WILDCARD, pattern(0))).isTrue();
    assertThat(realm.subscriptionCount()).isEqualTo(UriIndex.MAX_SHAPES);
  }

  /** Eight components, of which the bits say where the literals are. */
  private static String pattern(int bits) {
    StringBuilder pattern = new StringBuilder("a");
    for (int i = 0; i < 7; i++) {
      pattern.append((bits >> i & 1) == 0 ? "." : ".a");
    }
    return pattern.toString();
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
    return new RegistryChange.CalleeAdded(TOPIC, registration, FIRST, callee(node, ordinal));
  }

  private static Callee callee(NodeId node, long ordinal) {
    return new Callee(node, 0, 7, ordinal, false, false);
  }
}
