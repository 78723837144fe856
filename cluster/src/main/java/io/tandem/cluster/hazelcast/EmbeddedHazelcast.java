package io.tandem.cluster.hazelcast;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.partition.PartitionLostEvent;
import com.hazelcast.partition.PartitionLostListener;
import io.tandem.cluster.Membership;
import io.tandem.cluster.RouterIds;
import io.tandem.cluster.SharedRecord;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's member of the Hazelcast cluster, for one incarnation of the node, and the ports of
 * the cluster that live in it. Starting and stopping block for seconds and have threads of their
 * own; everything else may be used from any thread and never blocks.
 *
 * <p>On two processors or fewer {@code java.util.concurrent.ForkJoinPool.common.parallelism} must
 * be set to 2 or more before, or Hazelcast starts a thread for every answer.
 */
public final class EmbeddedHazelcast {

  /**
   * How long an operation on the shared record may take. Longer than a frozen member needs to be
   * evicted and its keys to be taken over: then the operation succeeds late and does not fail.
   */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /** After the cluster could not give this member a share of the record. */
  private static final Duration SHARE_AGAIN = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedHazelcast.class);

  static {
    // Some of it logs before it has read its configuration.
    System.setProperty("hazelcast.logging.type", "slf4j");
  }

  /** A thread for each task: they are few, and none may wait for another. */
  private static final Executor BLOCKING = task -> daemon(task, "tandem-hazelcast").start();

  private final HazelcastInstance hazelcast;
  private final ExecutorService teller;
  private final HazelcastMembership membership;
  private final HazelcastRecordStore<Resource, SubscriptionRecord> subscriptions;
  private final HazelcastRecordStore<Resource, RegistrationRecord> registrations;
  private final RouterIds routerIds;
  private final SharedRecord record;
  private final HazelcastSessionIds sessionIds;
  private final Losses losses;

  private EmbeddedHazelcast(
      HazelcastInstance hazelcast, HazelcastSettings settings, Losses losses) {
    this.hazelcast = hazelcast;
    this.losses = losses;
    teller =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "tandem-membership"),
            new ThreadPoolExecutor.DiscardPolicy());
    membership =
        HazelcastMembership.of(
            hazelcast,
            teller,
            new Membership.Member(settings.node(), settings.host(), settings.port()));
    Duration timeout = settings.evictAfter().plus(MARGIN);
    subscriptions =
        store(
            HazelcastConfiguration.SUBSCRIPTIONS,
            KeyFormat.RESOURCE,
            new SubscriptionFormat(),
            timeout);
    registrations =
        store(
            HazelcastConfiguration.REGISTRATIONS,
            KeyFormat.RESOURCE,
            new RegistrationFormat(),
            timeout);
    routerIds =
        new HazelcastRouterIds(
            store(HazelcastConfiguration.COUNTERS, KeyFormat.NAME, ValueFormat.NUMBER, timeout));
    record = new SharedRecord(subscriptions, registrations, routerIds, InstantSource.system());
    sessionIds =
        new HazelcastSessionIds(
            settings.node(),
            store(HazelcastConfiguration.SESSIONS, KeyFormat.ID, ValueFormat.NODE, timeout));
  }

  /**
   * Starts a member and lets it join those it finds. Fails when the port is taken and when the
   * cluster refuses the member; finding nobody is no failure. It keeps nothing of the record before
   * {@link #takeShare}.
   */
  public static CompletionStage<EmbeddedHazelcast> start(HazelcastSettings settings) {
    Losses losses = new Losses();
    return CompletableFuture.supplyAsync(
        () ->
            new EmbeddedHazelcast(
                Hazelcast.newHazelcastInstance(HazelcastConfiguration.of(settings, losses)),
                settings,
                losses),
        BLOCKING);
  }

  /**
   * Takes a share of the record, with copies of what others keep. A member that some of the others
   * cannot reach must not: they would ask for keys in vain that came to it. Fails when this member
   * ends; other failures pass with the oldest member that was asked.
   */
  public CompletionStage<@Nullable Void> takeShare() {
    return CompletableFuture.runAsync(this::promote, BLOCKING);
  }

  private void promote() {
    String told = "";
    while (hazelcast.getCluster().getLocalMember().isLiteMember()) {
      try {
        hazelcast.getCluster().promoteLocalLiteMember();
      } catch (HazelcastInstanceNotActiveException over) {
        throw over;
      } catch (RuntimeException e) {
        if (!e.toString().equals(told)) { // once, not at each attempt
          told = e.toString();
          LOG.info("the cluster gives this node no share of the record yet: {}", told);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(SHARE_AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Hands over what this member holds for the cluster, and leaves it. Bounded by 30 s. */
  public CompletionStage<@Nullable Void> stop() {
    return CompletableFuture.runAsync(
        () -> end(hazelcast.getLifecycleService()::shutdown), BLOCKING);
  }

  /** Ends at once and without a word, as a crash does: for a member that was evicted. */
  public CompletionStage<@Nullable Void> abandon() {
    return CompletableFuture.runAsync(this::kill, BLOCKING);
  }

  void kill() {
    end(hazelcast.getLifecycleService()::terminate);
  }

  private void end(Runnable way) {
    membership.leave();
    way.run();
    teller.shutdown();
  }

  public Membership membership() {
    return membership;
  }

  RouterIds routerIds() {
    return routerIds;
  }

  /** The record of subscriptions and registrations that the members share. */
  public SharedRecord record() {
    return record;
  }

  /**
   * Takes everything that lives of nodes hold which are over out of what the members share: their
   * subscriptions, registrations and session IDs. Reads all of it; may be repeated.
   *
   * @param isOver whether a life is; asked on any thread
   */
  public CompletionStage<@Nullable Void> free(Predicate<NodeId> isOver) {
    return subscriptions
        .forEach(
            (resource, found) ->
                all(
                    found.nodes().stream()
                        .filter(isOver)
                        .map(node -> record.removeNode(resource, node))))
        .thenCompose(
            done ->
                registrations.forEach(
                    (resource, found) ->
                        all(
                            found.callees().stream()
                                .filter(callee -> isOver.test(callee.node()))
                                .map(callee -> record.removeCallee(resource, callee)))))
        .thenCompose(done -> sessionIds.free(isOver));
  }

  private static CompletionStage<?> all(Stream<? extends CompletionStage<?>> changes) {
    return CompletableFuture.allOf(
        changes.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
  }

  /**
   * Runs the task, on any thread, whenever entries may be lost: an owner and its backup have died
   * at once.
   */
  public void onLoss(Runnable task) {
    losses.tasks.add(task);
  }

  /** Knows who wants to hear of lost entries, from before the member starts. */
  private static final class Losses implements PartitionLostListener {

    private final List<Runnable> tasks = new CopyOnWriteArrayList<>();

    @Override
    public void partitionLost(PartitionLostEvent event) {
      if (event.getLostBackupCount() >= HazelcastConfiguration.BACKUPS) {
        tasks.forEach(Runnable::run);
      }
    }
  }

  public HazelcastSessionIds sessionIds() {
    return sessionIds;
  }

  /** The instance itself. */
  HazelcastInstance instance() {
    return hazelcast;
  }

  private <K, V> HazelcastRecordStore<K, V> store(
      String name, KeyFormat<K> keys, ValueFormat<V> values, Duration timeout) {
    return new HazelcastRecordStore<>(
        new HazelcastOctetMap(hazelcast, name), keys, values, timeout, BLOCKING);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
