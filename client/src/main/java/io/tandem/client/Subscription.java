package io.tandem.client;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.function.Consumer;

/**
 * One handler's subscription, in force until it is unsubscribed or the session ends. Several
 * handlers on the same topic share the router's subscription and its ID.
 */
public final class Subscription {

  private final long id;
  private final String topic;
  private final MatchPolicy match;
  private final Consumer<Event> handler;

  Subscription(long id, String topic, MatchPolicy match, Consumer<Event> handler) {
    this.id = id;
    this.topic = topic;
    this.match = match;
    this.handler = handler;
  }

  /** The router's ID of it. */
  public long id() {
    return id;
  }

  /** The topic or pattern. */
  public String topic() {
    return topic;
  }

  /** How topics are compared with it. */
  public MatchPolicy match() {
    return match;
  }

  Consumer<Event> handler() {
    return handler;
  }
}
