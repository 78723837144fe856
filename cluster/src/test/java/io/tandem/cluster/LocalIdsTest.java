package io.tandem.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.id.Ids;
import io.tandem.testing.Conformance;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalIdsTest {

  @Test
  @Conformance({"ID-03", "ID-04", "QRK-11"})
  void routerIdsAreSmallAndNeverGivenTwice() {
    RouterIds ids = new LocalRouterIds();
    for (long id = 1; id <= 1000; id++) {
      assertThat(ids.next()).isCompletedWithValue(id);
    }
    long largest = (1L << 32) - 1;
    RouterIds nearlyUsed = new LocalRouterIds(largest - 1);
    assertThat(nearlyUsed.next()).isCompletedWithValue(largest);
    for (int i = 0; i < 3; i++) {
      assertThat(nearlyUsed.next()).isCompletedExceptionally();
    }
  }

  @Test
  @Conformance("ID-02")
  void sessionIdsAreValidAndEachIsClaimedOnce() {
    SessionIds ids = new LocalSessionIds();
    Set<Long> claimed = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      long id = ids.claim().toCompletableFuture().join();
      assertThat(Ids.isId(id)).isTrue();
      assertThat(claimed.add(id)).isTrue();
    }
    claimed.forEach(ids::release);
  }
}
