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

/** What a node logs when the record cannot be changed, as while the cluster loses a node. */
class RecordOutageTest {

  private static final Logger LOG = LogBackend.logger("io.tandem.node.router");

  /** Of this world alone, which is in this thread; other tests run beside it. */
  private final ListAppender<ILoggingEvent> lines =
      new ListAppender<>() {
        private final String thread = Thread.currentThread().getName();

        @Override
        protected void append(ILoggingEvent line) {
          if (line.getThreadName().equals(thread)) {
            super.append(line);
          }
        }
      };

  @BeforeEach
  void listen() {
    lines.start();
    LOG.addAppender(lines);
  }

  @AfterEach
  void stop() {
    LOG.detachAppender(lines);
  }

  @Test
  void requestThatFailsIsOneLineWithItsReasonAndNoStackTrace() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      outage(world, true);
      alice.says("[64,1,{},'com.add']");
      alice.says("[32,2,{},'com.news']");
      world.untilTheRecordIsGivenUp();
      outage(world, false);
      world.untilTheRecordIsGivenUp();
      assertThat(alice.hears()).hasSize(2);
      assertThat(told()).hasSize(2).allMatch(line -> line.contains("planted"));
    }
  }

  /** The sessions of a node that loses its record end in great number. */
  @Test
  void whatCannotBeWithdrawnIsToldInAFewLines() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      for (int i = 0; i < 30; i++) {
        alice.registers("com.add" + i);
        alice.subscribes("com.news" + i);
      }
      outage(world, true);
      alice.leave();
      world.untilTheRecordIsGivenUp();
      outage(world, false);
      assertThat(told()).hasSize(10).allMatch(line -> line.contains("still names"));
      world.advance(Duration.ofSeconds(10));
      world.registrations.records.clear();
      world.subscriptions.records.clear();
    }
  }

  /** Of a life that is over the others free what it held. */
  @Test
  void lifeThatIsOverSaysNothingOfWhatItCannotWithdraw() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.registers("com.add");
      alice.subscribes("com.news");
      outage(world, true);
      world.nodes.get(0).router.expire();
      alice.leave();
      world.untilTheRecordIsGivenUp();
      outage(world, false);
      assertThat(told()).isEmpty();
      world.registrations.records.clear();
      world.subscriptions.records.clear();
    }
  }

  private static void outage(World world, boolean begins) {
    world.registrations.outage = begins ? new IllegalStateException("planted") : null;
    world.subscriptions.outage = world.registrations.outage;
  }

  /** All that was logged, none with a stack trace. */
  private List<String> told() {
    assertThat(lines.list).allMatch(line -> line.getThrowableProxy() == null);
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
