package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which sessions go first; here each is the time at which it came, and the odd ones stay. */
class ChosenTest {

  private static List<Long> of(int most, long before, Long... all) {
    return Chosen.of(
        Stream.of(all),
        each -> each % 2 == 0 ? OptionalLong.of(each) : OptionalLong.empty(),
        most,
        before);
  }

  @Test
  void theYoungestGoFirst() {
    assertThat(of(2, 100, 2L, 40L, 8L, 20L, 6L)).containsExactlyInAnyOrder(40L, 20L);
  }

  @Test
  void thoseThatCameSinceAndThoseThatMayNotStay() {
    assertThat(of(5, 20, 2L, 20L, 40L, 9L, 18L)).containsExactlyInAnyOrder(2L, 18L);
  }

  @Test
  void theClockMayOverflow() {
    long before = Long.MIN_VALUE + 4;
    assertThat(of(1, before, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 6))
        .containsExactly(Long.MIN_VALUE);
  }
}
