package io.tandem.node;

import io.tandem.cluster.membership.Discovery;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.WireKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of {@code start} that make the node one of several, each of them by itself. */
final class ClusterOptions {

  @Option(
      names = "--cluster-port",
      paramLabel = "N",
      description = "Port for the other nodes of a cluster, and the next one; 0 takes a free pair.")
  private @Nullable Integer port;

  @Option(
      names = "--cluster-name",
      paramLabel = "NAME",
      description = "Name of the cluster; nodes with another one are strangers.")
  private @Nullable String name;

  @Option(
      names = "--cluster-host",
      paramLabel = "HOST",
      description = "Address where the other nodes reach this one; beyond loopback needs --config.")
  private @Nullable String host;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Cluster ports of nodes to look for.")
  private @Nullable List<String> members;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "How many nodes the cluster is to have; it serves when a majority is there.")
  private @Nullable Integer expect;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Name of this node in logs and on other nodes.")
  private @Nullable String node;

  @Option(
      names = "--wire",
      paramLabel = "WIRE",
      converter = WireKinds.class,
      description = "What carries what nodes send each other: event-bus or socket.")
  private @Nullable WireKind wire;

  /**
   * What the configuration says, with what the options say instead; null without either.
   *
   * @throws IllegalArgumentException when an option makes no sense
   */
  @Nullable ClusterConfig over(@Nullable ClusterConfig configured) {
    if (Stream.of(port, name, host, members, expect, node, wire).allMatch(Objects::isNull)) {
      return configured;
    }
    ClusterConfig base = configured == null ? ClusterConfig.DEFAULT : configured;
    return new ClusterConfig(
        name == null ? base.name() : name,
        node == null ? base.node() : node,
        host == null ? base.host() : host,
        port == null ? base.port() : port,
        members == null ? base.discovery() : new Discovery.Addresses(members),
        expect == null ? base.expect() : expect,
        base.evictAfter(),
        wire == null ? base.wire() : wire,
        base.secret(),
        base.tls(),
        base.insecure(),
        base.rebalance());
  }

  /**
   * Several nodes as one cluster.
   *
   * @param common what else each is told
   * @throws IllegalArgumentException when an option makes no sense for several
   */
  SeveralNodes several(int nodes, int clients, int management, List<String> common) {
    if (node != null || members != null || expect != null) {
      String option = node != null ? "--node" : members != null ? "--join" : "--expect";
      throw new IllegalArgumentException(
          "--nodes names the nodes and joins them; leave out " + option);
    }
    List<String> all = new ArrayList<>(common);
    if (wire != null) {
      all.add("--wire=" + wire);
    }
    return new SeveralNodes(
        nodes,
        clients,
        management,
        port == null ? ClusterConfig.DEFAULT.port() : port,
        host == null ? ClusterConfig.DEFAULT.host() : host,
        name,
        all);
  }

  /** The names of the configuration. */
  static final class WireKinds implements ITypeConverter<WireKind> {
    @Override
    public WireKind convert(String name) {
      return WireKind.of(name);
    }
  }
}
