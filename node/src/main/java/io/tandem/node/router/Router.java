package io.tandem.node.router;

import io.tandem.cluster.Entry;
import io.tandem.cluster.LaneAddress;
import io.tandem.cluster.NodeLink;
import io.tandem.cluster.RegistryWriter;
import io.tandem.cluster.SessionIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * What the lanes of one node share: the realms, the routing tables, the registry writer, and the
 * ways from lane to lane. Lanes join before the node opens its doors; everything else is immutable
 * or safe for any thread.
 */
public final class Router {

  private final NodeId self;
  private final List<RealmSettings> realms;
  private final RoutingTables tables;
  private final RegistryWriter registry;
  private final SessionIds sessionIds;
  private final RouterMetrics metrics;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final Map<NodeId, NodeLink> links = new ConcurrentHashMap<>();

  public Router(
      NodeId self,
      List<RealmSettings> realms,
      RoutingTables tables,
      RegistryWriter registry,
      SessionIds sessionIds) {
    this.self = self;
    this.realms = List.copyOf(realms);
    this.tables = tables;
    this.registry = registry;
    this.sessionIds = sessionIds;
    this.metrics = new RouterMetrics();
  }

  /** Adds a lane made by the function from its number; the numbers are 0, 1, 2 and so on. */
  public synchronized Lane addLane(Function<Integer, Lane> maker) {
    Lane lane = maker.apply(lanes.size());
    lanes.add(lane);
    return lane;
  }

  /** The way to another node; replaces the one before. */
  public void link(NodeId node, NodeLink link) {
    links.put(node, link);
  }

  public NodeId self() {
    return self;
  }

  public RouterMetrics metrics() {
    return metrics;
  }

  public RoutingTables tables() {
    return tables;
  }

  public List<RealmSettings> realms() {
    return realms;
  }

  public SessionIds sessionIds() {
    return sessionIds;
  }

  RegistryWriter registry() {
    return registry;
  }

  Mailbox mailbox(int lane) {
    return lanes.get(lane).mailbox();
  }

  /** Hands an entry over to another lane; false when it was turned away, by a node counted. */
  boolean forward(int fromLane, LaneAddress to, Entry entry) {
    if (to.node().equals(self)) {
      return mailbox(to.lane()).offer(entry);
    }
    NodeLink link = links.get(to.node());
    boolean taken = link != null && link.offer(fromLane, to.lane(), entry);
    if (!taken) {
      metrics.drops(RouterMetrics.Drop.NODE_UNREACHABLE).increment();
    }
    return taken;
  }

  /**
   * Takes an entry that came from another node over its link. An event goes to every lane here with
   * interest in it.
   */
  public void receive(int toLane, Entry entry) {
    if (entry instanceof Entry.Event event) {
      spread(event);
    } else if (!mailbox(toLane).offer(entry) && entry instanceof Entry.Invoke invoke) {
      forward(toLane, invoke.call().lane(), invoke.refused(Entry.Refusal.BUSY));
    }
  }

  private void spread(Entry.Event event) {
    long[] lanesInterested = new long[1];
    tables
        .realm(event.realm())
        .interested(
            event.publication().topic(), interest -> lanesInterested[0] |= interest.lanes());
    for (long rest = lanesInterested[0]; rest != 0; rest &= rest - 1) {
      if (!mailbox(Long.numberOfTrailingZeros(rest)).offer(event)) {
        metrics.drops(RouterMetrics.Drop.EVENT_LANE_FULL).increment();
      }
    }
  }
}
