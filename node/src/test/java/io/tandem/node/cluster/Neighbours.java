package io.tandem.node.cluster;

import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another cluster beside the one that a test is about, on free ports as that one: two nodes in
 * processes of their own, which start, freeze, start over and end, again and again until this is
 * closed.
 */
final class Neighbours implements AutoCloseable {

  private final Thread thread = new Thread(this::run, "neighbours");
  private volatile boolean over;
  private final AtomicInteger comings = new AtomicInteger();

  /** What went wrong with them, for who closes this. */
  private final AssertionError failures = new AssertionError("the neighbours' cluster failed");

  Neighbours() {
    thread.start();
  }

  private void run() {
    while (!over) {
      try {
        comeAndGo();
        comings.incrementAndGet();
      } catch (AssertionError | RuntimeException failure) {
        failures.addSuppressed(failure);
      }
    }
  }

  private void comeAndGo() {
    String name = "neighbours-" + UUID.randomUUID();
    try (TestProcess first = TestProcess.start(configuration(name, ""));
        TestProcess second = TestProcess.start(configuration(name, join(first)))) {
      second.freeze();
      first.untilItSays(1, "has left");
      second.thaw();
      second.untilItSays(2, "tandem: ready: ");
      if (comings.get() % 2 == 0) {
        first.terminate();
      } else {
        first.kill();
      }
      second.terminate();
      second.status();
    }
  }

  /** A node is called as its cluster port is reached. */
  private static String join(TestProcess node) {
    return ", join: [\"" + node.members().get(0).getString("node") + "\"]";
  }

  private static String configuration(String name, String join) {
    return TestNode.LISTENER
        + TestNode.MANAGEMENT
        + TestNode.REALM
        + "lanes: 1\ncluster: {port: 0, name: "
        + name
        + join
        + "}\n";
  }

  /** How often they have come and gone. */
  int comings() {
    return comings.get();
  }

  /** Ends when they have gone once more; fails when one of them did not do what it should. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    if (failures.getSuppressed().length > 0) {
      throw failures;
    }
  }
}
