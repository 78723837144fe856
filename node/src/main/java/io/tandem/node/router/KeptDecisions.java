package io.tandem.node.router;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.protocol.uri.MatchPolicy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What authorizer procedures have said about one session, and allowed to be kept: for as long as
 * the session and the realm's settings. Takes of the session's memory; where that is short nothing
 * more is kept, and beyond {@link #MOST} URIs the oldest is forgotten. Belongs to the session's
 * lane.
 */
final class KeptDecisions {

  /** URIs of one session. */
  static final int MOST = 1024;

  private static final int POLICIES = MatchPolicy.values().length;
  private static final int SLOTS = Action.values().length * POLICIES;

  /** In octets, of an entry beside the characters of its URI. */
  private static final int OVERHEAD = 240;

  private final Account memory;

  /** For each URI a decision by action and policy, where there is one. */
  private final Map<String, @Nullable Decision[]> byUri = new LinkedHashMap<>();

  KeptDecisions(Account memory) {
    this.memory = memory;
  }

  /** What was said, or null. Allocates nothing. */
  @Nullable Decision get(Action action, String uri, MatchPolicy match) {
    @Nullable Decision[] decisions = byUri.get(uri);
    return decisions == null ? null : decisions[slot(action, match)];
  }

  void put(Action action, String uri, MatchPolicy match, Decision decision) {
    @Nullable Decision[] decisions = byUri.get(uri);
    if (decisions == null) {
      if (byUri.size() >= MOST) {
        Iterator<String> oldest = byUri.keySet().iterator();
        memory.give(octets(oldest.next()));
        oldest.remove();
      }
      if (!memory.tryTake(octets(uri))) {
        return;
      }
      decisions = new Decision[SLOTS];
      byUri.put(uri, decisions);
    }
    decisions[slot(action, match)] = decision;
  }

  /** Forgets all of it. */
  void clear() {
    byUri.keySet().forEach(uri -> memory.give(octets(uri)));
    byUri.clear();
  }

  int uris() {
    return byUri.size();
  }

  @SuppressWarnings("EnumOrdinal") // of a table that nobody else sees
  private static int slot(Action action, MatchPolicy match) {
    return action.ordinal() * POLICIES + match.ordinal();
  }

  private static long octets(String uri) {
    return OVERHEAD + 2L * uri.length();
  }
}
