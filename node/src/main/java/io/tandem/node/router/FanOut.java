package io.tandem.node.router;

import io.tandem.cluster.delivery.Publication;
import java.util.Iterator;
import java.util.List;

/**
 * A publication on its way to more subscribers of a lane than one turn should serve: so many at a
 * time. Between two such slices anything may happen: who has left or unsubscribed gets nothing more
 * (V2), and who comes to a subscription that was begun with is too late for this publication.
 * Belongs to its lane.
 */
final class FanOut {

  /** So many octets of an event are as much work as one more subscriber. */
  private static final int OCTETS_AS_A_SUBSCRIBER = 16 << 10;

  private final Events events;
  private final Publication publication;
  private final Iterator<LocalSubscription> rest;

  // The subscription at hand: who was subscribed when it was begun with, and who of them is next.
  private LocalSubscription current;
  private Session[] subscribers;
  private int next;

  /**
   * @param matching the subscriptions that the publication matches, at least one
   */
  FanOut(Events events, Publication publication, List<LocalSubscription> matching) {
    this.events = events;
    this.publication = publication;
    this.rest = matching.iterator();
    this.current = rest.next();
    this.subscribers = current.subscribers().toArray(Session[]::new);
  }

  /**
   * How many subscribers of the publication are a slice.
   *
   * @param subscribers as many as there may be when it is short
   */
  static int slice(int subscribers, Publication publication) {
    return Math.max(1, subscribers / (1 + publication.payload().length() / OCTETS_AS_A_SUBSCRIBER));
  }

  /** Serves the next slice, of so many where events are short; whether there are more. */
  boolean serve(int subscribersOfASlice) {
    int left = slice(subscribersOfASlice, publication);
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
    try (SharedMessage event = events.of(publication, current)) {
      while (next < end) {
        Session subscriber = subscribers[next++];
        if (current.subscribers().contains(subscriber)) {
          events.send(publication, event, subscriber, current);
        }
      }
    }
  }
}
