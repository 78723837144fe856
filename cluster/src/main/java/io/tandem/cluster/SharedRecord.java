package io.tandem.cluster;

import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The record of every subscription and registration that the nodes share. It decides what needs one
 * answer in the whole cluster (the ID, who may register, the order of callees), by compare-and-set
 * on a {@link RecordStore}, and remembers it. Any thread; no state of its own.
 */
public final class SharedRecord {

  private final RecordStore<Resource, SubscriptionRecord> subscriptions;
  private final RecordStore<Resource, RegistrationRecord> registrations;
  private final RouterIds ids;
  private final InstantSource clock;

  public SharedRecord(
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
  public static SharedRecord local() {
    return new SharedRecord(
        new LocalRecordStore<>(),
        new LocalRecordStore<>(),
        new LocalRouterIds(),
        InstantSource.system());
  }

  /** What became of a wish to register. */
  public sealed interface Outcome {
    /** The callee is in the record, as its newest. */
    record Settled(RegistrationRecord record) implements Outcome {}

    /** The record does not admit the callee; the reason is fit for a client to read. */
    record Refused(String reason) implements Outcome {}
  }

  /** Puts the node behind the subscription; the record, and with it the ID, is made if need be. */
  public CompletionStage<SubscriptionRecord> addNode(Resource resource, NodeId node) {
    return subscriptions
        .get(resource)
        .thenCompose(
            current -> current == null ? firstNode(resource, node) : with(resource, current, node));
  }

  private CompletionStage<SubscriptionRecord> firstNode(Resource resource, NodeId node) {
    return ids.next()
        .thenCompose(
            id -> {
              SubscriptionRecord fresh =
                  new SubscriptionRecord(id, clock.instant(), java.util.List.of(node));
              return subscriptions
                  .putIfAbsent(resource, fresh)
                  .thenCompose(other -> other == null ? done(fresh) : with(resource, other, node));
            });
  }

  private CompletionStage<SubscriptionRecord> with(
      Resource resource, SubscriptionRecord current, NodeId node) {
    if (current.nodes().contains(node)) {
      return done(current);
    }
    SubscriptionRecord wanted = current.with(node);
    return subscriptions
        .replace(resource, current, wanted)
        .thenCompose(replaced -> replaced ? done(wanted) : addNode(resource, node));
  }

  /** Takes the node away; a record without nodes is removed and its ID is never used again. */
  public CompletionStage<@Nullable Void> removeNode(Resource resource, NodeId node) {
    return subscriptions
        .get(resource)
        .thenCompose(
            current -> {
              if (current == null || !current.nodes().contains(node)) {
                return nothing();
              }
              SubscriptionRecord rest = current.without(node);
              CompletionStage<Boolean> changed =
                  rest.nodes().isEmpty()
                      ? subscriptions.remove(resource, current)
                      : subscriptions.replace(resource, current, rest);
              return changed.thenCompose(
                  success -> success ? nothing() : removeNode(resource, node));
            });
  }

  /** Asks for a place among the callees of the procedure (RPC-02, RPC-SHR-01 to 04). */
  public CompletionStage<Outcome> addCallee(
      Resource resource, InvocationPolicy policy, Callee callee) {
    return registrations
        .get(resource)
        .thenCompose(
            current ->
                current == null
                    ? firstCallee(resource, policy, callee)
                    : join(resource, current, policy, callee));
  }

  private CompletionStage<Outcome> firstCallee(
      Resource resource, InvocationPolicy policy, Callee callee) {
    return ids.next()
        .thenCompose(
            id -> {
              RegistrationRecord fresh =
                  RegistrationRecord.first(id, clock.instant(), policy, callee);
              return registrations
                  .putIfAbsent(resource, fresh)
                  .thenCompose(
                      other ->
                          other == null
                              ? done(new Outcome.Settled(fresh))
                              : join(resource, other, policy, callee));
            });
  }

  private CompletionStage<Outcome> join(
      Resource resource, RegistrationRecord current, InvocationPolicy policy, Callee callee) {
    String refusal = current.refusal(policy, callee);
    if (refusal != null) {
      return done(new Outcome.Refused(refusal));
    }
    RegistrationRecord wanted = current.with(callee);
    return registrations
        .replace(resource, current, wanted)
        .thenCompose(
            replaced ->
                replaced ? done(new Outcome.Settled(wanted)) : addCallee(resource, policy, callee));
  }

  /** Takes the callee away; a record without callees is removed (RPC-SHR-07). */
  public CompletionStage<@Nullable Void> removeCallee(Resource resource, Callee callee) {
    return registrations
        .get(resource)
        .thenCompose(
            current -> {
              if (current == null || current.callees().stream().noneMatch(callee::sameSession)) {
                return nothing();
              }
              RegistrationRecord rest = current.without(callee);
              CompletionStage<Boolean> changed =
                  rest.callees().isEmpty()
                      ? registrations.remove(resource, current)
                      : registrations.replace(resource, current, rest);
              return changed.thenCompose(
                  success -> success ? nothing() : removeCallee(resource, callee));
            });
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static CompletionStage<@Nullable Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }
}
