package io.tandem.node.router;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lane's share of a subscription: the subscribers among its own sessions. It begins with a wish
 * to the registry; until that is settled, sessions wait for their SUBSCRIBED.
 *
 * <p>There may be a million of them, most with one subscriber: the sets are no larger than what is
 * in them.
 */
final class LocalSubscription {

  /**
   * A SUBSCRIBE that has no answer yet.
   *
   * @param getRetained whether it asks for what is retained too
   */
  record Waiting(Session session, long request, boolean getRetained) {}

  final Resource resource;
  private Set<Session> subscribers = Set.of();
  private List<Waiting> waiting = List.of();

  /** The session that is charged with what all of them share. */
  private Session payer;

  /** The subscription's ID; 0 until the registry has settled it. */
  private long id;

  LocalSubscription(Resource resource, Session payer) {
    this.resource = resource;
    this.payer = payer;
  }

  boolean isSettled() {
    return id != 0;
  }

  void settle(long newId) {
    id = newId;
  }

  long id() {
    return id;
  }

  /** In the order in which they came. */
  Set<Session> subscribers() {
    return subscribers;
  }

  /** Whether the session was none of the subscribers before. */
  boolean add(Session session) {
    if (subscribers.isEmpty()) {
      subscribers = Set.of(session);
      return true;
    }
    if (subscribers.size() == 1) {
      subscribers = new LinkedHashSet<>(subscribers);
    }
    return subscribers.add(session);
  }

  void remove(Session session) {
    if (subscribers.contains(session)) {
      if (subscribers.size() == 1) {
        subscribers = Set.of();
      } else {
        subscribers.remove(session);
      }
    }
  }

  Session payer() {
    return payer;
  }

  /**
   * Where a session that is none of them any more was charged with what all share, who came next is
   * from now on. When nobody is left it stays so until that is withdrawn.
   */
  void left(Session session, long shared) {
    Session heir = payer == session && !subscribers.contains(session) ? heir() : null;
    if (heir != null) {
      payer.memory.pass(shared, heir.memory);
      payer = heir;
    }
  }

  private @Nullable Session heir() {
    if (subscribers.isEmpty()) {
      return waiting.isEmpty() ? null : waiting.get(0).session();
    }
    return subscribers.iterator().next();
  }

  /** Whether somebody waits for SUBSCRIBED. */
  boolean isAwaited() {
    return !waiting.isEmpty();
  }

  /** Whether it is the first one to wait. */
  boolean await(Waiting wish) {
    if (waiting.isEmpty()) {
      waiting = List.of(wish);
      return true;
    }
    if (waiting.size() == 1) {
      waiting = new ArrayList<>(waiting);
    }
    waiting.add(wish);
    return false;
  }

  /** Those who have waited; none does any more. */
  List<Waiting> takeWaiting() {
    List<Waiting> taken = waiting;
    waiting = List.of();
    return taken;
  }

  boolean isPattern() {
    return resource.match() != MatchPolicy.EXACT;
  }
}
