package io.tandem.registry.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.PartitionLostListener;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.logins.RememberedLogins;
import io.tandem.registry.record.Freed;
import io.tandem.registry.record.RouterIds;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.SessionDirectory;
import io.tandem.registry.testaments.Wills;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a cluster share of the registry, in maps of Hazelcast: subscriptions,
 * registrations, sessions, wills, IDs, logins, publications. Any thread; never blocks.
 */
public final class HazelcastRegistry {

  private static final String SUBSCRIPTIONS = "tandem.subscriptions";
  private static final String REGISTRATIONS = "tandem.registrations";
  private static final String SESSIONS = "tandem.sessions";
  private static final String COUNTERS = "tandem.counters";
  private static final String WILLS = "tandem.wills";
  private static final String LOGINS = "tandem.logins";
  private static final String KEPT = "tandem.kept";
  private static final String REALMS = "tandem.realms";

  /** Copies of a record besides the owner's. */
  private static final int BACKUPS = 1;

  /**
   * Copies of the counters besides the owner's, the most there can be: records can be asserted
   * again by their nodes after a loss, but a lost counter would give IDs twice.
   */
  private static final int COUNTER_BACKUPS = 6;

  private static final CompletionStage<@Nullable Void> NOTHING =
      CompletableFuture.completedFuture(null);

  private final Histogram operations = Histogram.ofTimes();

  /** By their names; filled by the constructor. */
  private final Map<String, HazelcastOctetMap> maps = new LinkedHashMap<>();

  private final HazelcastRecordStore<Resource, SubscriptionRecord> subscriptions;
  private final HazelcastRecordStore<Resource, RegistrationRecord> registrations;
  private final RouterIds routerIds;
  private final SharedRecords record;
  private final HazelcastSessionDirectory sessions;
  private final HazelcastWills wills;
  private final HazelcastRememberedLogins logins;
  private final HazelcastKeptRecord kept;

  /**
   * @param hazelcast a member that was started with {@link #configure}
   * @param self this life of this node
   * @param timeout how long an operation may take
   * @param blocking runs tasks that block, none of which may wait for another
   */
  public HazelcastRegistry(
      HazelcastInstance hazelcast, NodeId self, Duration timeout, Executor blocking) {
    subscriptions =
        store(
            hazelcast,
            SUBSCRIPTIONS,
            KeyFormat.RESOURCE,
            new SubscriptionFormat(),
            timeout,
            blocking);
    registrations =
        store(
            hazelcast,
            REGISTRATIONS,
            KeyFormat.RESOURCE,
            new RegistrationFormat(),
            timeout,
            blocking);
    routerIds =
        new HazelcastRouterIds(
            store(hazelcast, COUNTERS, KeyFormat.NAME, ValueFormat.NUMBER, timeout, blocking));
    record = new SharedRecords(subscriptions, registrations, routerIds, InstantSource.system());
    sessions =
        new HazelcastSessionDirectory(
            self,
            store(hazelcast, SESSIONS, KeyFormat.ID, new SessionFormat(), timeout, blocking),
            hazelcast.getLifecycleService()::isRunning);
    wills =
        new HazelcastWills(
            self,
            store(hazelcast, WILLS, KeyFormat.ID, new WillFormat(), timeout, blocking),
            hazelcast.getLifecycleService()::isRunning);
    logins = new HazelcastRememberedLogins(map(hazelcast, LOGINS), timeout, InstantSource.system());
    kept =
        new HazelcastKeptRecord(
            map(hazelcast, KEPT),
            map(hazelcast, REALMS),
            timeout,
            blocking,
            hazelcast.getLifecycleService()::isRunning);
  }

  private <K, V> HazelcastRecordStore<K, V> store(
      HazelcastInstance hazelcast,
      String name,
      KeyFormat<K> keys,
      ValueFormat<V> values,
      Duration timeout,
      Executor blocking) {
    return new HazelcastRecordStore<>(map(hazelcast, name), keys, values, timeout, blocking);
  }

  private HazelcastOctetMap map(HazelcastInstance hazelcast, String name) {
    HazelcastOctetMap map = new HazelcastOctetMap(hazelcast, name, operations);
    maps.put(name.substring(name.indexOf('.') + 1), map);
    return map;
  }

  /**
   * How much there is of something.
   *
   * @param octets of heap, roughly
   */
  public record Size(long entries, long octets) {}

  /**
   * How much of each map, by its name, belongs to this member. Any thread; looks at every
   * partition, so not on an event loop.
   */
  public Map<String, Size> ownShare() {
    Map<String, Size> share = new LinkedHashMap<>();
    maps.forEach((name, map) -> share.put(name, map.ownSize()));
    return share;
  }

