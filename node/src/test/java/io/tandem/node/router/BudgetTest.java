package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sessions may make a node keep, and who is refused when there is little left. */
class BudgetTest {

  private static final long LIMIT = 16 << 20;

  /** What a session may have although others are greedy. */
  private static final long SHARE = LIMIT / 2048;

  private final Budget node = new Budget(LIMIT);
  private final Purse lane = new Purse(node);

  private Account session() {
    return new Account(lane, () -> Long.MAX_VALUE);
  }

  /** Takes so many octets at a time as long as it can. */
  private static long takeAll(Account session, int step) {
    while (session.tryTake(step)) {
      assertThat(session.used()).isLessThanOrEqualTo(LIMIT);
    }
    return session.used();
  }

  @Test
  void greedySessionLeavesToOthersAsMuchAsItHas() {
    assertThat(takeAll(session(), 1000)).isBetween(LIMIT / 3, LIMIT * 3 / 8);
  }

  @Test
  void greedySessionsGetTheSame() {
    List<Account> greedy = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      greedy.add(session());
    }
    boolean taken = true;
    while (taken) {
      taken = false;
      for (Account each : greedy) {
        taken |= each.tryTake(1000);
      }
    }
    assertThat(greedy)
        .allSatisfy(each -> assertThat(each.used()).isBetween(LIMIT / 15, LIMIT / 13));
  }

  @Test
  void whoAsksForLittleIsServedBesideGreedyOnes() {
    for (int i = 0; i < 400; i++) {
      takeAll(session(), 100);
    }
    assertThat(takeAll(session(), 100)).isBetween(SHARE - 100, SHARE);
  }

  @Test
  void nothingIsGivenBeyondTheLimitHoweverManyAsk() {
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
      sum += takeAll(session(), 1000);
    }
    assertThat(sum).isLessThanOrEqualTo(LIMIT).isGreaterThan(LIMIT * 9 / 10);
    assertThat(node.used()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void sessionHasALimitOfItsOwn() {
    Account session = new Account(lane, () -> 5000);
    assertThat(session.tryTake(5001)).isFalse();
    assertThat(session.tryTake(5000)).isTrue();
    assertThat(session.tryTake(1)).isFalse();
  }

  @Test
  void realmCannotTakeMoreThanItsPart() {
    Budget realm = node.part(LIMIT / 2);
    assertThat(takeAll(new Account(new Purse(realm), () -> Long.MAX_VALUE), 1000))
        .isBetween(LIMIT / 6, LIMIT / 5);
    assertThat(node.part(2 * LIMIT).limit()).isEqualTo(LIMIT);
  }

  @Test
  void otherRealmsPartShrinksWhatIsFree() {
    Budget one = node.part(LIMIT);
    Budget other = node.part(LIMIT);
    assertThat(one.tryTake(LIMIT - 10)).isTrue();
    assertThat(other.tryTake(11)).isFalse();
    assertThat(other.used()).isZero();
    one.give(LIMIT - 10);
    assertThat(node.used()).isZero();
  }

  @Test
  void whatIsGivenBackIsThereForOthersOnAllLanes() {
    Account session = session();
    takeAll(session, 1000);
    long had = session.used();
    session.give(had);
    assertThat(session.used()).isZero();
    assertThat(node.used()).isLessThanOrEqualTo(2 * LIMIT / 1024);
    assertThat(takeAll(new Account(new Purse(node), () -> Long.MAX_VALUE), 1000))
        .isBetween(had * 19 / 20, had * 21 / 20);
  }

  @Test
  void lanesMeetSeldom() {
    Account session = session();
    assertThat(session.tryTake(1)).isTrue();
    long used = node.used();
    for (int i = 0; i < 100; i++) {
      assertThat(session.tryTake(10)).isTrue();
      session.give(10);
    }
    assertThat(node.used()).isEqualTo(used);
  }
}
