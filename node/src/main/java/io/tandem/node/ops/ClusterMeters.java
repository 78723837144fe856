package io.tandem.node.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandem.cluster.link.LinkCount;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.node.balance.Rebalance;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node of a cluster shows of it, as meters. Any thread. */
final class ClusterMeters {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterMeters.class);

  private final PrometheusMeterRegistry registry;
  private final ClusterSource cluster;

  ClusterMeters(PrometheusMeterRegistry registry, ClusterSource cluster) {
    this.registry = registry;
    this.cluster = cluster;
  }

  /** Shows all of it from now on. */
  void bind(HistogramFamily latencies) {
    latencies.add("record", cluster.operations());
    latencies.add("link", cluster.counts().roundTrips());
    bindNodes();
    bindLinks(cluster.counts());
    show(
        new GaugeFamily(
            "tandem_record_entries",
            "Entries of the record that belong to this node, copies of others left out",
            "map",
            () -> record(HazelcastRegistry.Size::entries)));
    show(
        new GaugeFamily(
            "tandem_record_size_bytes",
            "Octets of heap that they take",
            "map",
            () -> record(HazelcastRegistry.Size::octets)));
  }

  private void bindNodes() {
    show(
        new GaugeFamily(
            "tandem_cluster_nodes",
            "Nodes of the cluster as this one sees it, itself included",
            "state",
            () -> nodes(cluster.otherNodes())));
    gauge(
        "tandem.cluster.expected.nodes",
        "Nodes that the cluster is to have, by this node's configuration",
        ClusterSource::expected);
    gauge(
        "tandem.cluster.configurations",
        "Different configurations among the nodes that can be reached",
        ClusterSource::configurations);
    show(
        new GaugeFamily(
            "tandem_cluster_rebalance",
            "1 for what the node does about having more sessions than others, 0 for the rest",
            "state",
            () -> stages(cluster.rebalance())));
    Gauge.builder("tandem.cluster.unchanged", cluster, from -> seconds(from.unchanged()))
        .description("For how long this node has reached the same other nodes")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
  }

  private void bindLinks(LinkCounts counts) {
    for (LinkCount what : LinkCount.values()) {
      FunctionCounter.builder("tandem.link", counts, all -> all.get(what))
          .description("What happened on the links to other nodes")
          .tag("what", what.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    HistogramFamily batches =
        new HistogramFamily(
            "tandem_link_batch_items", "Items of the frames to other nodes", "direction");
    batches.add("sent", counts.batches());
    registry.getPrometheusRegistry().register(batches);
    showLinks("tandem_link_open", "Whether the link is open", link -> link.open() ? 1 : 0);
    showLinks(
        "tandem_link_kept_bytes",
        "Octets kept for the other node until it has acknowledged them",
        ClusterSource.LinkState::kept);
    showLinks(
        "tandem_link_credit_bytes",
        "Octets that the other node still takes",
        ClusterSource.LinkState::credit);
    showLinks(
        "tandem_link_calls", "Calls under way, in both directions", ClusterSource.LinkState::calls);
  }

  private void showLinks(
      String name, String description, ToDoubleFunction<ClusterSource.LinkState> value) {
    show(new GaugeFamily(name, description, "node", () -> links(value)));
  }

  private Map<String, Double> links(ToDoubleFunction<ClusterSource.LinkState> value) {
    Map<String, Double> values = new TreeMap<>();
    for (ClusterSource.LinkState link : cluster.links()) {
      // Two lives of a node for a moment: the one that can be reached counts.
      values.merge(link.node(), value.applyAsDouble(link), Math::max);
    }
    return values;
  }

  private static Map<String, Long> nodes(List<OtherNodes.State> others) {
    return Map.of(
        "known", 1L + others.size(),
        "reachable", 1 + others.stream().filter(OtherNodes.State::open).count(),
        "in_step", 1 + others.stream().filter(OtherNodes.State::inStep).count());
  }

  private static Map<String, Integer> stages(Rebalance.Stage now) {
    Map<String, Integer> stages = new TreeMap<>();
    for (Rebalance.Stage each : Rebalance.Stage.values()) {
      stages.put(each.name().toLowerCase(Locale.ROOT), each == now ? 1 : 0);
    }
    return stages;
  }

  private Map<String, Long> record(Function<HazelcastRegistry.Size, Long> what) {
    Map<String, Long> values = new TreeMap<>();
    try {
      cluster.record().forEach((map, size) -> values.put(map, what.apply(size)));
    } catch (RuntimeException leaves) {
      LOG.debug("the record cannot be read: the member is about to leave", leaves);
    }
    return values;
  }

  private void gauge(String name, String description, ToDoubleFunction<ClusterSource> value) {
    Gauge.builder(name, cluster, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private void show(GaugeFamily family) {
    registry.getPrometheusRegistry().register(family);
  }

  private static double seconds(Duration duration) {
    return (double) duration.toNanos() / TimeUnit.SECONDS.toNanos(1);
  }
}
