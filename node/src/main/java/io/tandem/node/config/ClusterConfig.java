package io.tandem.node.config;

import io.tandem.cluster.membership.Discovery;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node is one of several that act as one router. It opens two ports for the others, {@code
 * port}, and the next one for the links. On both each connection begins with a proof that both
 * sides know the secret.
 *
 * @param name nodes whose cluster has another name are strangers: at most 100 characters of ASCII
 *     without blanks, {@code tandem} unless configured
 * @param node the name of this node in logs and on other nodes, of the same form; null for the
 *     default, see {@link #nodeName}
 * @param host the address that both ports are bound to and that others reach them at, 127.0.0.1
 *     unless configured; not one that stands for all addresses
 * @param port 0 to 65534, 5701 unless configured; 0 means any free one whose next is free too
 * @param discovery where to look for the others: keys {@code join} and {@code service}, of which
 *     one at most is there; nowhere unless configured
 * @param expect how many nodes the cluster is to have, this one included: 1 to 1000, 1 unless
 *     configured; this node serves when it sees a majority of them
 * @param evictAfter silence after which the others evict a node: whole seconds from 2 s to 5 min, 5
 *     s unless configured
 * @param wire what carries what nodes send each other: the event bus unless configured; the same on
 *     all of them
 * @param secret what all nodes of the cluster know and nobody else; null for none, which is as good
 *     as one that everybody knows
 * @param tls what nodes show each other, on every connection between them; null for no TLS
 * @param insecure whether strangers may reach the ports although there is neither secret nor TLS:
 *     false unless configured; without it such a configuration is refused
 * @param rebalance when this node parts with sessions that other nodes could have: never unless
 *     configured
 */
public record ClusterConfig(
    String name,
    @Nullable String node,
    String host,
    int port,
    Discovery discovery,
    int expect,
    Duration evictAfter,
    WireKind wire,
    @Nullable Secret secret,
    @Nullable ClusterTlsConfig tls,
    boolean insecure,
    RebalanceConfig rebalance) {

  /** The cluster of a node that wants one and says nothing else: it waits for others to come. */
  public static final ClusterConfig DEFAULT =
      new ClusterConfig(
          "tandem",
          null,
          "127.0.0.1",
          5701,
          new Discovery.Addresses(List.of()),
          1,
          Duration.ofSeconds(5),
          WireKind.EVENT_BUS,
          null,
          null,
          false,
          RebalanceConfig.DEFAULT);

  /** Who does not say how many nodes there are to be may have as many. */
  private static final int USUAL_NODES = 3;

  /** More would not be one cluster. */
  static final int MAX_NODES = 1_000;

  /** One less than there are, for the links take the next. */
  static final int MAX_PORT = Endpoint.Tcp.MAX_PORT - 1;

  /**
   * Checks what a command line can set.
   *
   * @throws IllegalArgumentException when it makes no sense; the message is made for the command
   *     line
   */
  public ClusterConfig {
    require(isName(name), "'" + name + "' is no name for a cluster");
    require(node == null || isName(node), "'" + node + "' is no name for a node");
    require(isHost(host), "'" + host + "' is no address that other nodes could reach this one at");
    require(
        port >= 0 && port <= MAX_PORT, "cluster port " + port + " is not from 0 to " + MAX_PORT);
    require(
        expect >= 1 && expect <= MAX_NODES,
        "a cluster of " + expect + " nodes is not from 1 to " + MAX_NODES);
    if (discovery instanceof Discovery.Addresses addresses) {
      addresses
          .members()
          .forEach(member -> require(isMember(member), "'" + member + "' is not HOST:PORT"));
    }
  }

  /** This configuration with another cluster port. */
  public ClusterConfig withPort(int changed) {
    return with(changed, wire, secret, tls);
  }

  /** This configuration over another wire. */
  public ClusterConfig withWire(WireKind changed) {
    return with(port, changed, secret, tls);
  }

  /** This configuration with another secret, or none. */
  public ClusterConfig withSecret(@Nullable Secret changed) {
    return with(port, wire, changed, tls);
  }

  /** This configuration with other certificates, or none. */
  public ClusterConfig withTls(@Nullable ClusterTlsConfig changed) {
    return with(port, wire, secret, changed);
  }

  /** This configuration with other values where callers change some. */
  private ClusterConfig with(
      int port, WireKind wire, @Nullable Secret secret, @Nullable ClusterTlsConfig tls) {
    return new ClusterConfig(
        name,
        node,
        host,
        port,
        discovery,
        expect,
        evictAfter,
        wire,
        secret,
        tls,
        insecure,
        rebalance);
  }

  /**
   * Whether whoever reaches the cluster ports from another machine can do what a node can. Nodes
   * that are looked up as a service are on other machines.
   */
  public boolean isOpenToStrangers() {
    return secret == null && tls == null && isReachedFromElsewhere(endpoint(), discovery);
  }

  static boolean isReachedFromElsewhere(Endpoint.Tcp endpoint, Discovery discovery) {
    return !endpoint.isLocal() || discovery instanceof Discovery.KubernetesDns;
  }

  /** How many nodes there shall be memory for: those that are expected, 3 at least. */
  public int plannedNodes() {
    return Math.max(expect, USUAL_NODES);
  }

  /** The cluster port; that of the links is the next. */
  public Endpoint.Tcp endpoint() {
    return new Endpoint.Tcp(host, port);
  }

  /**
   * The name of this node, which is HOST:PORT of the cluster port that it got, unless configured.
   */
  public String nodeName(int actualPort) {
    return node == null ? endpoint().withPort(actualPort).toString() : node;
  }

  static boolean isName(String text) {
    return text.matches("[!-~]{1,100}");
  }

  static boolean isHost(String text) {
    return Endpoint.Tcp.isAddress(text) && !new Endpoint.Tcp(text, 0).isAny();
  }

  /** Whether this is a cluster port of another node: HOST:PORT, an IPv6 literal in brackets. */
  static boolean isMember(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("[1-9][0-9]{0,4}")) {
      return false;
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return Integer.parseInt(text.substring(colon + 1)) <= MAX_PORT
        && bracketed == host.contains(":")
        && isHost(bracketed ? host.substring(1, host.length() - 1) : host);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
