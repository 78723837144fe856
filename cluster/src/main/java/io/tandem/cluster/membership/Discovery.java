package io.tandem.cluster.membership;

import java.time.Duration;
import java.util.List;

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
