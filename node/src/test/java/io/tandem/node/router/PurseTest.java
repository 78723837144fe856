package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lanes keep of a budget so that they seldom meet there. */
class PurseTest {

  /** With chunks of 16 octets. */
  private static final int BUDGET = 1024 * 16;

  private static final int CHUNK = 16;

  private final Budget budget = new Budget(BUDGET);
  private final Purse purse = new Purse(budget);

  @Test
  void whatIsTakenIsTakenWithAChunkForTheNextOnes() {
    assertThat(purse.tryTake(10)).isTrue();
    assertThat(budget.used()).isEqualTo(10 + CHUNK);
    assertThat(purse.tryTake(CHUNK)).isTrue();
    assertThat(budget.used()).as("nobody had to ask").isEqualTo(10 + CHUNK);
    assertThat(purse.tryTake(1)).isTrue();
    assertThat(budget.used()).isEqualTo(11 + 2 * CHUNK);
  }

  @Test
  void purseThatIsClosedKeepsNothingAndGivesBackWhatComesLate() {
    purse.tryTake(100);
    purse.close();
    assertThat(budget.used()).isEqualTo(100);
    purse.give(99);
    assertThat(budget.used()).isEqualTo(1);
    purse.give(1);
    assertThat(budget.used()).isZero();
  }

  @Test
  void onlyWhatIsMissingIsAskedFor() {
    purse.tryTake(10);
    assertThat(purse.tryTake(CHUNK + 5)).isTrue();
    assertThat(budget.used()).isEqualTo(15 + 2 * CHUNK);
  }

  @Test
  void theLastOfABudgetIsTakenWithoutAChunk() {
    assertThat(purse.tryTake(BUDGET - CHUNK + 1)).isTrue();
    assertThat(budget.used()).isEqualTo(BUDGET - CHUNK + 1);
    assertThat(purse.tryTake(CHUNK - 1)).isTrue();
    assertThat(budget.used()).isEqualTo(BUDGET);
    assertThat(purse.tryTake(1)).isFalse();
    assertThat(budget.used()).as("who is refused takes nothing").isEqualTo(BUDGET);
  }

  @Test
  void aBudgetHasRoomForItselfAndAChunkExactly() {
    assertThat(purse.tryTake(BUDGET - CHUNK)).isTrue();
    assertThat(budget.used()).isEqualTo(BUDGET);
  }

  @Test
  void twoChunksAreKeptAndMoreGoesBackButOne() {
    purse.tryTake(100);
    purse.give(CHUNK);
    assertThat(budget.used()).as("two chunks spare").isEqualTo(100 + CHUNK);
    purse.give(1);
    assertThat(budget.used()).as("one chunk spare").isEqualTo(100 - CHUNK - 1 + CHUNK);
    purse.give(100 - CHUNK - 1);
    assertThat(budget.used()).isEqualTo(CHUNK);
  }

  @Test
  void whatThePurseKeepsIsFree() {
    assertThat(purse.freeForAll()).isEqualTo(BUDGET / 4 * 3);
    purse.tryTake(10);
    assertThat(purse.freeForAll()).isEqualTo(BUDGET / 4 * 3 - 10);
    purse.give(10);
    assertThat(purse.freeForAll()).isEqualTo(BUDGET / 4 * 3);
  }

  @ParameterizedTest
  @CsvSource({"1048576, 4096", "8388608, 4096", "16777216, 8192", "134217728, 65536"})
  void aShareIsAPartOfTheBudgetButNeitherUselessNorLarge(long limit, long share) {
    assertThat(new Purse(new Budget(limit)).share()).isEqualTo(share);
    assertThat(new Purse(new Budget(64 * limit)).share()).isLessThanOrEqualTo(64 << 10);
  }

  @Test
  void aBudgetOfAFewOctetsIsKeptByTheOctet() {
    Budget small = new Budget(3);
    Purse its = new Purse(small);
    assertThat(its.tryTake(3)).isTrue();
    its.give(3);
    assertThat(small.used()).isEqualTo(1);
  }
}
