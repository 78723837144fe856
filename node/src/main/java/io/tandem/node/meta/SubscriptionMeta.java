package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.node.router.RegistryWatch;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.record.SharedRecords;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscription meta API of one realm, for the clients of one lane: what is subscribed to in the
 * whole cluster, and what becomes of what the lane's sessions subscribe to. Who the subscribers are
 * only their lanes know, so all of them are asked. Belongs to its lane.
 */
final class SubscriptionMeta {

  private static final RegistryNews.Topics TOPICS =
      new RegistryNews.Topics(
          "wamp.subscription.on_create",
          "wamp.subscription.on_subscribe",
          "wamp.subscription.on_unsubscribe",
          "wamp.subscription.on_delete");

  /** What lanes are asked. */
  private static final String SUBSCRIBERS = "subscribers";

  private static final String SUBSCRIBER_COUNT = "subscriber_count";

  private final Lane lane;
  private final Realm realm;
  private final RealmRegistry table;
  private final Colleagues colleagues;
  private final RegistryMeta<SubscriptionRecord> meta;
  private final RegistryNews<SubscriptionRecord> news;

  SubscriptionMeta(
      Lane lane,
      Realm realm,
      LocalClient client,
      Colleagues colleagues,
      Survey<SubscriptionRecord> survey) {
    this.lane = lane;
    this.realm = realm;
    this.table = lane.router().tables().realm(realm.name());
    this.colleagues = colleagues;
    this.meta =
        new RegistryMeta<>(
            client,
            realm.name(),
            "subscription",
            WampUri.NO_SUCH_SUBSCRIPTION,
            survey,
            SubscriptionMeta::details);
    this.news = new RegistryNews<>(lane, realm, client, TOPICS, SubscriptionMeta::details);
  }

  static Survey<SubscriptionRecord> survey(SharedRecords record) {
    return new Survey<>(
        new Survey.Source<>() {
          @Override
          public CompletionStage<@Nullable SubscriptionRecord> read(Resource resource) {
            return record.subscription(resource);
          }

          @Override
          public CompletionStage<?> forEach(BiConsumer<Resource, SubscriptionRecord> visitor) {
            return record.forEachSubscription(visitor);
          }

          @Override
          public long id(SubscriptionRecord subscription) {
            return subscription.id();
          }
        });
  }

  /** Is told what the lane's sessions subscribe to. */
  RegistryWatch<SubscriptionRecord> news() {
    return news;
  }

  /** Knows them by their IDs. */
  RegistryMeta<SubscriptionRecord> meta() {
    return meta;
  }

  /** Begins to answer. */
  CompletionStage<?> open() {
    return RegistryMeta.all(
        colleagues.offer(SUBSCRIBERS, this::subscribersHere),
        colleagues.offer(SUBSCRIBER_COUNT, this::countHere),
        meta.open(),
        meta.offer("match", this::match),
        meta.offer("list_subscribers", this::subscribers),
        meta.offer("count_subscribers", this::count));
  }

  /** As META-SUB-01 has it. */
  private static Map<String, Object> details(Resource resource, SubscriptionRecord record) {
    return RegistryMeta.details(resource, record.id(), record.created());
  }

  /** Those that an event would go to now, from here. */
  private CompletionStage<Payload> match(Arguments arguments) {
    List<CompletableFuture<@Nullable Long>> ids =
        table.matching(realm.name(), arguments.string(0, "URI")).stream()
            .map(resource -> meta.lookup(resource).toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(ids.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            read -> {
              List<Long> there =
                  ids.stream().map(CompletableFuture::join).filter(Objects::nonNull).toList();
              return Results.of(there.isEmpty() ? null : there);
            });
  }

  private CompletionStage<Payload> subscribers(Arguments arguments) {
    return asked(arguments, SUBSCRIBERS)
        .thenApply(answers -> Results.of(answers.lanes().stream().flatMap(List::stream).toList()));
  }

  private CompletionStage<Payload> count(Arguments arguments) {
    return asked(arguments, SUBSCRIBER_COUNT).thenApply(answers -> Results.of(answers.sum()));
  }

  /** What all lanes of all nodes say about the subscription whose ID is the first argument. */
  private CompletionStage<Colleagues.Answers> asked(Arguments arguments, String what) {
    return meta.found(arguments)
        .thenComposeAsync(found -> colleagues.ask(what, words(found.resource())), lane::execute)
        .thenApply(Colleagues.Answers::whole);
  }

  // ---- what this lane answers the others ----

  private static List<String> words(Resource resource) {
    return List.of(resource.match().wireName(), resource.uri());
  }

  private CompletionStage<Payload> subscribersHere(Invocation call) {
    return CompletableFuture.completedFuture(Results.list(here(call)));
  }

  private CompletionStage<Payload> countHere(Invocation call) {
    return CompletableFuture.completedFuture(Results.of(here(call).size()));
  }

  private List<Long> here(Invocation call) {
    Arguments words = Arguments.of(call.payload());
    return realm.subscribers(
        MatchPolicy.of(words.string(0, "match policy")), words.string(1, "URI"));
  }
}
