package io.tandem.node.lanes;

import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestNode;
import java.util.List;
import java.util.function.Supplier;

/**
 * A node with two lanes, which are the two places. Connections go round the lanes; the node's own
 * metrics tell where one ended up.
 */
final class TwoLanes extends Stage {

  private final TestNode node = TestNode.start();
  private final Metrics metrics = new Metrics(node);

  @Override
  ClientSession join(int lane, Way way) {
    return on(lane, () -> session(node, way));
  }

  @Override
  WireSession joinWire(int lane, Way way) {
    return on(lane, () -> wire(node, way));
  }

  /** Joins until the session is on the lane wanted; one on the other lane stays till the end. */
  private <T> T on(int lane, Supplier<T> joining) {
    String meter = "tandem_lane_sessions{lane=\"" + lane + "\"}";
    while (true) {
      double before = metrics.value(meter);
      T session = joining.get();
      if (metrics.value(meter) > before) {
        return session;
      }
    }
  }

  @Override
  List<TestNode> nodes() {
    return List.of(node);
  }

  @Override
  public void close() {
    node.close();
  }
}
