package io.tandem.node.meta;

import io.tandem.registry.sessions.SessionDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who was there, of all realms, when the directory was read: IDs by realm and authrole. */
final class Roll {

  private final Map<String, Map<String, List<Long>>> realms = new HashMap<>();

  void add(SessionDetails session) {
    realms
        .computeIfAbsent(session.realm(), realm -> new HashMap<>())
        .computeIfAbsent(session.authrole(), role -> new ArrayList<>())
        .add(session.session());
  }

  /**
   * The IDs of a realm's sessions.
   *
   * @param authroles of those that are wanted; null for all
   */
  List<Long> sessions(String realm, @Nullable Set<String> authroles) {
    return roles(realm, authroles).stream().flatMap(List::stream).toList();
  }

  private Collection<List<Long>> roles(String realm, @Nullable Set<String> authroles) {
    Map<String, List<Long>> roles = realms.getOrDefault(realm, Map.of());
    return authroles == null
        ? roles.values()
        : authroles.stream().map(role -> roles.getOrDefault(role, List.of())).toList();
  }
}
