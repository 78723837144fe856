package io.tandem.node.meta;

import io.tandem.node.local.WampFailure;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.sessions.SessionDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who was there, of all realms, when the directory was read: IDs by realm and authrole. Filled by
 * one thread; then any.
 */
final class Roll {

  /** Lists of one realm, of different roles, that are made of one reading. */
  static final int MOST_LISTS = 16;

  private final Map<String, OfRealm> realms = new HashMap<>();

  private static final class OfRealm {
    final Map<String, List<Long>> roles = new HashMap<>();

    /** Made answers, by the roles that are in them. */
    final Map<Set<String>, Payload> lists = new HashMap<>();
  }

  void add(SessionDetails session) {
    realms
        .computeIfAbsent(session.realm(), realm -> new OfRealm())
        .roles
        .computeIfAbsent(session.authrole(), role -> new ArrayList<>())
        .add(session.session());
  }

  /**
   * The IDs of a realm's sessions, as an answer. It may be long and thousands may have asked, so
   * all who share the reading and want the same are given the same octets.
   *
   * @param authroles of those that are wanted; null for all
   * @throws WampFailure where too many have asked for ever other roles meanwhile
   */
  synchronized Payload list(String realm, @Nullable Set<String> authroles) {
    OfRealm sessions = realms.get(realm);
    if (sessions == null) {
      return Results.of(List.of());
    }
    Set<String> wanted = new TreeSet<>(sessions.roles.keySet());
    if (authroles != null) {
      wanted.retainAll(authroles);
    }
    Payload made = sessions.lists.get(wanted);
    if (made == null) {
      if (sessions.lists.size() >= MOST_LISTS) {
        throw new WampFailure(
            WampUri.UNAVAILABLE, "too many lists of different roles are asked for at once");
      }
      made =
          Results.of(wanted.stream().map(sessions.roles::get).flatMap(Collection::stream).toList());
      sessions.lists.put(wanted, made);
    }
    return made;
  }
}
