package io.tandem.node.ops;

import io.tandem.cluster.RegistryLog;
import io.tandem.cluster.peers.Peers;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;

/**
 * The cluster as this node sees it, for people and for tests: who is there, who is linked, and for
 * each node how far its log came and a digest of what its log has come to. Two nodes that show the
 * same sequence for a third one show the same digest (C1), unless it changes just then. Any thread;
 * reads whole tables, so not on an event loop.
 */
public final class ClusterView {

  private final RoutingTables tables;
  private final RegistryLog log;
  private final Supplier<List<Peers.State>> peers;

  public ClusterView(RoutingTables tables, RegistryLog log, Supplier<List<Peers.State>> peers) {
    this.tables = tables;
    this.log = log;
    this.peers = peers;
  }

  JsonObject json() {
    JsonArray members = new JsonArray();
    members.add(node(tables.self(), log.last()).put("self", true));
    for (Peers.State peer : peers.get()) {
      members.add(
          node(peer.node(), peer.sequence())
              .put("self", false)
              .put("reachable", peer.open())
              .put("inStep", peer.inStep())
              .put("draining", peer.draining()));
    }
    return new JsonObject().put("members", members);
  }

  private JsonObject node(NodeId node, long sequence) {
    return new JsonObject()
        .put("node", node.name())
        .put("incarnation", Long.toString(node.incarnation()))
        .put("sequence", sequence)
        .put("digest", Long.toHexString(tables.digest(node)));
  }
}
