package io.tandem.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {

  private final List<Long> intended = new ArrayList<>();
  private final Pacer pacer = new Pacer(1000, 0, intended::add);

  @Test
  void messagesThatBecameDueInAPauseKeepTheTimesTheyWereMeantFor() {
    assertThat(pacer.advance(0)).isEqualTo(1_000_000);
    assertThat(pacer.advance(3_500_000)).isEqualTo(4_000_000);
    assertThat(intended).containsExactly(0L, 1_000_000L, 2_000_000L, 3_000_000L);
  }

  @Test
  void nothingIsSentBeforeItIsDue() {
    pacer.advance(0);
    assertThat(pacer.advance(999_999)).isEqualTo(1_000_000);
    assertThat(intended).hasSize(1);
  }

  @Test
  void rateThatDividesNoSecondDoesNotDrift() {
    Pacer odd = new Pacer(3, 0, intended::add);
    odd.advance(1_000_000_000_000L);
    assertThat(intended).hasSize(3001);
  }
}
