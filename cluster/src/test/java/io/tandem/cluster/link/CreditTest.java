package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may be on its way: what it costs, who may draw on it, and when more is granted. */
class CreditTest {

  private static final CallAddress CALL = new CallAddress(new LaneAddress(Samples.SELF, 0), 1);

  private final Credit credit = new Credit(100);
  private final List<Long> advertised = new ArrayList<>();
  private final Intake intake = new Intake(80, this::advertise);

  private void advertise() {
    advertised.add(intake.granted());
  }

  // ---- costs ----

  @Test
  void whatBringsNoRoomCostsItsOctetsAndItsShareOfAFrame() {
    Options progress = Options.of(Keys.PROGRESS, true);
    Delivery invoke = new Delivery.Invoke("r", CALL, 1, 2, Options.EMPTY, Payload.EMPTY);
    assertThat(Cost.of(new Samples(1).event(), 100)).isEqualTo(164);
    assertThat(Cost.of(invoke, 100)).isEqualTo(164);
    assertThat(Cost.of(new Delivery.Result("r", CALL, progress, Payload.EMPTY), 100))
        .isEqualTo(164);
  }

  @Test
  void answerAndCancelCostWhatGoesBeyondTheRoomOfTheirCall() {
    List<Delivery> deliveries =
        List.of(
            new Delivery.Result("r", CALL, Options.EMPTY, Payload.EMPTY),
            new Delivery.Failed("r", CALL, Options.EMPTY, "e", Payload.EMPTY),
            new Delivery.Refused("r", CALL, 2, Delivery.Refusal.GONE),
            new Delivery.Cancel("r", CALL, CancelMode.KILL, "e"));
    for (Delivery delivery : deliveries) {
      assertThat(Cost.of(delivery, 10)).isZero();
      assertThat(Cost.of(delivery, 512 - 64)).isZero();
      assertThat(Cost.of(delivery, 512 - 64 + 1)).isEqualTo(1);
      assertThat(Cost.of(delivery, 1_000)).isEqualTo(1_000 + 64 - 512);
    }
  }

  // ---- drawing on it ----

  @Test
  void creditIsDrawnToTheLastOctetAndAllOrNothing() {
    assertThat(credit.take(60)).isTrue();
    assertThat(credit.take(41)).isFalse();
    assertThat(credit.free()).isEqualTo(40);
    assertThat(credit.take(40)).isTrue();
    assertThat(credit.free()).isZero();
    assertThat(credit.take(1)).isFalse();
  }

  @Test
  void overdraftHasToBePaidBackFirst() {
    credit.overdraw(150);
    assertThat(credit.free()).isEqualTo(-50);
    credit.grant(150);
    assertThat(credit.take(1)).isFalse();
    credit.grant(151);
    assertThat(credit.take(1)).isTrue();
  }

  @Test
  void grantThatComesLateTakesNothingBack() {
    credit.grant(200);
    credit.grant(150);
    assertThat(credit.free()).isEqualTo(200);
  }

  @Test
  void creditIsShortBelowAQuarterAndRoomyFromAHalf() {
    credit.take(50);
    assertThat(credit.isRoomy()).isTrue();
    assertThat(credit.isShort()).isFalse();
    credit.take(1);
    assertThat(credit.isRoomy()).isFalse();
    credit.take(24);
    assertThat(credit.isShort()).as("a quarter is left").isFalse();
    credit.take(1);
    assertThat(credit.isShort()).isTrue();
  }

  // ---- granting it ----

  @Test
  void nodeIsToldOnceAnEighthOfTheWindowIsConsumed() {
    intake.consumed(9);
    assertThat(advertised).isEmpty();
    assertThat(intake.granted()).isEqualTo(89);
    intake.consumed(1);
    assertThat(advertised).containsExactly(90L);
    intake.consumed(9);
    assertThat(advertised).hasSize(1);
    intake.consumed(1);
    assertThat(advertised).containsExactly(90L, 100L);
  }
}
