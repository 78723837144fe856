package io.tandem.registry.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.record.SharedRecords.Outcome;
import io.tandem.registry.record.SharedRecords.Removal;
import io.tandem.testing.Conformance;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shared record while other nodes write to it too. */
class SharedRecordsTest {

  private static final Resource TOPIC = new Resource("realm1", MatchPolicy.EXACT, "com.a");
  private static final NodeId A = new NodeId("A", 1);
  private static final NodeId B = new NodeId("B", 1);

  private final MeddledStore<Resource, SubscriptionRecord> subscriptions = new MeddledStore<>();
  private final MeddledStore<Resource, RegistrationRecord> registrations = new MeddledStore<>();
  private final RouterIds ids = new LocalRouterIds();
  private final SharedRecords record = record();

  /** Nodes have a record object each, before the same stores. */
  private SharedRecords record() {
    return new SharedRecords(subscriptions, registrations, ids, () -> Instant.EPOCH);
  }

  // ---- subscriptions ----

  @Test
  void firstNodeSettlesTheIdAndTheRestJoin() {
    assertThat(now(record.addNode(TOPIC, A)).record().id()).isEqualTo(1);
    assertThat(now(record.addNode(TOPIC, B)))
        .extracting("record.id", "record.nodes")
        .containsExactly(1L, List.of(A, B));
    assertThat(now(record.addNode(TOPIC, A)).record().nodes()).containsExactly(A, B);
  }

  @Test
  void nodeThatIsSlowerThanTheFirstJoinsIt() {
    subscriptions.meddlers.add(() -> now(record().addNode(TOPIC, B)));
    SubscriptionRecord settled = now(record.addNode(TOPIC, A)).record();
    assertThat(settled.nodes()).containsExactly(B, A);
    assertThat(settled).isEqualTo(now(subscriptions.get(TOPIC)));
  }

  @Test
  void nodeThatJoinsARecordWhichGoesAwayMakesANewOne() {
    long before = now(record.addNode(TOPIC, B)).record().id();
    subscriptions.meddlers.add(() -> now(record().removeNode(TOPIC, B)));
    SubscriptionRecord settled = now(record.addNode(TOPIC, A)).record();
    assertThat(settled.nodes()).containsExactly(A);
    assertThat(settled.id()).isNotEqualTo(before);
  }

  @Test
  void lastNodeThatLeavesWhileAnotherJoinsLeavesTheRecordToIt() {
    long id = now(record.addNode(TOPIC, A)).record().id();
    subscriptions.meddlers.add(() -> now(record().addNode(TOPIC, B)));
    now(record.removeNode(TOPIC, A));
    assertThat(now(subscriptions.get(TOPIC)))
        .extracting("id", "nodes")
        .containsExactly(id, List.of(B));
  }

  @Test
  void removingWhatIsNotThereChangesNothing() {
    now(record.removeNode(TOPIC, A));
    now(record.addNode(TOPIC, B));
    now(record.removeNode(TOPIC, A));
    assertThat(now(subscriptions.get(TOPIC))).extracting("nodes").isEqualTo(List.of(B));
  }

  @Test
  void wishThatIsAlwaysOvertakenFailsInTheEnd() {
    now(record.addNode(TOPIC, A));
    subscriptions.jammed = true;
    assertThatThrownBy(() -> now(record.addNode(TOPIC, B)))
        .hasMessageContaining("changes too often");
  }

  /** Of all nodes one begins it, and one ends it. */
  @Test
  void whoIsTheFirstAndWhoTheLastIsTold() {
    subscriptions.meddlers.add(() -> assertThat(now(record().addNode(TOPIC, B)).isNew()).isTrue());
    assertThat(now(record.addNode(TOPIC, A)).isNew()).isFalse();
    assertThat(now(record.addNode(TOPIC, A)).isNew()).as("once more").isFalse();
    subscriptions.meddlers.add(
        () -> assertThat(now(record().removeNode(TOPIC, B))).isEqualTo(new Removal(true, false)));
    assertThat(now(record.removeNode(TOPIC, A))).isEqualTo(new Removal(true, true));
    assertThat(now(record.removeNode(TOPIC, A))).isEqualTo(new Removal(false, true));
  }

  @Test
  void whichCalleeIsTheFirstAndWhichTheLastIsTold() {
    registrations.meddlers.add(
        () -> assertThat(isFirst(register(record(), B, InvocationPolicy.LAST))).isTrue());
    assertThat(isFirst(register(record, A, InvocationPolicy.LAST))).isFalse();
    assertThat(now(record.removeCallee(TOPIC, callee(B)))).isEqualTo(new Removal(true, false));
    assertThat(isFirst(register(record, B, InvocationPolicy.LAST))).as("comes again").isFalse();
    now(record.removeCallee(TOPIC, callee(A)));
    assertThat(now(record.removeCallee(TOPIC, callee(A)))).isEqualTo(new Removal(false, false));
    assertThat(now(record.removeCallee(TOPIC, callee(B)))).isEqualTo(new Removal(true, true));
  }

  private static boolean isFirst(CompletionStage<Outcome> outcome) {
    return ((Outcome.Settled) now(outcome)).isFirst();
  }

