package io.tandem.bench.fuzz;

import io.tandem.bench.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Cases, one after the other on some connections at a time, until somebody says that it is enough.
 * What the node does that it must not is kept with the number of the case. Any thread.
 */
final class Storm {

  private static final Duration NO_CONNECTION = Duration.ofMillis(100);

  private final Cases cases;
  private final String host;
  private final int port;
  private final LongAdder played = new LongAdder();
  private final LongAdder joined = new LongAdder();
  private final LongAdder unconnected = new LongAdder();
  private final Map<Long, String> found = new ConcurrentSkipListMap<>();
  private final Map<Long, Boolean> playing = new ConcurrentSkipListMap<>();

  Storm(Cases cases, String host, int port) {
    this.cases = cases;
    this.host = host;
    this.port = port;
  }

  /** Plays those with these numbers; negative ends it. Returns when all connections are closed. */
  void blow(int connections, LongSupplier numbers, BooleanSupplier goesOn) {
    List<Thread> threads =
        IntStream.range(0, connections)
            .mapToObj(
                i -> {
                  Thread thread = new Thread(() -> blow(numbers, goesOn), "fuzz");
                  thread.setDaemon(true);
                  thread.start();
                  return thread;
                })
            .toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void blow(LongSupplier numbers, BooleanSupplier goesOn) {
    for (long number = numbers.getAsLong();
        number >= 0 && goesOn.getAsBoolean();
        number = numbers.getAsLong()) {
      playing.put(number, true);
      play(number);
      playing.remove(number);
    }
  }

  private void play(long number) {
    try {
      if (Assailant.play(cases.number(number), host, port)) {
        joined.increment();
      }
      played.increment();
    } catch (Assailant.Misbehavior misbehavior) {
      found.put(number, String.valueOf(misbehavior.getMessage()));
    } catch (IOException nobodyListens) {
      unconnected.increment();
      Waiting.pause(NO_CONNECTION);
    }
  }

  /** Numbers from 0 on. */
  static LongSupplier all() {
    AtomicLong next = new AtomicLong();
    return next::getAndIncrement;
  }

  /** So many, from this one on. */
  static LongSupplier some(long first, long count) {
    AtomicLong next = new AtomicLong(first);
    return () -> {
      long number = next.getAndIncrement();
      return number < first + count ? number : -1;
    };
  }

  long played() {
    return played.sum();
  }

  /** Those that became sessions. */
  long joined() {
    return joined.sum();
  }

  /** Times that nobody took a connection. */
  long unconnected() {
    return unconnected.sum();
  }

  /** What the node did that it must not, by the number of the case. */
  Map<Long, String> found() {
    return Map.copyOf(found);
  }

  /** The cases that are being played right now. */
  List<Long> playing() {
    return List.copyOf(playing.keySet());
  }
}
