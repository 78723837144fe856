package io.tandem.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.operation.MapOperation;
import com.hazelcast.map.impl.operation.MapOperationProvider;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import com.hazelcast.query.Predicates;
import com.hazelcast.spi.exception.RetryableException;
import com.hazelcast.spi.impl.NodeEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Hazelcast map of octets to octets whose compare-and-set does not block: {@link IMap} offers it
 * to blocking callers only. So this class sends the map's own operations itself, and it is the one
 * place that uses Hazelcast's internals. Any thread.
 *
 * <p>A change fails with a {@link RetryableException} where Hazelcast would begin it again: a
 * member is gone, or a partition moves. One case is left in which Hazelcast repeats it all the
 * same, {@link #SILENTLY_REPEATED}.
 */
final class OctetMap {

  /**
   * A change that took at least this long may have been made twice: when its backup is late by the
   * backup timeout and the owner is gone by then, Hazelcast asks the new owner. The time is less
   * than that timeout.
   */
  static final Duration SILENTLY_REPEATED = Duration.ofSeconds(1);

  private static final long NEVER = -1;

  /** A read is repeated by Hazelcast itself until its time is over. */
  private static final int OFTEN = Integer.MAX_VALUE;

  /** A change is not: who asked for it must look first whether it was made. */
  private static final int ONCE = 1;

  private final String name;
  private final IMap<byte[], byte[]> map;
  private final NodeEngine engine;
  private final SerializationService serialization;
  private final MapOperationProvider operations;
  private final Window[] windows;

  OctetMap(HazelcastInstance hazelcast, String name) {
    this.name = name;
    this.map = hazelcast.getMap(name);
    MapProxyImpl<byte[], byte[]> proxy = (MapProxyImpl<byte[], byte[]>) map;
    MapService service = proxy.getService();
    engine = proxy.getNodeEngine();
    serialization = engine.getSerializationService();
    operations = service.getMapServiceContext().getMapOperationProvider(name);
    windows = new Window[engine.getPartitionService().getPartitionCount()];
    for (int partition = 0; partition < windows.length; partition++) {
      windows[partition] = new Window();
    }
  }

  CompletionStage<byte @Nullable []> get(byte[] key, Deadline deadline) {
    Data keyData = data(key);
    return invoke(keyData, operations.createGetOperation(name, keyData), OFTEN, deadline);
  }

  /** Completes with null when the value is in place, else with the one that was. */
  CompletionStage<byte @Nullable []> putIfAbsent(byte[] key, byte[] value, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData,
        operations.createPutIfAbsentOperation(name, keyData, data(value), NEVER, NEVER),
        ONCE,
        deadline);
  }

  CompletionStage<Boolean> replace(byte[] key, byte[] expected, byte[] value, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData,
        operations.createReplaceIfSameOperation(name, keyData, data(expected), data(value)),
        ONCE,
        deadline);
  }

  CompletionStage<Boolean> remove(byte[] key, byte[] expected, Deadline deadline) {
    Data keyData = data(key);
    return invoke(
        keyData,
        operations.createRemoveIfSameOperation(name, keyData, data(expected)),
        ONCE,
        deadline);
  }

  /** How many partitions the keys are spread over. */
  int partitions() {
    return windows.length;
  }

  /** The entries of one partition as they are now; blocks. */
  Set<Map.Entry<byte[], byte[]>> read(int partition) {
    return map.entrySet(
        Predicates.partitionPredicate(keyIn(partition), Predicates.alwaysTrue()));
  }

  /** Any key that belongs to the partition, which is how Hazelcast wants to be told of it. */
  private Integer keyIn(int partition) {
    int key = 0;
    while (engine.getPartitionService().getPartitionId((Object) key) != partition) {
      key++;
    }
    return key;
  }

  private Data data(byte[] octets) {
    return serialization.toData(octets);
  }

  private <T extends @Nullable Object> CompletionStage<T> invoke(
      Data key, MapOperation operation, int tries, Deadline deadline) {
    int partition = engine.getPartitionService().getPartitionId(key);
    return windows[partition].run(
        () -> {
          long millis = deadline.millisLeft();
          if (millis <= 0) {
            return CompletableFuture.failedFuture(new TimeoutException("not begun in time"));
          }
          // A member that gets it later than that answers with a failure and does nothing.
          return engine
              .getOperationService()
              .createInvocationBuilder(MapService.SERVICE_NAME, operation, partition)
              .setTryCount(tries)
              .setCallTimeout(millis)
              .<T>invoke();
        });
  }
}
