package io.tandem.cluster.membership;

import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a node takes part in Hazelcast.
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
 */
public record HazelcastSettings(
    String cluster,
    NodeId node,
    String host,
    int port,
    Discovery discovery,
    Duration evictAfter,
    Map<String, String> terms) {

  /** Silence that ends a membership unless something else is configured. */
  public static final Duration EVICT_AFTER = Duration.ofSeconds(5);

  public HazelcastSettings {
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

  /** Where a node looks for the others. */
  public sealed interface Discovery {

    /**
     * At these addresses, each {@code host:port}; nowhere when the list is empty. A node that joins
     * nobody still admits those who look for it under the name of its cluster.
     */
    record Addresses(List<String> members) implements Discovery {
      public Addresses {
        members = List.copyOf(members);
      }
    }

    /**
     * At all addresses which a headless Kubernetes service has in DNS, at our own cluster port.
     *
     * @param service full name of the service
     * @param timeout how long one look-up may take, whole seconds
     */
    record KubernetesDns(String service, Duration timeout) implements Discovery {}
  }
}
