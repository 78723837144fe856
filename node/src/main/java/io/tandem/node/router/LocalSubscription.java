package io.tandem.node.router;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A lane's share of a subscription: the subscribers among its own sessions. It begins with a wish
 * to the registry; until that is settled, sessions wait for their SUBSCRIBED.
 */
final class LocalSubscription {

  /** A SUBSCRIBE that has no answer yet. */
  record Waiting(Session session, long request) {}

  final Resource resource;
  final Set<Session> subscribers = new LinkedHashSet<>();
  final List<Waiting> waiting = new ArrayList<>();

  /** The subscription's ID; 0 until the registry has settled it. */
  private long id;

  LocalSubscription(Resource resource) {
    this.resource = resource;
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

  boolean isPattern() {
    return resource.match() != MatchPolicy.EXACT;
  }
}
