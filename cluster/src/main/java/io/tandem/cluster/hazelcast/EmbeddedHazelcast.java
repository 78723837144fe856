package io.tandem.cluster.hazelcast;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.tandem.cluster.Membership;
import io.tandem.cluster.RouterIds;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

  /** A thread for each task: they are few, and none may wait for another. */
  private static final Executor BLOCKING = task -> daemon(task, "tandem-hazelcast").start();

  private final HazelcastInstance hazelcast;
  private final ExecutorService teller;
  private final HazelcastMembership membership;
  private final HazelcastRecordStore<Resource, SubscriptionRecord> subscriptions;
  private final HazelcastRecordStore<Resource, RegistrationRecord> registrations;
  private final RouterIds routerIds;
  private final HazelcastSessionIds sessionIds;

  private EmbeddedHazelcast(HazelcastInstance hazelcast, HazelcastSettings settings) {
    this.hazelcast = hazelcast;
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
    sessionIds =
        new HazelcastSessionIds(
            settings.node(),
            store(HazelcastConfiguration.SESSIONS, KeyFormat.ID, ValueFormat.NODE, timeout));
  }

  /**
   * Starts a member and lets it join those it finds. Fails when the port is taken and when the
   * cluster refuses the member; finding nobody is no failure.
   */
  public static CompletionStage<EmbeddedHazelcast> start(HazelcastSettings settings) {
    return CompletableFuture.supplyAsync(
        () ->
            new EmbeddedHazelcast(
                Hazelcast.newHazelcastInstance(HazelcastConfiguration.of(settings)), settings),
        BLOCKING);
  }

  /** Hands over what this member holds for the cluster, and leaves it. Bounded by 30 s. */
  public CompletionStage<@Nullable Void> stop() {
    return CompletableFuture.runAsync(
        () -> end(hazelcast.getLifecycleService()::shutdown), BLOCKING);
  }

  /** Ends at once and without a word, as a crash does. */
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

  public HazelcastRecordStore<Resource, SubscriptionRecord> subscriptions() {
    return subscriptions;
  }

  public HazelcastRecordStore<Resource, RegistrationRecord> registrations() {
    return registrations;
  }

  public RouterIds routerIds() {
    return routerIds;
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
