package io.tandem.registry.record;

import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The record of every subscription and registration that the nodes share. It decides what needs one
 * answer in the whole cluster (the ID, who may register, the order of callees), by compare-and-set
 * on a {@link RecordStore}, and remembers it. Any thread; no state of its own.
 */
public final class SharedRecords {

  /** How often other nodes may be faster before a wish fails. */
  private static final int ATTEMPTS = 100;

  private final RecordStore<Resource, SubscriptionRecord> subscriptions;
  private final RecordStore<Resource, RegistrationRecord> registrations;
  private final RouterIds ids;
  private final InstantSource clock;

  public SharedRecords(
      RecordStore<Resource, SubscriptionRecord> subscriptions,
      RecordStore<Resource, RegistrationRecord> registrations,
      RouterIds ids,
      InstantSource clock) {
    this.subscriptions = subscriptions;
    this.registrations = registrations;
    this.ids = ids;
    this.clock = clock;
  }

  /** The record of a node that stands alone. */
  public static SharedRecords local() {
    return new SharedRecords(
        new LocalRecordStore<>(ForkJoinPool.commonPool()),
        new LocalRecordStore<>(ForkJoinPool.commonPool()),
        new LocalRouterIds(),
        InstantSource.system());
  }

  /** What became of a wish to register. */
  public sealed interface Outcome {
    /**
     * The callee is in the record, at this place in the order.
     *
     * @param replaced the registration that ended by this, or 0
     */
    record Settled(RegistrationRecord record, Callee callee, long replaced) implements Outcome {

      /** One that has replaced nobody. */
      public Settled(RegistrationRecord record, Callee callee) {
        this(record, callee, 0);
      }

      /** Whether the registration begins with this callee: no other one is the first ever. */
      public boolean isFirst() {
        return callee.ordinal() == 0;
      }
    }

    /** The record, as it is, does not admit the callee; the reason is fit for a client to read. */
    record Refused(RegistrationRecord record, String reason) implements Outcome {}
  }

  /**
   * A node is behind a subscription.
   *
   * @param isNew whether the subscription begins with that
   */
  public record Joined(SubscriptionRecord record, boolean isNew) {}

  /**
   * A node, or a callee, is not behind a record any more.
   *
   * @param wasThere whether this has taken it away; false where others had, or an answer was lost
   * @param isGone whether the record is gone, with whoever was the last behind it
   */
  public record Removal(boolean wasThere, boolean isGone) {}

  /** Puts the node behind the subscription; the record, and with it the ID, is made if need be. */
  public CompletionStage<Joined> addNode(Resource resource, NodeId node) {
    return change(
        subscriptions,
        resource,
        current -> {
          if (current == null) {
            return ids.next()
                .thenApply(id -> new SubscriptionRecord(id, clock.instant(), List.of(node)))
                .thenApply(fresh -> new Change<>(fresh, new Joined(fresh, true)));
          }
          SubscriptionRecord wanted = current.nodes().contains(node) ? current : current.with(node);
          return done(new Change<>(wanted, new Joined(wanted, false)));
        });
  }

  /** Takes the node away; a record without nodes is removed and its ID is never used again. */
  public CompletionStage<Removal> removeNode(Resource resource, NodeId node) {
    return change(
        subscriptions,
        resource,
        current -> {
          SubscriptionRecord rest = current == null ? null : current.without(node);
          boolean isGone = rest == null || rest.nodes().isEmpty();
          boolean wasThere = current != null && current.nodes().contains(node);
          return done(new Change<>(isGone ? null : rest, new Removal(wasThere, isGone)));
        });
  }

  /**
   * Asks for a place among the callees of the procedure (RPC-02, RPC-SHR-01 to 04). One that
   * replaces the others has a registration of its own from then on, with another ID.
   */
  public CompletionStage<Outcome> addCallee(
      Resource resource, InvocationPolicy policy, Callee callee) {
    return change(
        registrations,
        resource,
        current -> {
          if (current == null || (callee.replaces() && current.of(callee) == null)) {
            long replaced = current == null ? 0 : current.id();
            return ids.next()
                .thenApply(id -> RegistrationRecord.first(id, clock.instant(), policy, callee))
                .thenApply(fresh -> new Change<>(fresh, settled(fresh, callee, replaced)));
          }
          String refusal = current.refusal(policy, callee);
          if (refusal != null) {
            return done(new Change<>(current, new Outcome.Refused(current, refusal)));
          }
          RegistrationRecord wanted = current.with(callee);
          return done(new Change<>(wanted, settled(wanted, callee, 0)));
        });
  }

  private static Outcome settled(RegistrationRecord record, Callee callee, long replaced) {
    return new Outcome.Settled(record, Objects.requireNonNull(record.of(callee)), replaced);
  }

