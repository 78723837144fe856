package io.tandem.node.meta;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Resource;
import io.tandem.registry.SharedTurn;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the shared record has of all subscriptions, or of all registrations. It is kept by URI, so
 * what is asked for by an ID, or as a list, takes a look at all of it: one at a time for all of the
 * node who ask, and whoever comes meanwhile is served by the next one. Some thousands of IDs that a
 * look has met are remembered, so that a list and then each of its items take one look. Any thread.
 *
 * @param <R> the record of one of them
 */
final class Survey<R> {

  static final int MOST_REMEMBERED = 8_192;

  /** Names of that length, in characters, are worth remembering. */
  private static final int LONGEST_REMEMBERED = 256;

  /** Where the records are. */
  interface Source<R> {
    CompletionStage<@Nullable R> read(Resource resource);

    /** Visits all of them, one after the other, on a thread that may block. */
    CompletionStage<?> forEach(BiConsumer<Resource, R> visitor);

    long id(R record);
  }

  /** One of them. */
  record Found<R>(Resource resource, R record) {}

  private final Source<R> source;

  /** An ID is one resource's for ever, whether it is still there or not. */
  private final Map<Long, Resource> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Resource> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private final SharedTurn<Look, Look> looks = new SharedTurn<>(Look::new, this::take);

  Survey(Source<R> source) {
    this.source = source;
  }

  /** What is sought, and then found; it belongs to the thread that looks from its beginning on. */
  private final class Look {
    final Set<String> realms = new HashSet<>();
    final Set<Long> sought = new HashSet<>();
    final Map<String, Map<MatchPolicy, List<Long>>> lists = new HashMap<>();
    final Map<Long, Resource> found = new HashMap<>();
    final Map<Long, Resource> met = new HashMap<>();
    private final Map<String, Payload> answers = new HashMap<>();

    void visit(Resource resource, R record) {
      if (!realms.contains(resource.realm()) || WampUri.isReserved(resource.uri())) {
        return;
      }
      long id = source.id(record);
      Map<MatchPolicy, List<Long>> list = lists.get(resource.realm());
      if (list != null) {
        list.computeIfAbsent(resource.match(), match -> new ArrayList<>()).add(id);
      }
      if (sought.contains(id)) {
        found.put(id, resource);
      }
      if (met.size() < MOST_REMEMBERED && resource.uri().length() <= LONGEST_REMEMBERED) {
        met.put(id, resource);
      }
    }

    /** It may be long, and thousands may have asked: they are all given the same octets. */
    synchronized Payload list(String realm) {
      return answers.computeIfAbsent(
          realm,
          unmade -> {
            Map<MatchPolicy, List<Long>> ids = lists.getOrDefault(realm, Map.of());
            Map<String, List<Long>> list = new LinkedHashMap<>();
            for (MatchPolicy match : MatchPolicy.values()) {
              list.put(match.wireName(), ids.getOrDefault(match, List.of()));
            }
            return Results.of(list);
          });
    }
  }

  /** The ID of the one with exactly this URI and match; null where there is none. */
  CompletionStage<@Nullable Long> lookup(Resource resource) {
    return WampUri.isReserved(resource.uri())
        ? CompletableFuture.completedFuture(null)
        : source
            .read(resource)
            .thenApply(record -> record == null ? null : (Long) source.id(record));
  }

  /** The IDs of all in the realm, by match, as an answer. */
  CompletionStage<Payload> list(String realm) {
    return look(
            realm,
            ahead -> ahead.lists.computeIfAbsent(realm, any -> new EnumMap<>(MatchPolicy.class)))
        .thenApply(look -> look.list(realm));
  }

  /** The one of the realm with this ID; null where there is none. */
  CompletionStage<@Nullable Found<R>> find(String realm, long id) {
    return resource(realm, id)
        .thenCompose(
            resource ->
                resource == null || !resource.realm().equals(realm)
                    ? CompletableFuture.<@Nullable Found<R>>completedFuture(null)
                    : source.read(resource).thenApply(record -> found(resource, record, id)));
  }

  /** Where the record is another one by now, that with the ID is gone. */
  private @Nullable Found<R> found(Resource resource, @Nullable R record, long id) {
    return record == null || source.id(record) != id ? null : new Found<>(resource, record);
  }

  private CompletionStage<@Nullable Resource> resource(String realm, long id) {
    Resource known;
    synchronized (this) {
      known = remembered.get(id);
    }
    return known != null
        ? CompletableFuture.completedFuture(known)
        : look(realm, ahead -> ahead.sought.add(id)).thenApply(look -> look.found.get(id));
  }

  private CompletionStage<Look> look(String realm, Consumer<Look> wish) {
    return looks.ask(
        ahead -> {
          ahead.realms.add(realm);
          wish.accept(ahead);
        });
  }

  private CompletionStage<Look> take(Look look) {
    return source
        .forEach(look::visit)
        .whenComplete(
            (done, failure) -> {
              synchronized (this) {
                remembered.putAll(look.met);
              }
            })
        .thenApply(done -> look);
  }
}
