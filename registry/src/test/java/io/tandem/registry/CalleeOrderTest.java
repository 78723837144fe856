package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of callees in a record, whatever leaves it and comes back. */
class CalleeOrderTest {

  private static Callee callee(long session) {
    return new Callee(new NodeId("A", 1), 0, session, 0, false, false);
  }

  private static RegistrationRecord three() {
    return RegistrationRecord.first(9, Instant.EPOCH, InvocationPolicy.FIRST, callee(1))
        .with(callee(2))
        .with(callee(3));
  }

  private static List<Long> sessions(RegistrationRecord record) {
    return record.callees().stream().map(Callee::session).toList();
  }

  @Test
  void calleeThatIsPutBackStandsWhereItStood() {
    RegistrationRecord before = three();
    for (Callee each : before.callees()) {
      RegistrationRecord again = before.without(each).withAgain(each);
      assertThat(again).as("without session %d", each.session()).isEqualTo(before);
    }
  }

  @Test
  void newcomerComesAfterAllThatWerePutBack() {
    Callee last = three().callees().get(2);
    RegistrationRecord again =
        new RegistrationRecord(9, Instant.EPOCH, InvocationPolicy.FIRST, 1, List.of())
            .withAgain(last);
    assertThat(again.nextOrdinal()).isEqualTo(3);
    assertThat(sessions(again.with(callee(4)))).containsExactly(3L, 4L);
    assertThat(again.with(callee(4)).callees()).extracting(Callee::ordinal).containsExactly(2L, 3L);
  }

  @Test
  void calleeThatIsPutBackGivesNoPlaceAgainThatWasGiven() {
    RegistrationRecord four = three().with(callee(4)).without(callee(4));
    RegistrationRecord again = four.without(callee(1)).withAgain(four.callees().get(0));
    assertThat(again.nextOrdinal()).isEqualTo(4);
    assertThat(sessions(again)).containsExactly(1L, 2L, 3L);
  }
}