  /** Takes the callee away; a record without callees is removed (RPC-SHR-07). */
  public CompletionStage<Removal> removeCallee(Resource resource, Callee callee) {
    return change(
        registrations,
        resource,
        current -> {
          RegistrationRecord rest = current == null ? null : current.without(callee);
          boolean isGone = rest == null || rest.callees().isEmpty();
          boolean wasThere = current != null && current.of(callee) != null;
          return done(new Change<>(isGone ? null : rest, new Removal(wasThere, isGone)));
        });
  }

  // ---- whoever wants to know ----

  /** The subscription of the resource, as all nodes have it; null where there is none. */
  public CompletionStage<@Nullable SubscriptionRecord> subscription(Resource resource) {
    return subscriptions.get(resource);
  }

  /** The registration of the resource, likewise. */
  public CompletionStage<@Nullable RegistrationRecord> registration(Resource resource) {
    return registrations.get(resource);
  }

  /** Visits all subscriptions of all realms, as {@link RecordStore#forEach} does. */
  public CompletionStage<@Nullable Void> forEachSubscription(
      BiConsumer<Resource, SubscriptionRecord> visitor) {
    return subscriptions.forEach(visited(visitor));
  }

  /** Visits all registrations of all realms, likewise. */
  public CompletionStage<@Nullable Void> forEachRegistration(
      BiConsumer<Resource, RegistrationRecord> visitor) {
    return registrations.forEach(visited(visitor));
  }

  private static <V> BiFunction<Resource, V, CompletionStage<?>> visited(
      BiConsumer<Resource, V> visitor) {
    return (resource, record) -> {
      visitor.accept(resource, record);
      return CompletableFuture.completedFuture(null);
    };
  }

  // ---- after a loss ----

  /** Puts a node back behind a subscription that it has, under the ID that is known already. */
  public CompletionStage<@Nullable Void> restoreNode(Resource resource, long id, NodeId node) {
    return change(
        subscriptions,
        resource,
        current ->
            done(
                Change.to(
                    current == null
                        ? new SubscriptionRecord(id, clock.instant(), List.of(node))
                        : current.nodes().contains(node) ? current : current.with(node))));
  }

  /**
   * Puts a callee back to its place in the registration. Completes with false when another
   * registration of the procedure has taken its place meanwhile.
   */
  public CompletionStage<Boolean> restoreCallee(
      Resource resource, long id, InvocationPolicy policy, Callee callee) {
    return change(
        registrations,
        resource,
        current -> {
          if (current == null) {
            RegistrationRecord again =
                new RegistrationRecord(
                    id, clock.instant(), policy, callee.ordinal() + 1, List.of(callee));
            return done(new Change<>(again, true));
          } else if (current.id() != id) {
            return done(new Change<>(current, false));
          }
          return done(
              new Change<>(current.of(callee) == null ? current.withAgain(callee) : current, true));
        });
  }

  // ---- compare and set ----

  /**
   * What a wish makes of a record: the one that shall stand from now on, if any, and the answer.
   */
  private record Change<V, A extends @Nullable Object>(@Nullable V next, A answer) {

    @SuppressWarnings("NullAway") // Void has no value but null
    static <V> Change<V, @Nullable Void> to(@Nullable V next) {
      return new Change<>(next, null);
    }
  }

  /** A wish, put to the record as it is, and once more whenever another node was faster. */
  private static <V, A extends @Nullable Object> CompletionStage<A> change(
      RecordStore<Resource, V> store, Resource resource, Wish<V, A> wish) {
    return change(store, resource, wish, ATTEMPTS);
  }

  private static <V, A extends @Nullable Object> CompletionStage<A> change(
      RecordStore<Resource, V> store, Resource resource, Wish<V, A> wish, int attempts) {
    return store
        .get(resource)
        .thenCompose(
            current ->
                wish.of(current)
                    .thenCompose(
                        change ->
                            put(store, resource, current, change.next())
                                .thenCompose(
                                    inPlace ->
                                        inPlace
                                            ? done(change.answer())
                                            : again(store, resource, wish, attempts - 1))));
  }

  private static <V, A extends @Nullable Object> CompletionStage<A> again(
      RecordStore<Resource, V> store, Resource resource, Wish<V, A> wish, int attempts) {
    return attempts == 0
        ? CompletableFuture.failedFuture(
            new IllegalStateException(resource + " changes too often to be changed"))
        : change(store, resource, wish, attempts);
  }

  private static <V> CompletionStage<Boolean> put(
      RecordStore<Resource, V> store, Resource resource, @Nullable V current, @Nullable V next) {
    if (next == null) {
      return current == null ? done(true) : store.remove(resource, current);
    } else if (current == null) {
      return store.putIfAbsent(resource, next).thenApply(other -> other == null);
    } else if (next.equals(current)) {
      return done(true);
    }
    return store.replace(resource, current, next);
  }

  /** What somebody wants to make of a record. */
  private interface Wish<V, A extends @Nullable Object> {
    CompletionStage<Change<V, A>> of(@Nullable V current);
  }

  private static <T extends @Nullable Object> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
