package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Enemy.RefusedException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** What attackers sent, and what they were told. Any thread. */
final class Spoils {

  /** The node ended a connection without a word. */
  static final String END = "end";

  private final LongAdder sent = new LongAdder();
  private final Map<String, LongAdder> told = new ConcurrentSkipListMap<>();
  private final BooleanSupplier goesOn;

  /**
   * @param goesOn what is told later does not count: it is the attackers who hang up then
   */
  Spoils(BooleanSupplier goesOn) {
    this.goesOn = goesOn;
  }

  void sent(long count) {
    sent.add(count);
  }

  /** Somebody was told this. */
  void told(String what) {
    if (goesOn.getAsBoolean()) {
      told.computeIfAbsent(what, word -> new LongAdder()).increment();
    }
  }

  /** How often each was told. */
  Map<String, Long> told() {
    Map<String, Long> counts = new TreeMap<>();
    told.forEach((what, count) -> counts.put(what, count.sum()));
    return counts;
  }

  /** Counts refusals until the connection ends, on a thread of its own. */
  void read(Enemy enemy) {
    thread(
        "spoils",
        () -> {
          while (true) {
            try {
              String refusal = enemy.refusal();
              told(refusal);
              if (refusal.startsWith("ABORT")) {
                return;
              }
            } catch (SocketTimeoutException silence) {
              // The node owes nothing.
            }
          }
        });
  }

  /** Something that goes on until the other side ends it. */
  interface Task {
    void run() throws IOException;
  }

  /** Runs the task here; its end by the other side is counted. */
  private void suffer(Task task) {
    try {
      task.run();
    } catch (RefusedException refused) {
      told(String.valueOf(refused.getMessage()));
    } catch (IOException ended) {
      told(END);
    }
  }

  /** The same on a thread of its own. */
  void thread(String name, Task task) {
    Thread thread = new Thread(() -> suffer(task), name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public String toString() {
    Map<String, Long> counts = told();
    return sent.sum() + " sent, " + (counts.isEmpty() ? "nothing refused" : counts);
  }
}
