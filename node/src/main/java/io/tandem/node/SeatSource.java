package io.tandem.node;

import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.node.balance.Rebalance;
import io.tandem.node.ops.ClusterSource;
import io.tandem.registry.Histogram;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the metrics of a node tell of its seat. Any thread. */
record SeatSource(Seat seat, Supplier<Rebalance.Stage> stage) implements ClusterSource {

  @Override
  public int expected() {
    return seat.expected();
  }

  @Override
  public List<OtherNodes.State> otherNodes() {
    return seat.otherNodeStates();
  }

  @Override
  public Duration unchanged() {
    OtherNodes known = seat.otherNodes();
    return known == null ? Duration.ZERO : known.unchangedFor();
  }

  @Override
  public int configurations() {
    return seat.configurations();
  }

  @Override
  public Rebalance.Stage rebalance() {
    return stage.get();
  }

  @Override
  public List<LinkState> links() {
    OtherNodes known = seat.otherNodes();
    return known == null ? List.of() : known.links().stream().map(SeatSource::state).toList();
  }

  private static LinkState state(Link link) {
    return new LinkState(
        link.otherNode().name(),
        link.isOpen(),
        link.octetsKept(),
        link.creditLeft(),
        link.callsUnderWay());
  }

  @Override
  public LinkCounts counts() {
    return seat.wiring().counts();
  }

  @Override
  public Map<String, HazelcastRegistry.Size> record() {
    return seat.hazelcast().registry().ownShare();
  }

  @Override
  public Histogram operations() {
    return seat.hazelcast().registry().operations();
  }
}
