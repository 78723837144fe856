package io.tandem.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What another configuration of the same node would change.
 *
 * @param realms the names of those that differ in what a running node can take over: who may do
 *     what, and what sessions may hold
 * @param restart the keys of what else differs, which takes a new start
 */
public record ConfigChange(List<String> realms, List<String> restart) {

  public static ConfigChange between(NodeConfig before, NodeConfig after) {
    List<String> restart = new ArrayList<>();
    note(restart, "listeners", before, after, NodeConfig::listeners);
    note(restart, "management", before, after, NodeConfig::management);
    note(restart, "cluster", before, after, NodeConfig::cluster);
    note(restart, "lanes", before, after, NodeConfig::lanes);
    note(restart, "drainTimeout", before, after, NodeConfig::drainTimeout);
    note(restart, "memory", before, after, NodeConfig::memory);
    Map<String, RealmConfig> known = byName(before);
    if (!known.keySet().equals(byName(after).keySet())) {
      restart.add("realms");
      return new ConfigChange(List.of(), restart);
    }
    List<String> realms = new ArrayList<>();
    for (int i = 0; i < after.realms().size(); i++) {
      RealmConfig next = after.realms().get(i);
      RealmConfig old = Objects.requireNonNull(known.get(next.name()));
      if (!Objects.equals(old.limits().memory(), next.limits().memory())) {
        restart.add("realms[" + i + "].limits.memory");
      }
      if (!ConfigDigest.alike(old, next)) {
        realms.add(next.name());
      }
    }
    return new ConfigChange(realms, restart);
  }

  private static void note(
      List<String> restart,
      String key,
      NodeConfig before,
      NodeConfig after,
      Function<NodeConfig, ?> part) {
    if (!Objects.equals(part.apply(before), part.apply(after))) {
      restart.add(key);
    }
  }

  private static Map<String, RealmConfig> byName(NodeConfig config) {
    return config.realms().stream()
        .collect(Collectors.toMap(RealmConfig::name, Function.identity()));
  }
}
