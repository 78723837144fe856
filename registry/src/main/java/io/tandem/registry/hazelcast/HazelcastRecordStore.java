package io.tandem.registry.hazelcast;

import com.hazelcast.spi.exception.RetryableException;
import io.tandem.registry.record.RecordStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that the members of a Hazelcast cluster share. It compares values by what this release
 * knows of them, and sets octets: fields of later releases survive, and a change by one of them in
 * between only costs another round.
 *
 * <p>The answer to a change can be lost with the member that owed it. So every change is an
 * operation with a number, which looks for itself in the {@link StoredValue} before it is begun
 * again. Only a removal leaves no trace: one whose answer was lost completes with false when the
 * value is gone.
 *
 * <p>Any thread; never blocks. Stages complete on the common pool. They fail with {@link
 * OutcomeUnknownException}, at the latest when the time is over, or with {@link
 * RejectedExecutionException} when too many operations wait already; those did nothing.
 */
public final class HazelcastRecordStore<K, V> implements RecordStore<K, V> {

  /**
   * Partitions: to ask for each alone takes half a minute on a busy machine, to ask for all at once
   * takes the memory of all.
   */
  private static final int READ_AT_ONCE = 32;

  /**
   * Until it is looked again whether there is a copy. When a node has died there is none of a part
   * of the record for seconds, and thousands of clients that were its own may wait for some.
   */
  private static final long LONGEST_WAIT_MILLIS = 500;

  private final OctetMap map;
  private final KeyFormat<K> keys;
  private final ValueFormat<V> values;
  private final Duration timeout;
  private final Executor blocking;

  /** Grows from a random start: no other store of the cluster counts here. */
  private final AtomicLong lastOperation = new AtomicLong(new SecureRandom().nextLong());

