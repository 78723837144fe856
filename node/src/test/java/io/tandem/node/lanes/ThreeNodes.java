package io.tandem.node.lanes;

import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import java.util.List;

/**
 * A cluster of three nodes, two of which are the two places; which two changes from test to test,
 * so that each of them meets each other in both directions.
 */
final class ThreeNodes extends Stage {

  private final TestCluster cluster = TestCluster.start(3, "evictAfter: 60s");
  private int test;

  @Override
  ClientSession join(int place, Way way) {
    return session(node(place), way);
  }

  @Override
  WireSession joinWire(int place, Way way) {
    return wire(node(place), way);
  }

  private TestNode node(int place) {
    int distance = 1 + test / 3 % 2;
    return cluster.node((test + place * distance) % 3);
  }

  @Override
  List<TestNode> nodes() {
    return cluster.nodes();
  }

  @Override
  void leave() {
    super.leave();
    cluster.untilAgreed(3);
    test++;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
