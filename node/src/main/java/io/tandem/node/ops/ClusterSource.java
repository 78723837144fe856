package io.tandem.node.ops;

import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.node.balance.Rebalance;
import io.tandem.registry.Histogram;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a node of a cluster can tell of the others, of its links and of the record. Any thread. */
public interface ClusterSource {

  /** How many nodes the cluster is to have; 1 when nothing is known. */
  int expected();

  List<OtherNodes.State> otherNodes();

  /** For how long this node has reached the same other nodes. */
  Duration unchanged();

  /** How many different configurations the nodes have that can be reached. */
  int configurations();

  /** What it is about that has more sessions than others, or has not. */
  Rebalance.Stage rebalance();

  List<LinkState> links();

  /**
   * How the link to another node is now.
   *
   * @param node the other node's name
   * @param kept octets kept until it has acknowledged them
   * @param credit octets that it still takes
   * @param calls under way, in both directions
   */
  record LinkState(String node, boolean open, long kept, long credit, int calls) {}

  /** What all links count together. */
  LinkCounts counts();

  /** How much of each map of the record belongs to this node; not on an event loop. */
  Map<String, HazelcastRegistry.Size> record();

  /** How long operations of the record take, in nanoseconds. */
  Histogram operations();
}
