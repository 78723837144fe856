package io.tandem.node.router;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Stands for all threads of a test: tasks wait in the queue of their owner, in order, and run one
 * at a time. Whose turn it is, the seed or the test decides.
 */
final class Turns {

  private static final int FOREVER = 1_000_000;

  private final Map<String, Deque<Runnable>> queues = new LinkedHashMap<>();
  private final Set<String> stopped = new HashSet<>();
  private final Random random;

  Turns(long seed) {
    random = new Random(seed);
  }

  /** The thread of this owner. */
  Executor of(String owner) {
    Deque<Runnable> queue = queues.computeIfAbsent(owner, name -> new ArrayDeque<>());
    return queue::add;
  }

  /** Runs one task of somebody; false when nobody has any. */
  boolean step() {
    List<Deque<Runnable>> ready =
        queues.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty() && !stopped.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    if (ready.isEmpty()) {
      return false;
    }
    ready.get(random.nextInt(ready.size())).remove().run();
    return true;
  }

  /** Runs one task of this owner, if it has any. */
  void step(String owner) {
    Runnable task = queues.getOrDefault(owner, new ArrayDeque<>()).poll();
    if (task != null) {
      task.run();
    }
  }

  /** Runs all tasks that the owner has and gets meanwhile; the others stand still. */
  void only(String owner) {
    Deque<Runnable> queue = queues.getOrDefault(owner, new ArrayDeque<>());
    while (!queue.isEmpty()) {
      queue.remove().run();
    }
  }

  /** This owner does nothing until {@link #goOn}. */
  void stop(String owner) {
    stopped.add(owner);
  }

  void goOn(String owner) {
    stopped.remove(owner);
    runAll();
  }

  /** Runs until nobody has anything to do. */
  void runAll() {
    for (int i = 0; i < FOREVER; i++) {
      if (!step()) {
        return;
      }
    }
    throw new AssertionError("never comes to rest: " + queues.keySet());
  }
}
