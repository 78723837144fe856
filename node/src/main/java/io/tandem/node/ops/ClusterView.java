package io.tandem.node.ops;

import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as this node sees it, for people and for tests: who is there, who is linked, and for
 * each node how far its log came and a digest of what its log has come to. Two nodes that show the
 * same sequence for a third one show the same digest (C1), unless it changes just then. Any thread;
 * reads whole tables, so not on an event loop.
 */
public final class ClusterView {

  private final Supplier<String> configuration;
  private final IntSupplier configurations;
  private final RoutingTables tables;
  private final RegistryLog log;
  private final Supplier<List<OtherNodes.State>> otherNodes;

  /**
   * @param configuration a digest of what all nodes should be told alike; any thread
   * @param configurations how many different ones there are; any thread
   */
  public ClusterView(
      Supplier<String> configuration,
      IntSupplier configurations,
      RoutingTables tables,
      RegistryLog log,
      Supplier<List<OtherNodes.State>> otherNodes) {
    this.configuration = configuration;
    this.configurations = configurations;
    this.tables = tables;
    this.log = log;
    this.otherNodes = otherNodes;
  }

  /**
   * What the view shows.
   *
   * @param configuration the same on nodes whose realms are configured alike
   * @param configurations how many different ones there are on nodes that can be reached
   */
  record Cluster(String configuration, int configurations, List<Member> members) {}

  /** One node; of this one there is nothing to say but what it has. */
  record Member(
      String node,
      String incarnation,
      long sequence,
      String digest,
      boolean self,
      @Nullable Boolean reachable,
      @Nullable Boolean inStep,
      @Nullable Boolean draining,
      @Nullable Integer featureLevel,
      @Nullable String configuration) {}

  Cluster view() {
    List<Member> members = new ArrayList<>();
    String own = configuration.get();
    members.add(member(tables.self(), log.last(), true, null, null, null, null, own));
    for (OtherNodes.State otherNode : otherNodes.get()) {
      members.add(
          member(
              otherNode.node(),
              otherNode.sequence(),
              false,
              otherNode.open(),
              otherNode.inStep(),
              otherNode.draining(),
              otherNode.features(),
              otherNode.configuration()));
    }
    return new Cluster(own, configurations.getAsInt(), members);
  }

  private Member member(
      NodeId node,
      long sequence,
      boolean self,
      @Nullable Boolean reachable,
      @Nullable Boolean inStep,
      @Nullable Boolean draining,
      @Nullable Integer featureLevel,
      @Nullable String digest) {
    return new Member(
        node.name(),
        Long.toString(node.incarnation()),
        sequence,
        Long.toHexString(tables.digest(node)),
        self,
        reachable,
        inStep,
        draining,
        featureLevel,
        digest);
  }
}
