package io.tandem.registry.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Who has to acknowledge an entry before anybody may rely on it. */
class RegistryLogTest {

  private static final RegistryChange CHANGE =
      new RegistryChange.InterestGained(new Resource("realm1", MatchPolicy.EXACT, "com.a"));
  private static final NodeId SELF = new NodeId("A", 1);
  private static final NodeId B = new NodeId("B", 1);
  private static final NodeId C = new NodeId("C", 1);

  private final List<Long> fed = new ArrayList<>();
  private final RegistryLog log = new RegistryLog(SELF, new RoutingTables(SELF));

  private void open(NodeId otherNode) {
    log.opened(otherNode, (sequence, change) -> fed.add(sequence));
  }

  @Test
  void entriesAreFedOnceInOrder() {
    open(B);
    log.append(CHANGE);
    log.append(CHANGE);
    assertThat(fed).containsExactly(1L, 2L);
    assertThat(log.last()).isEqualTo(2);
  }

  @Test
  void nodeThatIsAloneWaitsForNobody() {
    assertThat(isDone(log.visible(log.append(CHANGE)))).isTrue();
  }

  @Test
  void everyNodeHasToAcknowledge() {
    open(B);
    open(C);
    CompletionStage<?> visible = log.visible(log.append(CHANGE));
    log.acknowledged(B, 1);
    assertThat(isDone(visible)).isFalse();
    log.acknowledged(C, 1);
    assertThat(isDone(visible)).isTrue();
  }

  @Test
  void acknowledgementCountsForAllBeforeIt() {
    open(B);
    CompletionStage<?> first = log.visible(log.append(CHANGE));
    CompletionStage<?> second = log.visible(log.append(CHANGE));
    CompletionStage<?> third = log.visible(log.append(CHANGE));
    log.acknowledged(B, 2);
    assertThat(isDone(first)).isTrue();
    assertThat(isDone(second)).isTrue();
    assertThat(isDone(third)).isFalse();
    log.acknowledged(B, 1);
    assertThat(isDone(log.visible(2))).isTrue();
  }

  @Test
  void unreachableNodeHoldsUpNobody() {
    open(B);
    open(C);
    CompletionStage<?> visible = log.visible(log.append(CHANGE));
    log.acknowledged(B, 1);
    log.unreachable(C);
    assertThat(isDone(visible)).isTrue();
    log.acknowledged(C, 0);
    assertThat(isDone(log.visible(log.append(CHANGE)))).isFalse();
    log.unreachable(B);
    assertThat(isDone(log.visible(log.last()))).isTrue();
  }

  @Test
  void nodeThatComesBackHasAcknowledgedNothing() {
    open(B);
    log.append(CHANGE);
    log.acknowledged(B, 1);
    log.unreachable(B);
    open(B);
    CompletionStage<?> again = log.visible(1);
    assertThat(isDone(again)).isFalse();
    log.acknowledged(B, 1);
    assertThat(isDone(again)).isTrue();
  }

  @Test
  void nodeThatJoinsHasToAcknowledgeWhatIsWaitedForToo() {
    open(B);
    CompletionStage<?> visible = log.visible(log.append(CHANGE));
    open(C);
    log.acknowledged(B, 1);
    assertThat(isDone(visible)).isFalse();
    log.acknowledged(C, 1);
    assertThat(isDone(visible)).isTrue();
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }
}
