package io.tandem.node.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What another configuration of the same node would change.
 *
 * @param live what a running node can take over
 * @param restart the keys of what else differs, which takes a new start
 */
public record ConfigChange(List<Item> live, List<String> restart) {

  /** What may change in a running node. */
  public enum Kind {
    /** Who may do what in a realm, and what its sessions may hold. */
    REALM("realm %s"),
    REALM_ADDED("new realm %s"),
    REALM_REMOVED("realm %s is closed"),
    LISTENER_OPENED("listener %s is opened"),
    LISTENER_CLOSED("listener %s is closed"),
    CERTIFICATE("certificate of listener %s"),
    CLUSTER_CERTIFICATE("certificate of node %s"),
    /** What holds for all listeners and realms. */
    NODE("%s");

    private final String phrase;

    Kind(String phrase) {
      this.phrase = phrase;
    }
  }

  /**
   * One change.
   *
   * @param name of the realm, the listener's endpoint, or the key
   */
  public record Item(Kind kind, String name) {

    @Override
    public String toString() {
      return kind.phrase.formatted(name);
    }
  }

  public ConfigChange {
    live = List.copyOf(live);
    restart = List.copyOf(restart);
  }

  public static ConfigChange between(NodeConfig before, NodeConfig after) {
    List<String> restart = new ArrayList<>();
    note(restart, "management", before, after, NodeConfig::management);
    note(restart, "cluster", before, after, ConfigChange::exceptForCertificate);
    note(restart, "lanes", before, after, NodeConfig::lanes);
    note(restart, "drainTimeout", before, after, NodeConfig::drainTimeout);
    note(restart, "memory", before, after, NodeConfig::memory);
    note(restart, "audit", before, after, NodeConfig::audit);
    note(restart, "tracing", before, after, NodeConfig::tracing);
    List<Item> live = new ArrayList<>();
    ClusterConfig cluster = after.cluster();
    if (cluster != null && !cluster.equals(before.cluster()) && !restart.contains("cluster")) {
      live.add(new Item(Kind.CLUSTER_CERTIFICATE, cluster.nodeName(cluster.port())));
    }
    if (!before.failedLogins().equals(after.failedLogins())) {
      live.add(new Item(Kind.NODE, "failedLogins"));
    }
    if (!before.bans().equals(after.bans())) {
      live.add(new Item(Kind.NODE, "bans"));
    }
    if (!before.reload().equals(after.reload())) {
      live.add(new Item(Kind.NODE, "reload"));
    }
    realms(before, after, live);
    listeners(before.listeners(), after.listeners(), live, restart);
    return new ConfigChange(live, restart);
  }

  private static @Nullable Object exceptForCertificate(NodeConfig config) {
    ClusterConfig cluster = config.cluster();
    return cluster == null ? null : List.of(cluster.tls() != null, cluster.withTls(null));
  }

  private static void note(
      List<String> restart,
      String key,
      NodeConfig before,
      NodeConfig after,
      Function<NodeConfig, ? extends @Nullable Object> part) {
    if (!Objects.equals(part.apply(before), part.apply(after))) {
      restart.add(key);
    }
  }

  private static void realms(NodeConfig before, NodeConfig after, List<Item> live) {
    Map<String, RealmConfig> known = byName(before);
    Set<String> named = byName(after).keySet();
    for (RealmConfig next : after.realms()) {
      RealmConfig old = known.get(next.title());
      if (old == null) {
        live.add(new Item(Kind.REALM_ADDED, next.title()));
      } else if (!ConfigDigest.alike(old, next)) {
        live.add(new Item(Kind.REALM, next.title()));
      }
    }
    before.realms().stream()
        .map(RealmConfig::title)
        .filter(name -> !named.contains(name))
        .forEach(name -> live.add(new Item(Kind.REALM_REMOVED, name)));
  }

  private static Map<String, RealmConfig> byName(NodeConfig config) {
    return config.realms().stream()
        .collect(Collectors.toMap(RealmConfig::title, Function.identity()));
  }

  /**
   * A listener is known by its endpoint; what differs at one, but for its certificate, is not live.
   */
  private static void listeners(
      List<ListenerConfig> before,
      List<ListenerConfig> after,
      List<Item> live,
      List<String> restart) {
    if (before.equals(after)) {
      return;
    }
    if (!areTold(before) || !areTold(after)) {
      restart.add("listeners"); // several on a port that the system chooses
      return;
    }
    Map<Endpoint, ListenerConfig> known = byEndpoint(before);
    for (int i = 0; i < after.size(); i++) {
      ListenerConfig next = after.get(i);
      ListenerConfig old = known.get(next.endpoint());
      String name = next.endpoint().toString();
      if (old == null) {
        live.add(new Item(Kind.LISTENER_OPENED, name));
      } else if (!old.withTls(null).equals(next.withTls(null))
          || (old.tls() == null) != (next.tls() == null)) {
        restart.add("listeners[" + i + "]");
      } else if (!old.equals(next)) {
        live.add(new Item(Kind.CERTIFICATE, name));
      }
    }
    Set<Endpoint> named = byEndpoint(after).keySet();
    before.stream()
        .map(ListenerConfig::endpoint)
        .filter(endpoint -> !named.contains(endpoint))
        .forEach(endpoint -> live.add(new Item(Kind.LISTENER_CLOSED, endpoint.toString())));
  }

  private static boolean areTold(List<ListenerConfig> listeners) {
    Set<Endpoint> all = new HashSet<>();
    return listeners.stream().allMatch(listener -> all.add(listener.endpoint()));
  }

  private static Map<Endpoint, ListenerConfig> byEndpoint(List<ListenerConfig> listeners) {
    return listeners.stream()
        .collect(Collectors.toMap(ListenerConfig::endpoint, Function.identity()));
  }

  /**
   * What holds when a running node has taken the change over.
   *
   * @param running what holds now: ports that it got, connections that it may have
   * @param given what was asked for
   * @param asked what is asked for now
   * @param granted the same, with the connections that the node may have
   */
  public static NodeConfig applied(
      NodeConfig running, NodeConfig given, NodeConfig asked, NodeConfig granted) {
    NodeConfig realms =
        running
            .withRealms(asked.realms())
            .withBans(asked.bans())
            .withFailedLogins(asked.failedLogins())
            .withReload(asked.reload());
    ClusterConfig cluster = running.cluster();
    if (cluster != null && asked.cluster() != null) {
      realms = realms.withCluster(cluster.withTls(asked.cluster().tls()));
    }
    if (given.listeners().equals(asked.listeners())) {
      return realms;
    }
    List<Endpoint> known = given.listeners().stream().map(ListenerConfig::endpoint).toList();
    List<ListenerConfig> listeners = new ArrayList<>();
    for (int i = 0; i < asked.listeners().size(); i++) {
      ListenerConfig next = asked.listeners().get(i);
      int old = known.indexOf(next.endpoint());
      listeners.add(
          old < 0 ? granted.listeners().get(i) : running.listeners().get(old).withTls(next.tls()));
    }
    return realms.withListeners(listeners);
  }

  /** The names of what changes in this way. */
  public List<String> names(Kind kind) {
    return live.stream().filter(item -> item.kind() == kind).map(Item::name).toList();
  }
}
