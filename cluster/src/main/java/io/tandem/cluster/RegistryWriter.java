package io.tandem.cluster;

import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a node's part of the registry. Lanes ask it for subscriptions and
 * registrations; it settles them in the {@link SharedRecord}, then makes them visible through the
 * {@link RegistryLog}, and only then answers. Wishes about one resource are served one after the
 * other, in the order in which they came.
 *
 * <p>Call it from any thread: the work is done on its own executor, which must run one task at a
 * time, in order. Answers come on that executor too; the caller hops back to its lane.
 */
public final class RegistryWriter {

  private final NodeId self;
  private final SharedRecord record;
  private final RoutingTables tables;
  private final RegistryLog log;
  private final Executor executor;

  private final Map<Resource, NodeInterest> interests = new HashMap<>();
  private final Map<Resource, CompletableFuture<@Nullable Void>> busy = new HashMap<>();

  /** This node's interest in a resource. */
  private static final class NodeInterest {
    final long subscription;
    final long sequence;
    long lanes;

    NodeInterest(long subscription, long sequence) {
      this.subscription = subscription;
      this.sequence = sequence;
    }
  }

  public RegistryWriter(
      NodeId self,
      SharedRecord record,
      RoutingTables tables,
      RegistryLog.Feed feed,
      Executor executor) {
    this.self = self;
    this.record = record;
    this.tables = tables;
    this.log = new RegistryLog(self, tables, feed);
    this.executor = executor;
  }

  /** The log that this writer fills; for its executor only. */
  public RegistryLog log() {
    return log;
  }

  /**
   * A lane has its first subscriber of the resource. Completes with the subscription ID when no
   * publication made from then on, on any node that is not cut off, misses this lane.
   */
  public CompletionStage<Long> subscribe(Resource resource, int lane) {
    return serve(
        resource,
        () ->
            nodeInterest(resource)
                .thenApplyAsync(
                    interest -> {
                      interest.lanes |= 1L << lane;
                      tables.laneGained(resource, interest.subscription, lane);
                      return new Settled<>(interest.subscription, log.visible(interest.sequence));
                    },
                    executor));
  }

  private CompletionStage<NodeInterest> nodeInterest(Resource resource) {
    NodeInterest known = interests.get(resource);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return orUndone(record.addNode(resource, self), () -> record.removeNode(resource, self))
        .thenApplyAsync(
            settled -> {
              long sequence = log.append(new RegistryChange.InterestGained(resource, settled.id()));
              NodeInterest fresh = new NodeInterest(settled.id(), sequence);
              interests.put(resource, fresh);
              return fresh;
            },
            executor);
  }

  /** A lane has lost its last subscriber of the resource. */
  public CompletionStage<@Nullable Void> unsubscribe(Resource resource, int lane) {
    return serve(
        resource,
        () -> {
          NodeInterest interest = interests.get(resource);
          if (interest == null) {
            return CompletableFuture.completedFuture(Settled.NOTHING);
          }
          interest.lanes &= ~(1L << lane);
          tables.laneLost(resource, interest.subscription, lane);
          if (interest.lanes != 0) {
            return CompletableFuture.completedFuture(Settled.NOTHING);
          }
          interests.remove(resource);
          log.append(new RegistryChange.InterestLost(resource, interest.subscription));
          return record.removeNode(resource, self).thenApply(removed -> Settled.NOTHING);
        });
  }

  /**
   * A session wants to be a callee of the procedure. Completes when the record has refused it, or
   * when no call made from then on, on any node that is not cut off, misses it.
   */
  public CompletionStage<SharedRecord.Outcome> register(
      Resource resource, InvocationPolicy policy, Callee callee) {
    return serve(
        resource,
        () ->
            orUndone(
                    record.addCallee(resource, policy, callee),
                    () -> record.removeCallee(resource, callee))
                .thenApplyAsync(
                    outcome -> {
                      if (outcome instanceof SharedRecord.Outcome.Settled settled) {
                        long sequence =
                            log.append(
                                new RegistryChange.CalleeAdded(
                                    resource,
                                    settled.record().id(),
                                    policy,
                                    settled.record().newest()));
                        return new Settled<>(outcome, log.visible(sequence));
                      }
                      return Settled.of(outcome);
                    },
                    executor));
  }

  /** A callee leaves the procedure. Completes when the record knows it. */
  public CompletionStage<@Nullable Void> unregister(
      Resource resource, long registration, Callee callee) {
    return serve(
        resource,
        () -> {
          log.append(new RegistryChange.CalleeRemoved(resource, registration, callee));
          return record.removeCallee(resource, callee).thenApply(removed -> Settled.NOTHING);
        });
  }

  /** What a piece of work came to, and when the nodes can see it. */
  private record Settled<T extends @Nullable Object>(
      T answer, CompletionStage<@Nullable Void> visible) {

    @SuppressWarnings("NullAway") // Void has no value but null
    static final Settled<@Nullable Void> NOTHING = of(null);

    static <T extends @Nullable Object> Settled<T> of(T answer) {
      return new Settled<>(answer, CompletableFuture.completedFuture(null));
    }
  }

  /**
   * Starts the work when all earlier work on the resource is settled. Waiting for visibility does
   * not hold up the next piece of work; the answer waits for it.
   */
  private <T extends @Nullable Object> CompletionStage<T> serve(
      Resource resource, Supplier<CompletionStage<Settled<T>>> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    executor.execute(
        () -> {
          CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
          CompletableFuture<@Nullable Void> before = busy.put(resource, mine);
          // As a stage even where nothing is before it: what throws at once fails like the rest.
          (before == null ? CompletableFuture.<@Nullable Void>completedFuture(null) : before)
              .thenCompose(done -> work.get())
              .whenCompleteAsync(
                  (settled, failure) -> {
                    busy.remove(resource, mine);
                    if (failure == null) {
                      settled.visible().thenRun(() -> answer.complete(settled.answer()));
                    } else {
                      answer.completeExceptionally(failure);
                    }
                    mine.complete(null);
                  },
                  executor);
        });
    return answer;
  }

  /**
   * The change, and where it fails the attempt to undo it: a store that failed may have made it all
   * the same, and nobody would ever take back what nobody knows of.
   */
  private static <T> CompletionStage<T> orUndone(
      CompletionStage<T> change, Supplier<CompletionStage<@Nullable Void>> undo) {
    return change.exceptionallyCompose(
        failure ->
            undo.get()
                .handle(
                    (undone, further) -> {
                      if (further != null) {
                        failure.addSuppressed(further);
                      }
                      throw failure instanceof CompletionException known
                          ? known
                          : new CompletionException(failure);
                    }));
  }
}
