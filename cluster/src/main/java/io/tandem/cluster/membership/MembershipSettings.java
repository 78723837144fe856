package io.tandem.cluster.membership;

import io.tandem.cluster.proof.ClusterKey;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How a node takes part in its cluster.
 *
 * @param cluster name of the cluster; members with another name are strangers
 * @param node this life of this node
 * @param host address that the cluster port is bound to and that others reach it at
 * @param port the cluster port, 1 to 65535; it is this one or the start fails
 * @param discovery where to look for the others
 * @param evictAfter how long a member may be silent before the others evict it: whole seconds, 2 s
 *     or more
 * @param terms what all members must have alike, by the key that configures it: a member that
 *     differs from one which was there before is refused
 * @param key what members prove to each other that they have; asked for once, where it may block
 */
public record MembershipSettings(
    String cluster,
    NodeId node,
    String host,
    int port,
    Discovery discovery,
    Duration evictAfter,
    Map<String, String> terms,
    Supplier<ClusterKey> key) {

  public MembershipSettings {
    if (cluster.isBlank()) {
      throw new IllegalArgumentException("the cluster needs a name");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("the cluster port is 1 to 65535, not " + port);
    }
    if (evictAfter.toSeconds() < 2) {
      throw new IllegalArgumentException("members are given 2 s or more, not " + evictAfter);
    }
    terms = Map.copyOf(terms);
  }
}
