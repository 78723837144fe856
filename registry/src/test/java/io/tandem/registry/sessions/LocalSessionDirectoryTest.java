package io.tandem.registry.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.id.Ids;
import io.tandem.testing.Conformance;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalSessionDirectoryTest {

  @Test
  @Conformance("ID-02")
  void sessionIdsAreValidAndEachIsClaimedOnce() {
    SessionIds ids = new LocalSessionDirectory(Runnable::run);
    Set<Long> claimed = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      long id = ids.claim().toCompletableFuture().join();
      assertThat(Ids.isId(id)).isTrue();
      assertThat(claimed.add(id)).isTrue();
    }
    claimed.forEach(ids::release);
  }
}
