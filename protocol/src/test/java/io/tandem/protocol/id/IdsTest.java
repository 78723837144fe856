package io.tandem.protocol.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdsTest {

  @Test
  @Conformance("ID-05")
  void requestIdsStartAtOneAndWrapToOne() {
    RequestIds ids = new RequestIds();
    assertThat(ids.next()).isEqualTo(1);
    assertThat(ids.next()).isEqualTo(2);
    RequestIds late = new RequestIds((1L << 53) - 1);
    assertThat(late.next()).isEqualTo(9007199254740992L);
    assertThat(late.next()).isEqualTo(1);
  }

  @Test
  @Conformance("ID-01")
  void idsReachFromOneTo2To53() {
    assertThat(Ids.isId(0)).isFalse();
    assertThat(Ids.isId(1)).isTrue();
    assertThat(Ids.isId(9007199254740992L)).isTrue();
    assertThat(Ids.isId(9007199254740993L)).isFalse();
  }

  /** With 4,096 draws an even spread over 16 slices is off by half with a chance below 10^-14. */
  @Test
  @Conformance("ID-02")
  void globalIdsSpreadOverTheWholeRange() {
    int[] slices = new int[16];
    Set<Long> drawn = new HashSet<>();
    for (int i = 0; i < 4096; i++) {
      long id = GlobalIds.next();
      assertThat(Ids.isId(id)).isTrue();
      assertThat(drawn.add(id)).isTrue();
      slices[(int) ((id - 1) >>> 49)]++;
    }
    for (int count : slices) {
      assertThat(count).isBetween(128, 384);
    }
  }
}
