package io.tandem.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventTallyTest {

  private final EventTally tally = new EventTally();
  private final EventTally.Receiver receiver = tally.receiver();

  @BeforeEach
  void subscribe() {
    tally.begin();
    receiver.subscribed();
  }

  private int acknowledged() {
    int publication = tally.begin();
    tally.acknowledged(publication);
    return publication;
  }

  @Test
  void acknowledgedEventsThatCameAreWhole() {
    receiver.event(acknowledged(), 1);
    assertThat(tally.isWhole()).isTrue();
  }

  @Test
  void acknowledgedEventThatDidNotComeIsMissing() {
    acknowledged();
    receiver.event(acknowledged(), 1);
    assertThat(tally.missing()).isEqualTo(1);
    assertThat(tally.isWhole()).isFalse();
    assertThat(tally)
        .hasToString(
            "3 publications, 2 acknowledged, errors {}: 1 subscribers that stayed miss 1 of them;"
                + " 0 came twice, 0 out of order; 0 subscribers went");
  }

  @Test
  void whatWasPublishedBeforeOrNotAcknowledgedIsNotOwed() {
    tally.acknowledged(0);
    tally.begin();
    assertThat(tally.missing()).isZero();
  }

  @Test
  void whoWentIsOwedNothing() {
    acknowledged();
    receiver.ended();
    assertThat(tally.missing()).isZero();
  }

  @Test
  void eventThatComesTwiceIsNotWhole() {
    int publication = acknowledged();
    receiver.event(publication, 1);
    receiver.event(publication, 1);
    assertThat(tally.isWhole()).isFalse();
  }

  @Test
  void orderIsThatOfEachPublisher() {
    int first = acknowledged();
    int second = acknowledged();
    int third = acknowledged();
    receiver.event(second, 1);
    receiver.event(first, 2);
    assertThat(tally.missing()).isEqualTo(1);
    receiver.event(third, 1);
    assertThat(tally.isWhole()).isTrue();
    EventTally.Receiver other = tally.receiver();
    other.subscribed();
    int fourth = acknowledged();
    int fifth = acknowledged();
    other.event(fifth, 1);
    other.event(fourth, 1);
    receiver.event(fourth, 1);
    receiver.event(fifth, 1);
    assertThat(tally.isWhole()).isFalse();
  }

  @Test
  void errorIsNotWhole() {
    receiver.event(acknowledged(), 1);
    tally.error("wamp.error.unavailable");
    assertThat(tally.isWhole()).isFalse();
  }
}