  // ---- registrations ----

  @Test
  @Conformance({"RPC-02", "RPC-SHR-02"})
  void ofTwoNodesThatRegisterAtOnceOneIsRefused() {
    registrations.meddlers.add(() -> now(register(record(), B, InvocationPolicy.SINGLE)));
    assertThat(now(register(record, A, InvocationPolicy.SINGLE)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo("the procedure is registered already"));
    assertThat(callees()).containsExactly(B);
  }

  @Test
  @Conformance({"RPC-SHR-04", "RPC-SHR-03"})
  void calleesStandInTheOrderInWhichTheyWereAdmitted() {
    now(register(record, A, InvocationPolicy.LAST));
    registrations.meddlers.add(() -> now(register(record(), B, InvocationPolicy.LAST)));
    NodeId c = new NodeId("C", 1);
    assertThat(now(register(record, c, InvocationPolicy.LAST)))
        .isInstanceOfSatisfying(
            Outcome.Settled.class, settled -> assertThat(settled.callee().ordinal()).isEqualTo(2));
    assertThat(callees()).containsExactly(A, B, c);
    assertThat(now(register(record, new NodeId("D", 1), InvocationPolicy.FIRST)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo("the procedure is registered with invocation policy last"));
  }

  @Test
  @Conformance("RPC-SHR-07")
  void registrationEndsWithItsLastCallee() {
    now(register(record, A, InvocationPolicy.FIRST));
    now(register(record, B, InvocationPolicy.FIRST));
    now(record.removeCallee(TOPIC, callee(A)));
    assertThat(callees()).containsExactly(B);
    now(record.removeCallee(TOPIC, callee(B)));
    assertThat(now(registrations.get(TOPIC))).isNull();
    assertThat(now(register(record, A, InvocationPolicy.SINGLE)))
        .isInstanceOfSatisfying(
            Outcome.Settled.class, settled -> assertThat(settled.record().id()).isEqualTo(2));
  }

  @Test
  void placeOfACalleeThatLeftIsNotGivenAgain() {
    now(register(record, A, InvocationPolicy.LAST));
    now(register(record, B, InvocationPolicy.LAST));
    now(record.removeCallee(TOPIC, callee(B)));
    now(register(record, B, InvocationPolicy.LAST));
    RegistrationRecord current = now(registrations.get(TOPIC));
    assertThat(current).isNotNull();
    assertThat(current.callees()).extracting(Callee::ordinal).containsExactly(0L, 2L);
  }

  /** Each node puts back what it has in its tables, whoever comes first. */
  @ParameterizedTest
  @ValueSource(strings = {"ABC", "CBA", "BCA", "CAB"})
  void calleesOfARecordThatWasLostStandInTheirOldOrderAgain(String order) {
    for (String node : List.of("A", "B", "C")) {
      now(register(record, new NodeId(node, 1), InvocationPolicy.FIRST));
    }
    RegistrationRecord lost = now(registrations.get(TOPIC));
    assertThat(lost).isNotNull();
    now(registrations.remove(TOPIC, lost));

    for (String node : order.split("", order.length())) {
      Callee callee = lost.of(callee(new NodeId(node, 1)));
      assertThat(callee).isNotNull();
      assertThat(now(record.restoreCallee(TOPIC, lost.id(), lost.policy(), callee))).isTrue();
      assertThat(now(record.restoreCallee(TOPIC, lost.id(), lost.policy(), callee)))
          .as("once more")
          .isTrue();
    }
    RegistrationRecord again = now(registrations.get(TOPIC));
    assertThat(again).isNotNull();
    assertThat(again.callees()).isEqualTo(lost.callees());
    assertThat(again.id()).isEqualTo(lost.id());
    assertThat(again.nextOrdinal()).isEqualTo(lost.nextOrdinal());
    now(register(record, new NodeId("D", 1), InvocationPolicy.FIRST));
    assertThat(callees()).extracting(NodeId::name).containsExactly("A", "B", "C", "D");
  }

  @Test
  void calleeOfARegistrationThatIsAnotherOneByNowIsNotPutBack() {
    now(register(record, A, InvocationPolicy.FIRST));
    RegistrationRecord lost = now(registrations.get(TOPIC));
    assertThat(lost).isNotNull();
    now(registrations.remove(TOPIC, lost));
    now(register(record, B, InvocationPolicy.FIRST));
    RegistrationRecord settled = now(registrations.get(TOPIC));

    assertThat(now(record.restoreCallee(TOPIC, lost.id(), lost.policy(), lost.callees().get(0))))
        .isFalse();
    assertThat(now(registrations.get(TOPIC))).isEqualTo(settled);
  }

  private List<NodeId> callees() {
    RegistrationRecord current = now(registrations.get(TOPIC));
    return current == null ? List.of() : current.callees().stream().map(Callee::node).toList();
  }

  private static CompletionStage<Outcome> register(
      SharedRecords record, NodeId node, InvocationPolicy policy) {
    return record.addCallee(TOPIC, policy, callee(node));
  }

  private static Callee callee(NodeId node) {
    return new Callee(node, 0, 7, 0, false, false);
  }

  private static <T extends @Nullable Object> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
