package io.tandem.registry.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;

class LocalRouterIdsTest {

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
}
