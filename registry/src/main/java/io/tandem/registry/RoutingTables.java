package io.tandem.registry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routing tables of all realms on one node, built from the registry logs: the node's own and
 * its peers'. Lanes read; the registry writer alone applies changes.
 */
public final class RoutingTables {

  private final NodeId self;
  private final Map<String, RealmRegistry> realms = new ConcurrentHashMap<>();

  public RoutingTables(NodeId self) {
    this.self = self;
  }

  /** The table of this realm; made when first asked for. */
  public RealmRegistry realm(String name) {
    return realms.computeIfAbsent(name, realm -> new RealmRegistry());
  }

  /** A lane of this node has its first subscriber of the resource. */
  public void laneGained(Resource resource, long subscription, int lane) {
    realm(resource.realm())
        .changeInterest(
            resource.match(), resource.uri(), subscription, interest -> interest.withLane(lane));
  }

  /** A lane of this node has lost its last subscriber of the resource. */
  public void laneLost(Resource resource, long subscription, int lane) {
    realm(resource.realm())
        .changeInterest(
            resource.match(), resource.uri(), subscription, interest -> interest.withoutLane(lane));
  }

  /**
   * Applies one entry of the log of {@code from}. This node's own interest is kept by lane, through
   * {@link #laneGained} and {@link #laneLost}, so its entries about interest change nothing here.
   */
  public void apply(NodeId from, RegistryChange change) {
    Resource resource = change.resource();
    RealmRegistry realm = realm(resource.realm());
    if (change instanceof RegistryChange.CalleeAdded added) {
      realm.addCallee(
          resource.match(), resource.uri(), added.registration(), added.policy(), added.callee());
    } else if (change instanceof RegistryChange.CalleeRemoved removed) {
      realm.removeCallee(
          resource.match(), resource.uri(), removed.registration(), removed.callee());
    } else if (from.equals(self)) {
      return;
    } else if (change instanceof RegistryChange.InterestGained gained) {
      realm.changeInterest(
          resource.match(),
          resource.uri(),
          gained.subscription(),
          interest -> interest.withNode(from));
    } else if (change instanceof RegistryChange.InterestLost lost) {
      realm.changeInterest(
          resource.match(),
          resource.uri(),
          lost.subscription(),
          interest -> interest.withoutNode(from));
    }
  }
}