  /** How long operations of the maps take, in nanoseconds. */
  public Histogram operations() {
    return operations;
  }

  /**
   * Tells a member that is to be started about the maps.
   *
   * @param onLoss is run, on any thread, for each part of the record that may be lost: its owner
   *     and its backup have died at once. It is made known here and not to the running member,
   *     which would wait until all members of the cluster had heard of it.
   */
  public static void configure(Config config, Runnable onLoss) {
    PartitionLostListener losses =
        event -> {
          if (event.getLostBackupCount() >= BACKUPS) {
            onLoss.run();
          }
        };
    config.addListenerConfig(new ListenerConfig(losses));
    config.addMapConfig(map("tandem.*").setBackupCount(BACKUPS));
    config.addMapConfig(map(COUNTERS).setBackupCount(COUNTER_BACKUPS));
    config.addMapConfig(bounded(LOGINS, RememberedLogins.MOST));
  }

  /** A map of so many entries of each member: who was not asked for in the longest time goes. */
  static MapConfig bounded(String name, int most) {
    return map(name)
        .setBackupCount(BACKUPS)
        .setEvictionConfig(
            new EvictionConfig()
                .setEvictionPolicy(EvictionPolicy.LRU)
                .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                .setSize(most));
  }

  private static MapConfig map(String name) {
    return new MapConfig(name)
        .setInMemoryFormat(InMemoryFormat.BINARY)
        .setStatisticsEnabled(false)
        .setMergePolicyConfig(discard());
  }

  /** The losing side of a partition starts over; what it wrote must not come back by itself. */
  private static MergePolicyConfig discard() {
    return new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName());
  }

  /** The record of subscriptions and registrations that the members share. */
  public SharedRecords record() {
    return record;
  }

  RouterIds routerIds() {
    return routerIds;
  }

  /** The sessions of the cluster. */
  public SessionDirectory sessions() {
    return sessions;
  }

  /** The wills of sessions. */
  public Wills wills() {
    return wills;
  }

  /** The logins that the cluster remembers. */
  public RememberedLogins logins() {
    return logins;
  }

  /** The publications that the cluster keeps. */
  public KeptRecord kept() {
    return kept;
  }

  /** Parts of the record may be lost: writes again what this node has of sessions. */
  public void assertSessions() {
    sessions.assertAgain();
    wills.assertAgain();
  }

  /**
   * Takes everything that lives of nodes hold which are over out of what the members share: their
   * subscriptions and registrations, for which others wait, then wills, then sessions. Reads all of
   * it; may be repeated.
   *
   * @param isOver whether a life is; asked on any thread
   * @param told is told, on any thread, of each of them that is over by this, as no other node is;
   *     what it begins by that is waited for
   */
  public CompletionStage<@Nullable Void> free(
      Predicate<NodeId> isOver, Function<? super Freed, CompletionStage<?>> told) {
    return subscriptions
        .forEach(
            (resource, found) ->
                inTurn(
                    found.nodes().stream().filter(isOver).toList(),
                    node ->
                        record
                            .removeNode(resource, node)
                            .thenCompose(
                                removal ->
                                    removal.wasThere() && removal.isGone()
                                        ? tell(told, new Freed.Subscription(resource, found.id()))
                                        : NOTHING)))
        .thenCompose(
            done ->
                registrations.forEach(
                    (resource, found) ->
                        inTurn(
                            found.callees().stream()
                                .filter(callee -> isOver.test(callee.node()))
                                .toList(),
                            callee -> free(resource, found.id(), callee, told))))
        .thenCompose(done -> wills.free(isOver, will -> told.apply(new Freed.Inheritance(will))))
        .thenCompose(
            done -> sessions.free(isOver, session -> told.apply(new Freed.Session(session))));
  }

  private CompletionStage<@Nullable Void> free(
      Resource resource,
      long registration,
      Callee callee,
      Function<? super Freed, CompletionStage<?>> told) {
    return record
        .removeCallee(resource, callee)
        .thenCompose(
            removal ->
                removal.wasThere()
                    ? tell(
                        told,
                        new Freed.Callee(
                            resource, registration, callee.session(), removal.isGone()))
                    : NOTHING);
  }

  private static CompletionStage<@Nullable Void> tell(
      Function<? super Freed, CompletionStage<?>> told, Freed freed) {
    return told.apply(freed).handle((done, failure) -> null);
  }

  /** Each when the one before is done: who is the last has to be told last. */
  private static <T> CompletionStage<@Nullable Void> inTurn(
      List<T> all, Function<T, CompletionStage<@Nullable Void>> change) {
    CompletionStage<@Nullable Void> done = NOTHING;
    for (T each : all) {
      done = done.thenCompose(before -> change.apply(each));
    }
    return done;
  }
}
