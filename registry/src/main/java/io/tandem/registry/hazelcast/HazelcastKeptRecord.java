package io.tandem.registry.hazelcast;

import io.tandem.registry.kept.KeptKey;
import io.tandem.registry.kept.KeptRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An entry for each publication; Hazelcast drops those whose time is over. Since none is ever
 * changed, nothing has to be compared, and what an earlier release does not know of one it never
 * rewrites. Any thread.
 */
final class HazelcastKeptRecord implements KeptRecord {

  /** Partitions whose keys are asked for at once: a thirtieth of them all. */
  private static final int READ_AT_ONCE = 8;

  /** What is asked for at once: so many publications, or so many octets unless one has more. */
  private static final int MOST_VALUES = 1_000;

  private static final long MOST_OCTETS = 1 << 20;

  private static final byte[] HELD = {1};

  private final OctetMap map;
  private final OctetMap realms;
  private final Duration timeout;
  private final Executor blocking;
  private final Insisting insist;

  /**
   * @param map of publications
   * @param realms of those that are served
   * @param timeout how long an operation may take
   * @param isRunning whether the member is there; afterwards nothing is tried again
   */
  HazelcastKeptRecord(
      OctetMap map,
      OctetMap realms,
      Duration timeout,
      Executor blocking,
      BooleanSupplier isRunning) {
    this.map = map;
    this.realms = realms;
    this.timeout = timeout;
    this.blocking = blocking;
    this.insist = new Insisting(isRunning);
  }

  @Override
  public CompletionStage<?> put(
      KeptKey key, Supplier<byte[]> value, @Nullable Duration age, BooleanSupplier isUnwanted) {
    byte[] octets = value.get();
    return insist.on(
        isUnwanted, () -> inTime(map.set(octets(key), octets, age, Deadline.in(timeout))));
  }

  @Override
  public CompletionStage<?> remove(KeptKey key) {
    return insist.on(() -> inTime(map.delete(octets(key), Deadline.in(timeout))));
  }

  private static byte[] octets(KeptKey key) {
    return KeyFormat.KEPT.encode(key);
  }

  @Override
  public CompletionStage<@Nullable Void> read(Reader reader) {
    return CompletableFuture.runAsync(
        () -> {
          for (int from = 0; from < map.partitions(); from += READ_AT_ONCE) {
            read(map.keys(from, Math.min(from + READ_AT_ONCE, map.partitions())), reader);
          }
        },
        blocking);
  }

  private void read(Collection<byte[]> keys, Reader reader) {
    List<byte[]> wanted = new ArrayList<>();
    long most = 0;
    for (byte[] octets : keys) {
      KeptKey key = KeyFormat.KEPT.decode(octets);
      if (reader.wants(key)) {
        if (wanted.size() == MOST_VALUES
            || (!wanted.isEmpty() && most + key.mostOctets() > MOST_OCTETS)) {
          readAll(wanted, reader);
          wanted.clear();
          most = 0;
        }
        wanted.add(octets);
        most += key.mostOctets();
      }
    }
    readAll(wanted, reader);
  }

  private void readAll(List<byte[]> keys, Reader reader) {
    if (!keys.isEmpty()) {
      for (Map.Entry<byte[], byte[]> each : map.readAll(keys)) {
        reader.found(KeyFormat.KEPT.decode(each.getKey()), each.getValue());
      }
    }
  }

  @Override
  public CompletionStage<?> hold(String realm, Duration time) {
    return inTime(realms.set(KeyFormat.NAME.encode(realm), HELD, time, Deadline.in(timeout)));
  }

  @Override
  public CompletionStage<Boolean> isHeld(String realm) {
    return inTime(realms.get(KeyFormat.NAME.encode(realm), Deadline.in(timeout)))
        .thenApply(held -> held != null);
  }

  /** What waits for a partition does not know when its time is over. */
  private <T extends @Nullable Object> CompletableFuture<T> inTime(CompletionStage<T> stage) {
    return stage
        .thenApply(answer -> answer)
        .toCompletableFuture()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
