package io.tandem.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one node, checked whole: what {@link Configurations} hands out is free of
 * problems. Immutable; every component is named like its key in the file.
 *
 * @param listeners the doors for clients, at least one
 * @param management the door for probes and metrics
 * @param cluster how this node is one of several, or null to stand alone
 * @param realms the realms served, and templates of more, at least one, their names unique
 * @param lanes how many event loops carry sessions: 1 to 64, or 0 (the default) for one per
 *     available core, 64 at most
 * @param drainTimeout longest wait at shutdown for calls under way and queued bytes: 0 s to 5 min,
 *     10 s unless configured; what is left then is closed
 * @param memory what the sessions may make the node keep in its heap, in octets: 1 MiB to 1 TiB, or
 *     null for a quarter of the heap, less of a small one
 * @param bans networks whose clients may not connect, in CIDR form or as single addresses
 * @param failedLogins when clients have to pause after failed logins
 * @param audit where the node accounts for what it admits and changes, or null to do so nowhere
 * @param reload when the node reads its configuration again without being told to
 * @param tracing where the node tells what becomes of calls and publications, or null for nowhere
 */
public record NodeConfig(
    List<ListenerConfig> listeners,
    ManagementConfig management,
    @Nullable ClusterConfig cluster,
    List<RealmConfig> realms,
    int lanes,
    Duration drainTimeout,
    @Nullable Long memory,
    Set<String> bans,
    FailedLoginsConfig failedLogins,
    @Nullable AuditConfig audit,
    ReloadConfig reload,
    @Nullable TracingConfig tracing) {

  /** The most lanes that one node runs. */
  public static final int MAX_LANES = 64;

  static final long MIN_MEMORY = 1 << 20;
  static final long MAX_MEMORY = 1L << 40;
  static final Type<Long> MEMORY = Type.bytes(MIN_MEMORY, MAX_MEMORY);

  static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

  public NodeConfig {
    listeners = List.copyOf(listeners);
    realms = List.copyOf(realms);
    bans = Set.copyOf(bans);
  }

  /**
   * This configuration with another TCP port on its first listener that has one.
   *
   * @param port 0 to 65535; 0 means any free port
   * @throws IllegalArgumentException when the port is out of range or no listener uses TCP; the
   *     message is made for the command line
   */
  public NodeConfig withPort(int port) {
    return withTcp(tcp -> tcp.withPort(port));
  }

  /**
   * This configuration with its first TCP listener and its management door at another address.
   *
   * @param address an IPv4 or IPv6 address or a host name
   * @throws IllegalArgumentException when it is none of these or no listener uses TCP; the message
   *     is made for the command line
   */
  public NodeConfig withBind(String address) {
    return withTcp(tcp -> tcp.withAddress(address))
        .withManagement(management.at(management.endpoint().withAddress(address)));
  }

  /**
   * This configuration with another management port.
   *
   * @param port 0 to 65535; 0 means any free port
   * @throws IllegalArgumentException when the port is out of range
   */
  public NodeConfig withManagementPort(int port) {
    return withManagement(management.at(management.endpoint().withPort(port)));
  }

  /** The realms that are there from the start. */
  public List<RealmConfig> namedRealms() {
    return realms.stream().filter(realm -> realm.template() == null).toList();
  }

  /** Of which realms are made when clients come. */
  public List<RealmConfig> templates() {
    return realms.stream().filter(realm -> realm.template() != null).toList();
  }

  /** The file of the audit log; null for none. */
  public @Nullable Path auditFile() {
    return audit == null ? null : audit.file();
  }

  /** This configuration with these doors for clients. */
  public NodeConfig withListeners(List<ListenerConfig> changed) {
    return with(changed, management, cluster, realms, bans, failedLogins, reload);
  }

  /** This configuration with these realms. */
  public NodeConfig withRealms(List<RealmConfig> changed) {
    return with(listeners, management, cluster, changed, bans, failedLogins, reload);
  }

  /** This configuration with other networks that may not connect. */
  public NodeConfig withBans(Set<String> changed) {
    return with(listeners, management, cluster, realms, changed, failedLogins, reload);
  }

  /** This configuration with other pauses after failed logins. */
  public NodeConfig withFailedLogins(FailedLoginsConfig changed) {
    return with(listeners, management, cluster, realms, bans, changed, reload);
  }

  /** This configuration, read again at other times. */
  public NodeConfig withReload(ReloadConfig changed) {
    return with(listeners, management, cluster, realms, bans, failedLogins, changed);
  }

  /** This configuration with another cluster, or none. */
  public NodeConfig withCluster(@Nullable ClusterConfig changed) {
    return with(listeners, management, changed, realms, bans, failedLogins, reload);
  }

  /**
   * What is allowed but deserves a second look, one sentence each, led by the key: plain text
   * beyond this machine, secrets that everybody can read, metrics that nobody can, a cluster that
   * everybody can enter, permissions that never apply. To be asked after the last override.
   */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < listeners.size(); i++) {
      ListenerConfig listener = listeners.get(i);
      if (listener.tls() == null && !listener.endpoint().isLocal()) {
        warnings.add(
            "listeners["
                + i
                + "]: plain text on "
                + listener.endpoint()
                + ", which other machines can reach: set tls, or end TLS in front of the node");
      }
      TlsConfig tls = listener.tls();
      warnIfOpen(warnings, "listeners[" + i + "].tls.key", tls == null ? null : tls.key());
      List<TlsConfig.Named> byName = tls == null ? List.of() : tls.byName();
      for (int j = 0; j < byName.size(); j++) {
        String key = "listeners[" + i + "].tls.byName[" + j + "].key";
        warnIfOpen(warnings, key, byName.get(j).key());
      }
    }
    Secret token = management.metricsToken();
    warnIfOpen(warnings, "management.metricsToken.file", token == null ? null : token.file());
    Secret reloadToken = management.reloadToken();
    warnIfOpen(
        warnings, "management.reloadToken.file", reloadToken == null ? null : reloadToken.file());
    if (management.metricsAccess() == ManagementConfig.MetricsAccess.CLOSED) {
      warnings.add(
          "management: metrics are closed on "
              + management.endpoint()
              + ", which other machines can reach: set metricsToken or openMetrics");
    }
    if (cluster != null) {
      Secret secret = cluster.secret();
      warnIfOpen(warnings, "cluster.secret.file", secret == null ? null : secret.file());
      ClusterTlsConfig tls = cluster.tls();
      warnIfOpen(warnings, "cluster.tls.key", tls == null ? null : tls.key());
      if (cluster.isOpenToStrangers()) {
        warnings.add(
            "cluster.insecure: everybody who reaches the cluster ports can do what a node can;"
                + " set secret or tls instead, or keep them behind a network policy or firewall");
      }
    }
    for (int i = 0; i < realms.size(); i++) {
      realms
          .get(i)
          .secretFiles("realms[" + i + "]")
          .forEach((key, file) -> warnIfOpen(warnings, key, file));
      warnings.addAll(realms.get(i).hiddenPermissions("realms[" + i + "]"));
      if (realms.get(i).template() != null
          && realms.get(i).admitsAnonymous()
          && admitsStrangers(realms.get(i).name())) {
        warnings.add(
            "realms["
                + i
                + "].template: anonymous clients take its maxRealms as they like, and other"
                + " machines reach the listeners: let clients prove who they are");
      }
    }
    return warnings;
  }

  /** Whether anonymous clients on other machines reach the realm, where it lets them in. */
  boolean admitsStrangers(String realm) {
    return listeners.stream()
        .anyMatch(
            listener ->
                !listener.endpoint().isLocal()
                    && listener.admits().leadsTo(realm)
                    && listener.admits().takes(ListenerReader.ANONYMOUS));
  }

  /** The group may read: that is how a secret is handed to a process without rights. */
  private static void warnIfOpen(List<String> warnings, String key, @Nullable Path file) {
    if (file != null && Surroundings.isOpenToAll(file)) {
      warnings.add(key + ": everybody on this machine may read " + file + ": chmod o-r");
    }
  }

  /** This configuration with what can be another one than the file said. */
  private NodeConfig with(
      List<ListenerConfig> doors,
      ManagementConfig door,
      @Nullable ClusterConfig nodes,
      List<RealmConfig> domains,
      Set<String> banned,
      FailedLoginsConfig pauses,
      ReloadConfig again) {
    return new NodeConfig(
        doors,
        door,
        nodes,
        domains,
        lanes,
        drainTimeout,
        memory,
        banned,
        pauses,
        audit,
        again,
        tracing);
  }

  private NodeConfig withManagement(ManagementConfig changed) {
    return with(listeners, changed, cluster, realms, bans, failedLogins, reload);
  }

  private NodeConfig withTcp(UnaryOperator<Endpoint.Tcp> change) {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).endpoint() instanceof Endpoint.Tcp tcp) {
        List<ListenerConfig> changed = new ArrayList<>(listeners);
        changed.set(i, listeners.get(i).at(change.apply(tcp)));
        return withListeners(changed);
      }
    }
    throw new IllegalArgumentException(
        "the configuration has no TCP listener whose address or port could be changed");
  }
}
