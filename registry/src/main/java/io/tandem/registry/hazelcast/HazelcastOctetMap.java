package io.tandem.registry.hazelcast;

import com.hazelcast.cluster.memberselector.MemberSelectors;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.MapServiceContext;
import com.hazelcast.map.impl.operation.MapOperation;
import com.hazelcast.map.impl.operation.MapOperationProvider;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.query.Predicates;
import com.hazelcast.spi.impl.NodeEngine;
import io.tandem.registry.Histogram;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A map of a Hazelcast cluster, with a compare-and-set that does not block: {@code IMap} offers it
 * to blocking callers only. So this class sends the map's own operations itself, and it is the one
 * place that uses Hazelcast's internals.
 */
final class HazelcastOctetMap implements OctetMap {

  private static final long NEVER = -1;

  private static final String OVER = "this member starts over";

  /** What may be repeated is, by Hazelcast itself, until its time is over. */
  private static final int OFTEN = Integer.MAX_VALUE;

  /** The longest pause before: a key that moves to another member is there soon. */
  private static final long PAUSE_MILLIS = 50;

  private static final int OWNER = 0;
  private static final int FIRST_COPY = 1;

  /** A change is not: who asked for it must look first whether it was made. */
  private static final int ONCE = 1;

  private final String name;
  private final Histogram times;
  private final IMap<byte[], byte[]> map;
  private final NodeEngine engine;
  private final SerializationService serialization;
  private final MapServiceContext context;
  private final MapOperationProvider operations;
  private final Window[] windows;

  /**
   * The member is about to join the winning side of a partition. It is the same member to Hazelcast
   * and another life to us: what this one began must not reach the other side's map.
   */
  private volatile boolean startsOver;

  /**
   * @param times gets how long each operation takes, in nanoseconds
   */
  HazelcastOctetMap(HazelcastInstance hazelcast, String name, Histogram times) {
    this.name = name;
    this.times = times;
    this.map = hazelcast.getMap(name);
    MapProxyImpl<byte[], byte[]> proxy = (MapProxyImpl<byte[], byte[]>) map;
    MapService service = proxy.getService();
    engine = proxy.getNodeEngine();
    serialization = engine.getSerializationService();
    context = service.getMapServiceContext();
    operations = context.getMapOperationProvider(name);
    windows = new Window[engine.getPartitionService().getPartitionCount()];
    for (int partition = 0; partition < windows.length; partition++) {
      windows[partition] = new Window();
    }
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleEvent.LifecycleState.MERGING) {
                startsOver = true;
              }
            });
  }

  @Override
  public CompletionStage<byte @Nullable []> get(byte[] key, Deadline deadline) {
    Data keyData = data(key);
    return invoke(keyData, operations.createGetOperation(name, keyData), OFTEN, deadline);
  }

  @Override
  public CompletionStage<byte @Nullable []> copy(byte[] key, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData, operations.createGetOperation(name, keyData), FIRST_COPY, ONCE, deadline);
  }

  @Override
  public boolean hasCopies() {
    return engine.getClusterService().getSize(MemberSelectors.DATA_MEMBER_SELECTOR) > 1;
  }

  @Override
  public CompletionStage<byte @Nullable []> putIfAbsent(
      byte[] key, byte[] value, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData,
        operations.createPutIfAbsentOperation(name, keyData, data(value), NEVER, NEVER),
        ONCE,
        deadline);
  }

  @Override
  public CompletionStage<Boolean> replace(
      byte[] key, byte[] expected, byte[] value, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData,
        operations.createReplaceIfSameOperation(name, keyData, data(expected), data(value)),
        ONCE,
        deadline);
  }

  @Override
  public CompletionStage<Boolean> remove(byte[] key, byte[] expected, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData,
        operations.createRemoveIfSameOperation(name, keyData, data(expected)),
        ONCE,
        deadline);
  }

  @Override
  public CompletionStage<?> set(
      byte[] key, byte[] value, @Nullable Duration forHowLong, Deadline deadline) {
    Data keyData = data(key);
    long millis =
        forHowLong == null
            ? NEVER
            : TimeUnit.SECONDS.toMillis(forHowLong.plusNanos(999_999_999).toSeconds());
    return invoke(
        keyData,
        operations.createSetOperation(name, keyData, data(value), millis, NEVER),
        OFTEN,
        deadline);
  }

  @Override
  public CompletionStage<?> delete(byte[] key, Deadline deadline) {
    Data keyData = data(key);
    return invoke(keyData, operations.createDeleteOperation(name, keyData, false), OFTEN, deadline);
  }

  @Override
  public int partitions() {
    return windows.length;
  }

  @Override
  public Set<Map.Entry<byte[], byte[]>> read(int from, int to) {
    return map.entrySet(
        Predicates.multiPartitionPredicate(keysIn(from, to), Predicates.alwaysTrue()));
  }

  @Override
  public Collection<byte[]> keys(int from, int to) {
    return map.keySet(
        Predicates.multiPartitionPredicate(keysIn(from, to), Predicates.alwaysTrue()));
  }

  @Override
  public Set<Map.Entry<byte[], byte[]>> readAll(Collection<byte[]> keys) {
    Set<byte[]> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    distinct.addAll(keys);
    return map.getAll(distinct).entrySet();
  }

  /** What of it belongs to this member, its copies of other members' entries left out. */
  HazelcastRegistry.Size ownSize() {
    long entries = 0;
    long octets = 0;
    for (int partition = 0; partition < windows.length; partition++) {
      RecordStore<?> store =
          engine.getPartitionService().getPartition(partition, false).isLocal()
              ? context.getExistingRecordStore(partition, name)
              : null;
      if (store != null) {
        entries += store.size();
        octets += store.getOwnedEntryCost();
      }
    }
    return new HazelcastRegistry.Size(entries, octets);
  }

  /** Any keys that belong to the partitions, which is how Hazelcast wants to be told of them. */
  private Set<Integer> keysIn(int from, int to) {
    Map<Integer, Integer> keys = new HashMap<>();
    for (int key = 0; keys.size() < to - from; key++) {
      int partition = engine.getPartitionService().getPartitionId((Object) key);
      if (partition >= from && partition < to) {
        keys.putIfAbsent(partition, key);
      }
    }
    return Set.copyOf(keys.values());
  }

  private Data data(byte[] octets) {
    return serialization.toData(octets);
  }

  private <T extends @Nullable Object> CompletionStage<T> invoke(
      Data key, MapOperation operation, int tries, Deadline deadline) {
    return invoke(key, operation, OWNER, tries, deadline);
  }

  private <T extends @Nullable Object> CompletionStage<T> invoke(
      Data key, MapOperation operation, int replica, int tries, Deadline deadline) {
    int partition = engine.getPartitionService().getPartitionId(key);
    long begun = System.nanoTime();
    CompletionStage<T> done =
        windows[partition].run(
            () -> {
              if (startsOver) {
                return CompletableFuture.failedFuture(new IllegalStateException(OVER));
              }
              long millis = deadline.millisLeft();
              if (millis <= 0) {
                return CompletableFuture.failedFuture(new TimeoutException("not begun in time"));
              }
              // A member that gets it later than that answers with a failure and does nothing.
              return engine
                  .getOperationService()
                  .createInvocationBuilder(MapService.SERVICE_NAME, operation, partition)
                  .setReplicaIndex(replica)
                  .setTryCount(tries)
                  .setTryPauseMillis(PAUSE_MILLIS)
                  .setCallTimeout(millis)
                  .<T>invoke();
            });
    done.whenComplete((value, failure) -> times.add(System.nanoTime() - begun));
    return done;
  }
}
