package io.tandem.node.meta;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.delivery.Stamps;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.node.auth.Action;
import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.registry.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells those clients of one lane of the events that a subscription had which might subscribe to it
 * now: {@code wamp.subscription.get_events}. Belongs to its lane; events are chosen off it.
 */
final class HistoryMeta {

  /** What one call gets at most; the caller goes on behind the last one (PS-HIST-17). */
  static final int MOST_EVENTS = 1_000;

  /** Likewise, in octets of arguments, but one event at least. */
  static final int MOST_OCTETS = 1 << 20;

  private final Lane lane;
  private final Realm realm;
  private final LocalClient client;
  private final SubscriptionMeta subscriptions;

  HistoryMeta(Lane lane, Realm realm, LocalClient client, SubscriptionMeta subscriptions) {
    this.lane = lane;
    this.realm = realm;
    this.client = client;
    this.subscriptions = subscriptions;
  }

  /** Begins to serve; completes when it does. */
  CompletionStage<?> open() {
    return client.register(
        "wamp.subscription.get_events", Options.of(Keys.DISCLOSE_CALLER, true), this::getEvents);
  }

  /** Who asks. */
  private record Caller(long session, String authid, String authrole, Serializer serializer) {

    static Caller of(Invocation call) {
      Options details = call.details();
      return new Caller(
          details.get(Keys.CALLER, 0L),
          details.get(Keys.CALLER_AUTHID, ""),
          details.get(Keys.CALLER_AUTHROLE, ""),
          call.payload().serializer());
    }
  }

  private CompletionStage<Payload> getEvents(Invocation call) {
    Arguments arguments = Arguments.of(call.payload());
    HistoryQuery query = HistoryQuery.of(arguments);
    Caller caller = Caller.of(call);
    return subscriptions
        .meta()
        .found(arguments)
        .thenComposeAsync(
            found ->
                mayBeTold(caller, found.resource())
                    .thenCompose(
                        allowed -> answer(query, caller, found.resource(), found.record().id())),
            lane::execute);
  }

  private CompletionStage<Boolean> mayBeTold(Caller caller, Resource resource) {
    return realm
        .allows(caller.session(), Action.SUBSCRIBE, resource.uri(), resource.match())
        .thenApply(
            allowed -> {
              if (!allowed) {
                throw new WampFailure(
                    WampUri.NOT_AUTHORIZED, "not allowed to subscribe to " + resource.uri());
              }
              return true;
            });
  }

  private CompletionStage<Payload> answer(
      HistoryQuery query, Caller caller, Resource resource, long subscription) {
    KeptPublications kept = lane.router().keeping().realm(realm.name());
    return CompletableFuture.supplyAsync(
        () -> {
          List<Publication> history =
              kept == null ? null : kept.history(resource.match(), resource.uri());
          return new Answer(query, caller, resource, subscription)
              .of(history == null ? List.of() : history);
        });
  }

  /** The answer to one call, being made. */
  private static final class Answer {
    private final HistoryQuery query;
    private final Caller caller;
    private final boolean isPattern;
    private final long subscription;
    private final List<Object> events = new ArrayList<>();
    private long octets;

    Answer(HistoryQuery query, Caller caller, Resource resource, long subscription) {
      this.query = query;
      this.caller = caller;
      this.isPattern = resource.match() != MatchPolicy.EXACT;
      this.subscription = subscription;
    }

    Payload of(List<Publication> history) {
      int most = Math.min(query.limit(), MOST_EVENTS);
      boolean isLimitReached = false;
      for (Publication publication : query.chosen(history)) {
        Payload payload = mayHave(publication) ? translated(publication) : null;
        if (payload == null) {
          continue;
        }
        octets += payload.length();
        isLimitReached = events.size() == most || (octets > MOST_OCTETS && !events.isEmpty());
        if (isLimitReached) {
          break;
        }
        events.add(event(publication, payload));
      }
      return Payload.encode(
          caller.serializer(), events, Map.of("is_limit_reached", isLimitReached));
    }

    private boolean mayHave(Publication publication) {
      return publication.audience().includes(caller.session(), caller.authid(), caller.authrole());
    }

    /** Null where its serializer cannot carry it, as when it would be sent an EVENT (SER-09). */
    private @Nullable Payload translated(Publication publication) {
      try {
        return publication.apart().payload().as(caller.serializer());
      } catch (UntranslatableException lost) {
        return null;
      }
    }

    /** As PS-HIST-11 has it. */
    private Map<String, Object> event(Publication publication, Payload payload) {
      Options details =
          isPattern
              ? publication.details().with(Keys.TOPIC, publication.topic())
              : publication.details();
      Map<String, Object> event = new LinkedHashMap<>();
      event.put(
          "timestamp", RegistryMeta.time(Instant.ofEpochMilli(Stamps.millis(publication.stamp()))));
      event.put("subscription", subscription);
      event.put("publication", publication.id());
      event.put("details", details.toMap());
      List<@Nullable Object> args = payload.args();
      if (!args.isEmpty()) {
        event.put("args", args);
      }
      Map<String, @Nullable Object> kwargs = payload.kwargs();
      if (!kwargs.isEmpty()) {
        event.put("kwargs", kwargs);
      }
      return event;
    }
  }
}
