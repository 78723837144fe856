package io.tandem.registry.log;

import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.log.Wishes.Granted;
import io.tandem.registry.record.SharedRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a node's part of the registry. Lanes ask it for subscriptions and
 * registrations; it settles them in the {@link SharedRecords}, then makes them visible through the
 * {@link RegistryLog}, and only then answers. Sessions are served in turn ({@link Wishes}).
 *
 * <p>Call it from any thread: the work is done on its own executor, which must run one task at a
 * time, in order. Answers come on that executor too; the caller hops back to its lane.
 */
public final class RegistryWriter {

  /** How long a wish to register waits for the verdict on holders that are away. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How soon a wish that waits looks at the record again. */
  private static final Duration AGAIN = Duration.ofMillis(200);

  /** What the record did not take the first time is tried so often, this far apart. */
  private static final int ATTEMPTS = 5;

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(RegistryWriter.class);

  private static final int ASSERTED_AT_ONCE = 256;

  /** Who asks when it is no session. */
  private static final long ITSELF = 0;

  private final NodeId self;
  private final SharedRecords record;
  private final RoutingTables tables;
  private final RegistryLog log;
  private final Executor executor;
  private final Scheduler scheduler;
  private final Predicate<NodeId> away;

  private final Map<Resource, NodeInterest> interests = new HashMap<>();
  private final Wishes wishes;
  private final Replaced replaced;

  /** This node's interest in a resource. */
  private static final class NodeInterest {
    final long subscription;
    final long sequence;
    long lanes;

    NodeInterest(long subscription, long sequence, long lanes) {
      this.subscription = subscription;
      this.sequence = sequence;
      this.lanes = lanes;
    }
  }

  /**
   * @param log this node's log, filled by this writer alone
   * @param executor the writer's own, on which the scheduler's tasks run too
   * @param away whether a node cannot be reached or is on its way out, so that what it holds may
   *     soon be free
   */
  public RegistryWriter(
      SharedRecords record,
      RoutingTables tables,
      RegistryLog log,
      Executor executor,
      Scheduler scheduler,
      Predicate<NodeId> away) {
    this.self = tables.self();
    this.record = record;
    this.tables = tables;
    this.log = log;
    this.executor = executor;
    this.scheduler = scheduler;
    this.away = away;
    this.wishes = new Wishes(executor, scheduler);
    this.replaced = new Replaced(tables);
    tables.whenReplaced(this::replaced);
  }

  /** Where registrations of the lane's sessions are taken back from now on. */
  public void whenReplaced(int lane, Revoking revoking) {
    replaced.lane(lane, revoking);
  }

  /**
   * Others may have taken the place of callees of this node. Looked at behind what is under way for
   * the procedure: a callee that the record has replaced may not be announced yet.
   */
  private void replaced(Resource resource) {
    wishes.serve(
        ITSELF,
        resource,
        () ->
            replaced.concerns(resource)
                ? insisting(
                        () ->
                            record
                                .registration(resource)
                                .thenAcceptAsync(now -> replaced.revoke(resource, now), executor),
                        ATTEMPTS)
                    .thenApply(done -> Granted.NOTHING)
                : CompletableFuture.completedFuture(Granted.NOTHING));
  }

  /** Whether all that was ever announced is visible on every reachable node. Any thread. */
  public boolean isAcknowledgedByAll() {
    return log.isAcknowledgedByAll();
  }

  /**
   * A subscription, as whoever asked for it learns of it.
   *
   * @param created its record, where it began with this wish; null where others had it already
   */
  public record Subscribed(long id, @Nullable SubscriptionRecord created) {}

  /** The record that it writes, for whoever wants to look something up. Any thread. */
  public SharedRecords record() {
    return record;
  }

  /** Completes when the record knows all that was asked for before, or has failed to take it. */
  public CompletionStage<@Nullable Void> recorded() {
    return wishes.allDone();
  }

  /**
   * A lane has its first subscriber of the resource, or a further one while {@link
   * #isAcknowledgedByAll} says no. Completes with the subscription when no publication made from
   * then on, on any node that is not cut off, misses this lane.
   *
   * @param session whose turn it takes
   */
  public CompletionStage<Subscribed> subscribe(Resource resource, int lane, long session) {
    return wishes.serve(
        session,
        resource,
        () -> {
          NodeInterest known = interests.get(resource);
          if (known != null) {
            return CompletableFuture.completedFuture(gained(resource, known, lane));
          }
          return record
              .addNode(resource, self)
              .thenApplyAsync(joined -> begun(resource, joined, lane), executor);
        },
        () -> insisting(() -> record.removeNode(resource, self), ATTEMPTS).thenAccept(gone -> {}));
  }

