package io.tandem.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

  private final Tally tally = new Tally();

  @Test
  void answeredCallsAreWhole() {
    long call = tally.begin();
    tally.calleeAnswers(call);
    tally.result(call, call);
    assertThat(tally.isWhole()).isTrue();
  }

  @Test
  void aCallWithoutAnAnswerIsNotWhole() {
    tally.begin();
    assertThat(tally.open()).isEqualTo(1);
    assertThat(tally.isWhole()).isFalse();
  }

  @Test
  void anErrorIsNotWhole() {
    tally.begin();
    tally.error("wamp.error.canceled");
    assertThat(tally.isWhole()).isFalse();
    assertThat(tally)
        .hasToString(
            "1 calls: 0 results, errors {wamp.error.canceled=1}, 0 cut by the end of their connection"
                + " and repeated, of which 0 were answered by a callee, 0 without an answer");
  }

  @Test
  void theResultOfAnotherCallIsNotWhole() {
    tally.result(tally.begin(), 7);
    assertThat(tally.isWhole()).isFalse();
  }

  @Test
  void aCallThatNoCalleeSawMayBeCut() {
    tally.cut(tally.begin());
    assertThat(tally.isWhole()).isTrue();
  }

  @Test
  void aCallThatACalleeAnsweredMayNotBeCut() {
    long call = tally.begin();
    tally.calleeAnswers(call);
    tally.cut(call);
    assertThat(tally.isWhole()).isFalse();
  }

  @Test
  void aCalleeThatAnswersACutCallLateHasItsAnswerLost() {
    long call = tally.begin();
    tally.cut(call);
    tally.calleeAnswers(call);
    assertThat(tally.isWhole()).isFalse();
  }
}
