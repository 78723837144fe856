package io.tandem.node.router;

import io.tandem.cluster.Publication;
import java.util.Iterator;
import java.util.List;

/**
 * A publication on its way to more subscribers of a lane than one turn should serve: so many at a
 * time. Between two such slices anything may happen: who has left or unsubscribed gets nothing more
 * (V2), and who comes to a subscription that was begun with is too late for this publication.
 * Belongs to its lane.
 */
final class FanOut {

  private final Subscriptions subscriptions;
  private final Publication publication;
  private final Iterator<LocalSubscription> rest;

  // The subscription at hand: who was subscribed when it was begun with, and who of them is next.
  private LocalSubscription current;
  private Session[] subscribers;
  private int next;

  /**
   * @param matching the subscriptions that the publication matches, at least one
   */
  FanOut(Subscriptions subscriptions, Publication publication, List<LocalSubscription> matching) {
    this.subscriptions = subscriptions;
    this.publication = publication;
    this.rest = matching.iterator();
    this.current = rest.next();
    this.subscribers = current.subscribers().toArray(Session[]::new);
  }

  /** Serves the next subscribers, at most so many; whether there are more. */
  boolean serve(int most) {
    int left = most;
    while (left > 0 && hasNext()) {
      int end = Math.min(subscribers.length, next + left);
      left -= end - next;
      serveUpTo(end);
    }
    return hasNext();
  }

  private boolean hasNext() {
    while (next == subscribers.length && rest.hasNext()) {
      current = rest.next();
      subscribers = current.subscribers().toArray(Session[]::new);
      next = 0;
    }
    return next < subscribers.length;
  }

  private void serveUpTo(int end) {
    try (SharedMessage event = subscriptions.event(publication, current)) {
      while (next < end) {
        Session subscriber = subscribers[next++];
        if (current.subscribers().contains(subscriber)) {
          subscriptions.send(publication, event, subscriber);
        }
      }
    }
  }
}