  /** The tables come first: the entry may begin a snapshot, which counts it in (LogFeed). */
  private Granted<Subscribed> begun(Resource resource, SharedRecords.Joined joined, int lane) {
    tables.laneGained(resource, lane);
    long sequence = log.append(new RegistryChange.InterestGained(resource));
    SubscriptionRecord settled = joined.record();
    NodeInterest fresh = new NodeInterest(settled.id(), sequence, 1L << lane);
    interests.put(resource, fresh);
    return visible(fresh, joined.isNew() ? settled : null);
  }

  private Granted<Subscribed> gained(Resource resource, NodeInterest interest, int lane) {
    interest.lanes |= 1L << lane;
    tables.laneGained(resource, lane);
    return visible(interest, null);
  }

  private Granted<Subscribed> visible(NodeInterest interest, @Nullable SubscriptionRecord created) {
    return new Granted<>(
        new Subscribed(interest.subscription, created), log.visible(interest.sequence));
  }

  /**
   * A lane has lost its last subscriber of the resource. Completes with whether the subscription is
   * gone, this lane having been the last one of the cluster.
   *
   * @param session whose turn it takes
   */
  public CompletionStage<Boolean> unsubscribe(Resource resource, int lane, long session) {
    return wishes.serve(
        session,
        resource,
        () -> {
          NodeInterest interest = interests.get(resource);
          if (interest == null) {
            return CompletableFuture.completedFuture(Granted.of(false));
          }
          interest.lanes &= ~(1L << lane);
          tables.laneLost(resource, lane);
          if (interest.lanes != 0) {
            return CompletableFuture.completedFuture(Granted.of(false));
          }
          interests.remove(resource);
          log.append(new RegistryChange.InterestLost(resource));
          return insisting(() -> record.removeNode(resource, self), ATTEMPTS)
              .thenApply(removal -> Granted.of(removal.isGone()));
        });
  }

  /**
   * A session wants to be a callee of the procedure. Completes when the record has refused it, or
   * when no call made from then on, on any node that is not cut off, misses it. A refusal for the
   * sake of callees whose nodes are all away waits a while: they may be gone for good.
   */
  public CompletionStage<SharedRecords.Outcome> register(
      Resource resource, InvocationPolicy policy, Callee callee) {
    long deadline = scheduler.nanoTime() + PATIENCE.toNanos();
    return wishes.serve(
        callee.session(),
        resource,
        () ->
            admitted(resource, policy, callee, deadline)
                .thenApplyAsync(outcome -> announced(resource, policy, outcome), executor),
        // What the session holds already is not undone with a further wish for the same.
        () ->
            isAnnounced(resource, callee)
                ? CompletableFuture.completedFuture(null)
                : insisting(() -> record.removeCallee(resource, callee), ATTEMPTS)
                    .thenAccept(gone -> {}));
  }

  private CompletionStage<SharedRecords.Outcome> admitted(
      Resource resource, InvocationPolicy policy, Callee callee, long deadline) {
    return record
        .addCallee(resource, policy, callee)
        .thenComposeAsync(
            outcome -> {
              if (!(outcome instanceof SharedRecords.Outcome.Refused refused)) {
                return CompletableFuture.completedFuture(outcome);
              }
              Callee forgotten = forgotten(resource, policy, callee, refused.record());
              if (forgotten != null) {
                return CompletableFuture.completedFuture(
                    new SharedRecords.Outcome.Settled(refused.record(), forgotten));
              }
              boolean mayGo =
                  refused.record().callees().stream().allMatch(other -> away.test(other.node()));
              return mayGo && scheduler.nanoTime() - deadline < 0
                  ? wishes.after(AGAIN, () -> admitted(resource, policy, callee, deadline))
                  : CompletableFuture.completedFuture(outcome);
            },
            executor);
  }

  /**
   * The callee that an earlier wish of the same session has left in the record without its outcome
   * being known, or null.
   */
  private @Nullable Callee forgotten(
      Resource resource, InvocationPolicy policy, Callee callee, RegistrationRecord found) {
    return isAnnounced(resource, callee) || found.policy() != policy ? null : found.of(callee);
  }

