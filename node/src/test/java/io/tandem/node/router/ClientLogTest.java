package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tandem.node.testing.LogBackend;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class ClientLogTest {

  private final Logger logger = LogBackend.logger(ClientLog.class.getName());
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final ManualClock clock = new ManualClock();
  private final ClientLog log = new ClientLog(clock.scheduler(Runnable::run));

  @BeforeEach
  void listen() {
    written.start();
    logger.setLevel(ch.qos.logback.classic.Level.INFO);
    logger.addAppender(written);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(written);
    logger.setLevel(null);
  }

  private void say(int times) {
    for (int i = 0; i < times; i++) {
      log.line(logger, Level.INFO, "client {} is wrong", i);
    }
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void fewLinesAreWrittenAndTheRestIsCounted() {
    say(322);
    assertThat(lines()).hasSize(10).endsWith("client 9 is wrong");
    clock.advance(Duration.ofSeconds(10));
    assertThat(lines()).hasSize(11).endsWith("... and 312 more lines about clients in 10 s");
  }

  @Test
  void afterAPeriodThereAreLinesAgain() {
    say(10);
    clock.advance(Duration.ofSeconds(10));
    say(1);
    assertThat(lines()).hasSize(11).endsWith("client 0 is wrong");
  }

  @Test
  void failureKeepsItsStackTrace() {
    log.line(logger, Level.ERROR, "{} failed", "x", new IllegalStateException("why"));
    assertThat(written.list.get(0).getThrowableProxy().getMessage()).isEqualTo("why");
  }
}
