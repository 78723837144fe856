package io.tandem.registry;

import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The routing tables of all realms on one node, built from the registry logs: the node's own and
 * the other nodes'. Lanes read; the registry writer alone applies changes.
 */
public final class RoutingTables {

  private final NodeId self;
  private final Map<String, RealmRegistry> realms = new ConcurrentHashMap<>();

  /** Realms whose tables somebody here looks things up in: these stay, whatever is in them. */
  private final Set<String> kept = ConcurrentHashMap.newKeySet();

  private final Set<NodeId> leaving = ConcurrentHashMap.newKeySet();

  /** Whether no table is there for nothing; where one may be, the writer looks. */
  private volatile boolean swept = true;

  /** Is told of procedures whose callees were replaced. */
  private volatile Consumer<Resource> whenReplaced = resource -> {};

  public RoutingTables(NodeId self) {
    this.self = self;
  }

  /** From now on this is told, by whoever applies the change, whose callees were replaced. */
  public void whenReplaced(Consumer<Resource> told) {
    whenReplaced = told;
  }

  /** The node whose tables these are. */
  public NodeId self() {
    return self;
  }

  /**
   * The table of this realm; made when first asked for, and the same one until it is {@link
   * #release released}. Any thread.
   */
  public RealmRegistry realm(String name) {
    kept.add(name); // first: whoever drops empty tables looks here while the map is locked
    return table(name);
  }

  /** The table of this realm, if there is anything to be found there. Any thread. */
  public @Nullable RealmRegistry known(String name) {
    return realms.get(name);
  }

  /** Nobody here looks things up in the realm's table any more. Only for the writer. */
  public void release(String name) {
    kept.remove(name);
    dropIfEmpty(name);
  }

  private RealmRegistry table(String name) {
    return realms.computeIfAbsent(name, realm -> new RealmRegistry());
  }

  /** Realms come and go, here and on other nodes, and their names are others' choice. */
  private void dropIfEmpty(String name) {
    if (!kept.contains(name)) {
      realms.computeIfPresent(
          name, (same, table) -> table.isEmpty() && !kept.contains(name) ? null : table);
    }
  }

  /** A lane of this node has its first subscriber of the resource. */
  public void laneGained(Resource resource, int lane) {
    table(resource.realm())
        .changeInterest(resource.match(), resource.uri(), interest -> interest.withLane(lane));
  }

  /** A lane of this node has lost its last subscriber of the resource. */
  public void laneLost(Resource resource, int lane) {
    table(resource.realm())
        .changeInterest(resource.match(), resource.uri(), interest -> interest.withoutLane(lane));
    dropIfEmpty(resource.realm());
  }

  /** The node is on its way out: what it withdraws moves, as a rule. Any thread. */
  public void leaves(NodeId node) {
    leaving.add(node);
  }

  /** Whether the node is on its way out, or has been gone for a short while. Any thread. */
  public boolean isLeaving(NodeId node) {
    return leaving.contains(node);
  }

  /** The node has been gone for a while. Any thread. */
  public void forget(NodeId node) {
    if (leaving.remove(node)) {
      realms.values().forEach(realm -> realm.forgetMoving(node));
      swept = false;
    }
  }

  /**
   * Applies one entry of the log of {@code from}. This node's own interest is kept by lane, through
   * {@link #laneGained} and {@link #laneLost}, so its entries about interest change nothing here.
   */
  public void apply(NodeId from, RegistryChange change) {
    if (!swept) {
      swept = true;
      realms.keySet().forEach(this::dropIfEmpty);
    }
    Resource resource = change.resource();
    RealmRegistry realm = table(resource.realm());
    if (change instanceof RegistryChange.CalleeAdded added) {
      realm.addCallee(
          resource.match(), resource.uri(), added.registration(), added.policy(), added.callee());
      if (added.callee().replaces()) {
        whenReplaced.accept(resource);
      }
    } else if (change instanceof RegistryChange.CalleeRemoved removed) {
      realm.removeCallee(
          resource.match(),
          resource.uri(),
          removed.registration(),
          removed.callee(),
          isLeaving(removed.callee().node()));
      dropIfEmpty(resource.realm());
    } else if (from.equals(self)) {
      dropIfEmpty(resource.realm());
    } else if (change instanceof RegistryChange.InterestGained) {
      realm.changeInterest(resource.match(), resource.uri(), interest -> interest.withNode(from));
    } else if (change instanceof RegistryChange.InterestLost) {
      realm.changeInterest(
          resource.match(), resource.uri(), interest -> interest.withoutNode(from));
      dropIfEmpty(resource.realm());
    }
  }

  /**
   * What the log of {@code node} has come to, as these tables have it: one part for each topic of
   * interest and each callee. Walks at the reader's pace, on any thread; what changes meanwhile may
   * be met or not, and the log goes on to tell of it.
   */
  public Iterator<RegistryChange> slice(NodeId node) {
    return realms.entrySet().stream()
        .map(realm -> slice(node, realm.getKey(), realm.getValue()))
        .reduce(Collections.emptyIterator(), Slices::joined);
  }

  private Iterator<RegistryChange> slice(NodeId node, String name, RealmRegistry realm) {
    return Slices.joined(
        Slices.flat(realm.subscriptions(), item -> interest(node, name, item)),
        Slices.flat(realm.registrations(), item -> callees(node, name, item)));
  }

  private List<RegistryChange> interest(NodeId node, String realm, UriIndex.Item<Interest> item) {
    Interest interest = item.value();
    boolean isIts = node.equals(self) ? interest.lanes() != 0 : interest.nodes().contains(node);
    return isIts
        ? List.of(new RegistryChange.InterestGained(new Resource(realm, item.match(), item.uri())))
        : List.of();
  }

  private static List<RegistryChange> callees(
      NodeId node, String realm, UriIndex.Item<Registration> item) {
    List<RegistryChange> changes = new ArrayList<>();
    Resource resource = new Resource(realm, item.match(), item.uri());
    for (Registration one = item.value(); one != null; one = one.behind()) {
      for (Callee callee : one.callees()) {
        if (callee.node().equals(node)) {
          changes.add(new RegistryChange.CalleeAdded(resource, one.id(), one.policy(), callee));
        }
      }
    }
    return changes;
  }

  /**
   * A sum over the slice of a node, the same on every node whose tables have the same of it,
   * whatever the order in which it came (C1).
   */
  public long digest(NodeId node) {
    long sum = 0;
    for (Iterator<RegistryChange> slice = slice(node); slice.hasNext(); ) {
      sum += digest(slice.next());
    }
    return sum;
  }

  /** Of what has the same hash in every JVM: texts and numbers. */
  private static long digest(RegistryChange change) {
    Resource resource = change.resource();
    long hash = mix(mix(0, resource.realm().hashCode()), resource.uri().hashCode());
    hash = mix(hash, resource.match().wireName().hashCode());
    if (change instanceof RegistryChange.CalleeAdded added) {
      hash = mix(hash, added.registration());
      hash = mix(hash, added.callee().session());
      hash = mix(hash, added.callee().ordinal());
    }
    return hash;
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 32;
  }
}