  private boolean isAnnounced(Resource resource, Callee callee) {
    RealmRegistry table = tables.known(resource.realm());
    return table != null && table.hasCallee(resource.match(), resource.uri(), callee);
  }

  private Granted<SharedRecords.Outcome> announced(
      Resource resource, InvocationPolicy policy, SharedRecords.Outcome outcome) {
    if (outcome instanceof SharedRecords.Outcome.Settled settled) {
      long sequence =
          log.append(
              new RegistryChange.CalleeAdded(
                  resource, settled.record().id(), policy, settled.callee()));
      return new Granted<>(outcome, log.visible(sequence));
    }
    return Granted.of(outcome);
  }

  /**
   * A callee leaves the procedure. Completes when the record knows it, so that another may register
   * in its place, and every reachable node; with whether the registration is gone with it.
   */
  public CompletionStage<Boolean> unregister(Resource resource, long registration, Callee callee) {
    return wishes.serve(
        callee.session(),
        resource,
        () -> {
          long sequence =
              log.append(new RegistryChange.CalleeRemoved(resource, registration, callee));
          return insisting(() -> record.removeCallee(resource, callee), ATTEMPTS)
              .thenApplyAsync(
                  removal -> new Granted<>(removal.isGone(), log.visible(sequence)), executor);
        });
  }

  // ---- after a loss ----

  /**
   * The record has lost parts, more members having died at once than it has copies: puts back what
   * this node has in its tables. Any thread; completes when that is done.
   */
  public CompletionStage<@Nullable Void> assertAgain() {
    return CompletableFuture.supplyAsync(this::assertions, executor)
        .thenComposeAsync(this::assertInTurn, executor);
  }

  private Iterator<Supplier<CompletionStage<?>>> assertions() {
    List<Supplier<CompletionStage<?>>> all = new ArrayList<>();
    for (Resource resource : interests.keySet()) {
      all.add(() -> wishes.serve(ITSELF, resource, () -> restoreInterest(resource)));
    }
    tables
        .slice(self)
        .forEachRemaining(
            change -> {
              if (change instanceof RegistryChange.CalleeAdded added) {
                all.add(() -> wishes.serve(ITSELF, added.resource(), () -> restoreCallee(added)));
              }
            });
    LOG.warn("the shared record has lost parts; this node puts back its {}", all.size());
    return all.iterator();
  }

  private CompletionStage<Granted<@Nullable Void>> restoreInterest(Resource resource) {
    NodeInterest interest = interests.get(resource);
    return interest == null
        ? CompletableFuture.completedFuture(Granted.NOTHING)
        : record
            .restoreNode(resource, interest.subscription, self)
            .thenApply(done -> Granted.NOTHING);
  }

  private CompletionStage<Granted<@Nullable Void>> restoreCallee(RegistryChange.CalleeAdded added) {
    Resource resource = added.resource();
    if (!isAnnounced(resource, added.callee())) {
      return CompletableFuture.completedFuture(Granted.NOTHING);
    }
    return record
        .restoreCallee(resource, added.registration(), added.policy(), added.callee())
        .thenApply(
            restored -> {
              if (!restored) {
                LOG.warn("{} was registered anew while its record was lost", resource);
              }
              return Granted.NOTHING;
            });
  }

  /** So many at a time: the store bounds what waits in it. */
  private CompletionStage<@Nullable Void> assertInTurn(
      Iterator<Supplier<CompletionStage<?>>> rest) {
    List<CompletableFuture<?>> some = new ArrayList<>();
    while (rest.hasNext() && some.size() < ASSERTED_AT_ONCE) {
      some.add(rest.next().get().toCompletableFuture());
    }
    return some.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.allOf(some.toArray(CompletableFuture<?>[]::new))
            .exceptionally(
                failure -> {
                  LOG.warn(
                      "some parts could not be put back into the shared record: {}",
                      failure.toString());
                  return null;
                })
            .thenComposeAsync(done -> assertInTurn(rest), executor);
  }

  /** The change, tried again where the record failed: a name left in it would be in the way. */
  private <T> CompletionStage<T> insisting(Supplier<CompletionStage<T>> change, int attempts) {
    return change
        .get()
        .exceptionallyCompose(
            failure ->
                attempts == 1
                    ? CompletableFuture.failedFuture(failure)
                    : wishes.after(BETWEEN_ATTEMPTS, () -> insisting(change, attempts - 1)));
  }
}
