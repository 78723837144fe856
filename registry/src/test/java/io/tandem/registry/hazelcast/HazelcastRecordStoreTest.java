package io.tandem.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.registry.record.RecordStore;
import io.tandem.registry.record.RecordStoreContract;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A member alone keeps the contract. */
class HazelcastRecordStoreTest extends RecordStoreContract {

  private static final Grid GRID = new Grid();
  private static final AtomicInteger MAPS = new AtomicInteger();
  private static HazelcastInstance member;

  @BeforeAll
  static void start() {
    member = GRID.member();
  }

  @AfterAll
  static void stop() {
    GRID.close();
  }

  @Override
  protected RecordStore<String, Long> store() {
    return Grid.store(member, "tandem.contract-" + MAPS.incrementAndGet());
  }
}
