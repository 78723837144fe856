package io.tandem.cluster.hazelcast;

import io.tandem.cluster.RecordStore;
import io.tandem.cluster.RecordStoreContract;
import io.tandem.testing.Patience;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A member alone keeps the contract. */
class HazelcastRecordStoreTest extends RecordStoreContract {

  private static final Members MEMBERS = new Members();
  private static final AtomicInteger MAPS = new AtomicInteger();
  private static EmbeddedHazelcast member;

  @BeforeAll
  static void start() {
    member = MEMBERS.alone();
  }

  @AfterAll
  static void stop() {
    MEMBERS.close();
  }

  @Override
  protected RecordStore<String, Long> store() {
    return store(member, "tandem.contract-" + MAPS.incrementAndGet());
  }

  static HazelcastRecordStore<String, Long> store(EmbeddedHazelcast member, String map) {
    return new HazelcastRecordStore<>(
        new HazelcastOctetMap(member.instance(), map),
        KeyFormat.NAME,
        ValueFormat.NUMBER,
        Patience.LIMIT,
        task -> new Thread(task).start());
  }
}
