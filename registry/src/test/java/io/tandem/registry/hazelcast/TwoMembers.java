package io.tandem.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two members of one cluster, for all tests of a class. */
final class TwoMembers implements BeforeAllCallback, AfterAllCallback {

  private final Grid grid = new Grid();
  private final AtomicInteger maps = new AtomicInteger();
  HazelcastInstance first;
  HazelcastInstance second;

  @Override
  public void beforeAll(ExtensionContext tests) {
    first = grid.member();
    second = grid.member();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    grid.close();
  }

  /** The name of a map that no test has had before. */
  String freshMap() {
    return "tandem.test-" + maps.incrementAndGet();
  }
}
