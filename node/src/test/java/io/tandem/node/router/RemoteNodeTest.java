package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.link.NodeLink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another node: whether it is preferred, and who waits for room there. */
class RemoteNodeTest {

  private boolean open = true;

  private final RemoteNode node =
      new RemoteNode(
          new NodeLink() {
            @Override
            public Offered offer(int fromLane, int toLane, Delivery delivery) {
              return Offered.TAKEN;
            }

            @Override
            public boolean isOpen() {
              return open;
            }
          });

  private final List<String> released = new ArrayList<>();

  @Test
  void nodeIsPreferredWhileItCanBeReachedAndStays() {
    assertThat(node.isPreferred()).isTrue();
    open = false;
    assertThat(node.isPreferred()).isFalse();
    open = true;
    node.drains();
    assertThat(node.isPreferred()).isFalse();
  }

  @Test
  void whoWaitsForRoomIsReleasedInOrderWhenThereIsSome() {
    node.hold();
    assertThat(node.isHolding()).isTrue();
    node.whenResumed(() -> released.add("first"));
    node.whenResumed(() -> released.add("second"));
    assertThat(released).isEmpty();
    node.resume();
    assertThat(node.isHolding()).isFalse();
    assertThat(released).containsExactly("first", "second");
  }

  @Test
  void nobodyWaitsWhereThereIsRoom() {
    node.whenResumed(() -> released.add("at once"));
    assertThat(released).containsExactly("at once");
  }
}
