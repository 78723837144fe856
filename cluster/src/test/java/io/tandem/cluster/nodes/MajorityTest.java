package io.tandem.cluster.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may decide what must not be decided twice. */
class MajorityTest {

  private final Majority majority = new Majority();

  private static OtherNodes.State linked(String name) {
    return new OtherNodes.State(new NodeId(name, 1), true, true, false, 1, 0, 0, null);
  }

  private static OtherNodes.State lost(String name) {
    return new OtherNodes.State(new NodeId(name, 1), false, false, false, 1, 0, 0, null);
  }

  private void agree(OtherNodes.State... otherNodes) {
    majority.count(List.of(otherNodes));
    assertThat(majority.isReached()).isTrue();
  }

  @Test
  void nodeThatIsAloneFromTheBeginningHasIt() {
    agree();
  }

  @Test
  void sideWithMoreNodesHasItAndGoesOnWithFewer() {
    agree(linked("b"), linked("c"));
    agree(linked("b"), lost("c"));
    agree(linked("b"));
    majority.count(List.of(lost("b")));
    assertThat(majority.isReached()).isFalse();
  }

  @Test
  void sideWithFewerNodesDoesNotGetItByTime() {
    agree(linked("b"), linked("c"));
    majority.count(List.of(lost("b"), lost("c")));
    majority.count(List.of());
    assertThat(majority.isReached()).isFalse();
  }

  @Test
  void newNodeOnTheSideWithFewerAddsNothing() {
    agree(linked("b"), linked("c"));
    majority.count(List.of(linked("d")));
    majority.count(List.of(linked("d"), linked("e")));
    assertThat(majority.isReached()).isFalse();
  }

  @Test
  void nodeThatStartsOverCountsAsTheOneThatItWas() {
    agree(linked("b"));
    majority.count(List.of());
    assertThat(majority.isReached()).isFalse();
    agree(new OtherNodes.State(new NodeId("b", 2), true, true, false, 1, 0, 0, null));
  }

  @Test
  void nodeThatDrainedBeforeItLeftIsNotCountedOn() {
    agree(linked("b"));
    majority.drained("b");
    agree();
  }
}
