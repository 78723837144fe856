package io.tandem.node.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tandem.node.router.Tracing;
import io.tandem.node.testing.LogBackend;
import io.tandem.node.tracing.Collector.Answer;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of spans and of who tells them, whatever the collector does. */
class OutletTest {

  private static final Duration NO_END = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static void tell(Outlet outlet, int spans) {
    for (int i = 0; i < spans; i++) {
      outlet.tracer().spanBuilder("CALL com.it").startSpan().end();
    }
  }

  private static void untilFailed(Outlet outlet, int spans) {
    Patience.until(spans + " spans have failed", () -> outlet.counts().failed().sum() >= spans);
  }

  /** Others in this JVM may say it of theirs. */
  private static long said(ListAppender<ILoggingEvent> log, String line) {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getFormattedMessage().equals(line))
        .count();
  }

  /** Nothing is answered before the end, so whoever waited for it would still do so. */
  @Test
  void whoTellsSpansWaitsForNoCollectorAndSoManyAreKeptForOneThatIsSilent() {
    try (Collector collector = new Collector(Answer.SILENT)) {
      Outlet outlet = new Outlet(collector.url(), "shop-0", NO_END);
      tell(outlet, 20_000);

      Tracing.Counts counts = outlet.counts();
      assertThat(counts.dropped().sum()).isEqualTo(20_000 - Outlet.MOST_WAITING);
      assertThat(outlet.hasRoom()).isFalse();
      outlet.close();
      untilFailed(outlet, Outlet.MOST_WAITING);
      Patience.until("nobody sends any more", outlet::isOver);
    }
  }

  /** The second of them no timeout of a request ends. */
  @ParameterizedTest
  @EnumSource(names = {"SILENT", "HALF"})
  void whatHangsIsGivenUpAndMakesRoomForOthers(Answer answer) {
    try (Collector collector = new Collector(answer)) {
      Outlet outlet = new Outlet(collector.url(), "shop-0", SHORT);
      tell(outlet, Outlet.MOST_WAITING);
      untilFailed(outlet, Outlet.MOST_WAITING - 512);

      collector.answer(Answer.TAKES);
      tell(outlet, Outlet.MOST_WAITING - 512);
      Patience.until(
          "the others are taken",
          () -> outlet.counts().exported().sum() >= Outlet.MOST_WAITING - 512);
      assertThat(outlet.counts().dropped().sum()).isZero();
      outlet.close();
    }
  }

  /** Batches of different sizes, each of which ends when the one behind it has begun. */
  @ParameterizedTest
  @EnumSource(names = {"SILENT", "HALF"})
  void whatIsGivenUpIsCountedToTheLastSpan(Answer answer) {
    try (Collector collector = new Collector(answer)) {
      Outlet outlet = new Outlet(collector.url(), "shop-0", SHORT);
      tell(outlet, 1);
      Patience.until("it was asked", () -> collector.asked() > 0);
      tell(outlet, 600);
      outlet.close();
      untilFailed(outlet, 601);
      assertThat(outlet.counts().failed().sum()).isEqualTo(601);
      assertThat(outlet.counts().dropped().sum()).isZero();
    }
  }

  @Test
  void whatABusyCollectorDoesNotTakeIsSentAgain() {
    try (Collector collector = new Collector(Answer.BUSY)) {
      Outlet outlet = new Outlet(collector.url(), "shop-0", NO_END);
      tell(outlet, 1);
      Patience.until("it was asked", () -> collector.asked() > 0);
      collector.answer(Answer.TAKES);

      assertThat(collector.span("CALL com.it").getName()).isEqualTo("CALL com.it");
      Patience.until("it counts", () -> outlet.counts().exported().sum() == 1);
      assertThat(outlet.counts().failed().sum()).isZero();
      outlet.close();
    }
  }

  @Test
  void whatACollectorRefusesIsLostAndMakesRoomAndTheLogSaysSoOnce() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = LogBackend.logger(Outlet.class.getName());
    logger.addAppender(log);
    log.start();
    try (Collector collector = new Collector(Answer.REFUSES)) {
      Outlet outlet = new Outlet(collector.url(), "shop-0", Outlet.LONGEST_EXPORT);
      tell(outlet, Outlet.MOST_WAITING);
      untilFailed(outlet, Outlet.MOST_WAITING);
      collector.answer(Answer.TAKES);
      tell(outlet, Outlet.MOST_WAITING);
      Patience.until(
          "the others are taken", () -> outlet.counts().exported().sum() == Outlet.MOST_WAITING);
      assertThat(outlet.counts().dropped().sum()).isZero();
      collector.answer(Answer.REFUSES);
      tell(outlet, 1);
      untilFailed(outlet, Outlet.MOST_WAITING + 1);
      outlet.close();
      String line = "Spans are lost, " + collector.url() + " does not take them";
      Patience.until("it is told again", () -> said(log, line) >= 2);
      assertThat(said(log, line)).isEqualTo(2);
    } finally {
      logger.detachAppender(log);
    }
  }
}