  HazelcastRecordStore(
      OctetMap map, KeyFormat<K> keys, ValueFormat<V> values, Duration timeout, Executor blocking) {
    this.map = map;
    this.keys = keys;
    this.values = values;
    this.timeout = timeout;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<@Nullable V> get(K key) {
    Deadline deadline = Deadline.in(timeout);
    return answer(() -> map.get(keys.encode(key), deadline).thenApply(this::valueOrNull));
  }

  @Override
  public CompletionStage<@Nullable V> putIfAbsent(K key, V value) {
    Attempts attempts = new Attempts(timeout);
    RecordOutput body = new RecordOutput();
    values.write(value, body);
    long operation = lastOperation.incrementAndGet();
    byte[] fresh = StoredValue.born(operation, body.toByteArray()).encode();
    return answer(() -> put(keys.encode(key), operation, fresh, attempts));
  }

  private CompletionStage<@Nullable V> put(
      byte[] key, long operation, byte[] fresh, Attempts attempts) {
    return attempts.orAgain(
        map.putIfAbsent(key, fresh, attempts.deadline)
            .thenApply(
                octets -> {
                  StoredValue other = octets == null ? null : StoredValue.decode(octets);
                  return other == null || other.isBornOf(operation) ? null : value(other);
                }),
        () -> put(key, operation, fresh, attempts));
  }

  @Override
  public CompletionStage<Boolean> replace(K key, V expected, V value) {
    return answer(() -> new Replacement(keys.encode(key), expected, value).begin(null));
  }

  @Override
  public CompletionStage<Boolean> remove(K key, V expected) {
    return answer(() -> remove(keys.encode(key), expected, new Attempts(timeout)));
  }

  private CompletionStage<Boolean> remove(byte[] key, V expected, Attempts attempts) {
    return map.get(key, attempts.deadline)
        .thenCompose(
            octets ->
                octets == null || !value(StoredValue.decode(octets)).equals(expected)
                    ? done(false)
                    : attempts
                        .orAgain(map.remove(key, octets, attempts.deadline), () -> done(false))
                        .thenCompose(
                            removed -> removed ? done(true) : remove(key, expected, attempts)));
  }

  /**
   * Completes with true when two members have the value that is in place, so that it outlives any
   * one of them, or when no other member could have it; with false when it is not in place any
   * more.
   *
   * <p>That a change is answered does not say as much. A key has no copy for some seconds after
   * another member is gone, and where it is about to move the copy may miss a change, of which
   * Hazelcast makes nothing until half a minute later.
   */
  CompletionStage<Boolean> doubled(K key, V value) {
    return answer(
        () -> doubled(keys.encode(key), value, new Attempts(timeout, LONGEST_WAIT_MILLIS)));
  }

  private CompletionStage<Boolean> doubled(byte[] key, V value, Attempts attempts) {
    if (!map.hasCopies()) {
      return done(true);
    }
    return map.copy(key, attempts.deadline)
        .handle(
            (copy, none) -> {
              if (none != null) {
                return attempts.later(() -> doubled(key, value, attempts));
              }
              return copy != null && value(StoredValue.decode(copy)).equals(value)
                  ? done(true)
                  : copiedAgain(key, value, attempts);
            })
        .thenCompose(answer -> answer);
  }

  /** To set what is in place sends it to the copy once more. */
  private CompletionStage<Boolean> copiedAgain(byte[] key, V value, Attempts attempts) {
    return map.get(key, attempts.deadline)
        .thenCompose(
            octets ->
                octets == null || !value(StoredValue.decode(octets)).equals(value)
                    ? done(false)
                    : attempts
                        .orAgain(
                            map.replace(key, octets, octets, attempts.deadline), () -> done(false))
                        .thenCompose(set -> attempts.later(() -> doubled(key, value, attempts))));
  }

  /**
   * Some partitions after the other, on a thread that may block; goes on when what the visits of
   * some began is done.
   */
  @Override
  public CompletionStage<@Nullable Void> forEach(BiFunction<K, V, CompletionStage<?>> visit) {
    return CompletableFuture.runAsync(
        () -> {
          for (int from = 0; from < map.partitions(); from += READ_AT_ONCE) {
            int to = Math.min(from + READ_AT_ONCE, map.partitions());
            CompletableFuture.allOf(
                    map.read(from, to).stream()
                        .map(record -> visited(record, visit))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
          }
        },
        blocking);
  }

  private CompletableFuture<?> visited(
      Map.Entry<byte[], byte[]> record, BiFunction<K, V, CompletionStage<?>> visit) {
    V value = value(StoredValue.decode(record.getValue()));
    return visit.apply(keys.decode(record.getKey()), value).toCompletableFuture();
  }

  private @Nullable V valueOrNull(byte @Nullable [] octets) {
    return octets == null ? null : value(StoredValue.decode(octets));
  }

  private V value(StoredValue stored) {
    return values.read(stored.body());
  }

  /** Bounds the wait: whatever Hazelcast does, and if it throws, the stage completes. */
  private <T extends @Nullable Object> CompletionStage<T> answer(
      Supplier<CompletionStage<T>> operation) {
    return CompletableFuture.<@Nullable Void>completedFuture(null)
        .thenCompose(begin -> operation.get())
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              Throwable cause = cause(failure);
              if (cause instanceof RejectedExecutionException rejected) {
                throw rejected;
              }
              throw cause instanceof OutcomeUnknownException known
                  ? known
                  : new OutcomeUnknownException("the shared record did not answer", cause);
            });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static CompletionStage<Boolean> done(boolean answer) {
    return CompletableFuture.completedFuture(answer);
  }

  /** One replacement, in as many rounds as it takes; a round begins when the one before is over. */
  private final class Replacement {

    private final byte[] key;
    private final V expected;
    private final V value;
    private final long operation = lastOperation.incrementAndGet();
    private final Attempts attempts = new Attempts(timeout);

    /** Whether the last round may have been a success in spite of its answer. */
    private boolean isDoubtful;

    Replacement(byte[] key, V expected, V value) {
      this.key = key;
      this.expected = expected;
      this.value = value;
    }

    /**
     * @param tried what the round before failed to replace, if there was one
     */
    CompletionStage<Boolean> begin(@Nullable StoredValue tried) {
      return map.get(key, attempts.deadline).thenCompose(octets -> round(octets, tried));
    }

    private CompletionStage<Boolean> round(byte @Nullable [] octets, @Nullable StoredValue tried) {
      if (octets == null) {
        return done(false);
      }
      StoredValue current = StoredValue.decode(octets);
      if (current.knows(operation)) {
        return done(true);
      }
      if (isDoubtful && tried != null && current.forgot(tried)) {
        return CompletableFuture.failedFuture(
            new OutcomeUnknownException("others changed the record too often since"));
      }
      if (!value(current).equals(expected)) {
        return done(false);
      }
      RecordOutput body = new RecordOutput();
      values.rewrite(value, current.body(), body);
      byte[] next = current.rewritten(operation, body.toByteArray()).encode();
      long begun = System.nanoTime();
      CompletionStage<Boolean> replaced =
          map.replace(key, octets, next, attempts.deadline)
              .whenComplete(
                  (success, failure) ->
                      isDoubtful =
                          failure != null
                              || System.nanoTime() - begun > OctetMap.DOUBTFUL.toNanos());
      return attempts
          .orAgain(replaced, () -> done(false))
          .thenCompose(success -> success ? done(true) : begin(current));
    }
  }

  /**
   * Those of one change, within its time. The pauses between them grow: a key that moves to another
   * member is there in a few milliseconds, one whose member is lost when that is noticed.
   */
  private static final class Attempts {

    private static final long SHORTEST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 50;

    final Deadline deadline;
    private final long longestPause;
    private long nextPause = SHORTEST_PAUSE_MILLIS;

    Attempts(Duration time) {
      this(time, LONGEST_PAUSE_MILLIS);
    }

    Attempts(Duration time, long longestPause) {
      deadline = Deadline.in(time);
      this.longestPause = longestPause;
    }

    /** The attempt, and where Hazelcast would begin it again, what to do instead a little later. */
    <T extends @Nullable Object> CompletionStage<T> orAgain(
        CompletionStage<T> attempt, Supplier<CompletionStage<T>> again) {
      return attempt.exceptionallyCompose(
          failure ->
              cause(failure) instanceof RetryableException
                  ? later(again)
                  : CompletableFuture.failedFuture(failure));
    }

    /** Begins it after a pause, unless the time is over. */
    <T extends @Nullable Object> CompletionStage<T> later(Supplier<CompletionStage<T>> attempt) {
      return deadline.isOver()
          ? CompletableFuture.failedFuture(new TimeoutException("not done in time"))
          : CompletableFuture.supplyAsync(attempt, later()).thenCompose(stage -> stage);
    }

    private Executor later() {
      long millis = nextPause;
      nextPause = Math.min(2 * millis, longestPause);
      return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    }
  }
}
