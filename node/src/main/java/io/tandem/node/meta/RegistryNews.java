package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.node.router.RegistryWatch;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Resource;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Publishes what becomes of the subscriptions, or of the registrations, of one realm by what the
 * sessions of one lane do. Where nobody hears of it, an event costs one look into the routing
 * table. Belongs to its lane.
 *
 * <p>Each event is published by one lane of one node, once, in a turn of its own behind what the
 * session is told itself. What one lane tells arrives in the order in which it happened; of two
 * lanes nobody can say who was first (decision 39).
 *
 * @param <R> the record of one of them
 */
final class RegistryNews<R> implements RegistryWatch<R> {

  /** What the events are called. */
  record Topics(String created, String joined, String left, String deleted) {}

  private final Lane lane;
  private final Realm realm;
  private final RealmRegistry table;
  private final LocalClient client;
  private final Topics topics;
  private final BiFunction<Resource, R, Map<String, Object>> details;

  /** Of the topic that is being looked up. */
  private boolean isHeard;

  /**
   * @param details what is told of one, by names of WAMP's own
   */
  RegistryNews(
      Lane lane,
      Realm realm,
      LocalClient client,
      Topics topics,
      BiFunction<Resource, R, Map<String, Object>> details) {
    this.lane = lane;
    this.realm = realm;
    this.table = lane.router().tables().realm(realm.name());
    this.client = client;
    this.topics = topics;
    this.details = details;
  }

  @Override
  public void created(long session, Resource resource, R record) {
    if (isTold(topics.created, resource)) {
      tell(topics.created, session, details.apply(resource, record));
    }
  }

  @Override
  public void joined(long session, Resource resource, long id) {
    if (isTold(topics.joined, resource)) {
      tell(topics.joined, session, id);
    }
  }

  @Override
  public void left(long session, Resource resource, long id) {
    if (isTold(topics.left, resource)) {
      tell(topics.left, session, id);
    }
  }

  /** Where nobody knows whose it was, it is the router's doing. */
  @Override
  public void deleted(long session, Resource resource, long id) {
    if (isTold(topics.deleted, resource)) {
      tell(topics.deleted, session == 0 ? client.session() : session, id);
    }
  }

  /**
   * Whether anybody shall hear of it. Of a life that is over nobody does: the others tell what
   * becomes of what it held.
   */
  private boolean isTold(String topic, Resource resource) {
    isHeard = false;
    if (realm.settings().metaEvents()
        && !WampUri.isReserved(resource.uri())
        && !lane.router().hasExpired()) {
      table.interested(topic, interest -> isHeard = true);
    }
    return isHeard;
  }

  private void tell(String topic, Object... args) {
    Payload payload = Results.of(args);
    lane.execute(() -> client.publish(topic, Options.EMPTY, payload));
  }
}
