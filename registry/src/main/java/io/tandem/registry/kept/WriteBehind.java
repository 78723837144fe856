package io.tandem.registry.kept;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one node still has to write into the record, so that nobody waits for it. Of each
 * publication the last word counts: one that is removed before it was written never is. What waits
 * is bounded in octets; a change beyond that is counted and left to whoever compares the record
 * with what the node keeps. Any thread.
 */
public final class WriteBehind {

  /** Changes at a time; the record's own bounds for each of its parts are wider. */
  private static final int UNDER_WAY = 256;

  /** What a change takes beside the publication. */
  private static final int OVERHEAD = 256;

  private final KeptRecord record;
  private final Executor executor;
  private final long mostOctets;
  private final LongAdder shed = new LongAdder();
  private final AtomicBoolean isPumping = new AtomicBoolean();

  // Guarded by this.
  private final LinkedHashMap<KeptKey, Change> waiting = new LinkedHashMap<>();
  private final Map<KeptKey, Change> begun = new HashMap<>();
  private final List<Mark> marks = new ArrayList<>();
  private long lastNumber;
  private long octets;

  /** Somebody waits for all changes up to this one. */
  private record Mark(long number, CompletableFuture<@Nullable Void> reached) {}

  /** What is to become of a key. */
  private static final class Change {
    final long weight;

    /** Whether the record has never heard of the key. */
    final boolean isFirst;

    long number;

    /** Null where it is to be removed. */
    @Nullable Value wanted;

    Change(@Nullable Value wanted, long weight, boolean isFirst) {
      this.wanted = wanted;
      this.weight = weight;
      this.isFirst = isFirst;
    }
  }

  private record Value(Supplier<byte[]> octets, @Nullable Duration age) {}

  /**
   * @param executor does the work
   * @param mostOctets may wait; one change of any size where nothing else does
   */
  public WriteBehind(KeptRecord record, Executor executor, long mostOctets) {
    this.record = record;
    this.executor = executor;
    this.mostOctets = mostOctets;
  }

  /**
   * Writes a publication, soon.
   *
   * @param weight what it takes while it waits, in octets
   * @param isFirst whether it is not there for sure
   */
  public void put(
      KeptKey key, Supplier<byte[]> value, @Nullable Duration age, long weight, boolean isFirst) {
    want(key, new Value(value, age), weight, isFirst);
  }

  /** Whether a publication that weighs so much can wait now. */
  public synchronized boolean hasRoom(long weight) {
    return octets == 0 || octets + OVERHEAD + weight <= mostOctets;
  }

  /** Removes a publication, soon. */
  public void remove(KeptKey key) {
    want(key, null, 0, false);
  }

  private void want(KeptKey key, @Nullable Value value, long weight, boolean isFirst) {
    synchronized (this) {
      Change known = begun.get(key);
      if (known == null) {
        known = waiting.get(key);
      }
      if (known == null) {
        if (!hasRoom(weight)) {
          shed.increment();
          return;
        }
        add(key, new Change(value, OVERHEAD + weight, isFirst));
      } else if (value == null && known.isFirst && waiting.remove(key) != null) {
        done(known);
        return;
      } else {
        known.wanted = value;
        return;
      }
    }
    pump();
  }

  private void add(KeptKey key, Change change) {
    change.number = ++lastNumber;
    waiting.put(key, change);
    octets += change.weight;
  }

  private void done(Change change) {
    octets -= change.weight;
    if (marks.isEmpty()) {
      return;
    }
    long oldest =
        Stream.concat(begun.values().stream(), waiting.values().stream().limit(1))
            .mapToLong(each -> each.number)
            .min()
            .orElse(Long.MAX_VALUE);
    for (Iterator<Mark> each = marks.iterator(); each.hasNext(); ) {
      Mark mark = each.next();
      if (mark.number < oldest) {
        each.remove();
        mark.reached.completeAsync(() -> null, executor);
      }
    }
  }

  private void pump() {
    if (!isPumping.getAndSet(true)) {
      executor.execute(this::begin);
    }
  }

  private void begin() {
    isPumping.set(false);
    for (Map.Entry<KeptKey, Change> next = next(); next != null; next = next()) {
      KeptKey key = next.getKey();
      Change change = next.getValue();
      Value value = wanted(change);
      CompletionStage<?> made;
      try {
        made =
            value == null
                ? record.remove(key)
                : record.put(
                    key, value.octets, value.age, () -> !Objects.equals(wanted(change), value));
      } catch (RuntimeException e) {
        made = CompletableFuture.failedFuture(e);
      }
      made.whenComplete((done, failure) -> made(key, change, value, failure != null));
    }
  }

  private synchronized Map.@Nullable Entry<KeptKey, Change> next() {
    Iterator<Map.Entry<KeptKey, Change>> first = waiting.entrySet().iterator();
    if (begun.size() >= UNDER_WAY || !first.hasNext()) {
      return null;
    }
    Map.Entry<KeptKey, Change> next = Map.Entry.copyOf(first.next());
    first.remove();
    begun.put(next.getKey(), next.getValue());
    return next;
  }

  private synchronized @Nullable Value wanted(Change change) {
    return change.wanted;
  }

  private void made(KeptKey key, Change change, @Nullable Value value, boolean hasFailed) {
    boolean goesOn;
    synchronized (this) {
      begun.remove(key);
      if (!Objects.equals(change.wanted, value)) {
        octets -= change.weight;
        add(key, new Change(change.wanted, change.weight, false));
      } else {
        if (hasFailed) { // the node is about to end
          shed.increment();
        }
        done(change);
      }
      goesOn = !waiting.isEmpty();
    }
    if (goesOn) {
      pump();
    }
  }

  /** Whether something is to become of this key. */
  public synchronized boolean isChanging(KeptKey key) {
    return waiting.containsKey(key) || begun.containsKey(key);
  }

  /** Completes, on any thread, when all that was to be written until now is in the record. */
  public synchronized CompletionStage<@Nullable Void> written() {
    CompletableFuture<@Nullable Void> reached = new CompletableFuture<>();
    if (waiting.isEmpty() && begun.isEmpty()) {
      reached.complete(null);
    } else {
      marks.add(new Mark(lastNumber, reached));
    }
    return reached;
  }

  /** Octets that wait. */
  public synchronized long octets() {
    return octets;
  }

  /** Changes for which there was no room. */
  public LongAdder shed() {
    return shed;
  }
}
