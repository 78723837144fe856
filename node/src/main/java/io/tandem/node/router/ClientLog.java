package io.tandem.node.router;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What clients make a lane log: a few lines in a period, and then how many more there were. Clients
 * can provoke as many as they like. Belongs to its lane.
 */
public final class ClientLog {

  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

  private static final int LINES_IN_A_PERIOD = 10;
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private long began;
  private int lines;
  private int more;

  public ClientLog(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Writes a line to this log, or counts it. */
  public void line(Logger log, Level level, String format, @Nullable Object... arguments) {
    line(LogSubject.NONE, log, level, format, arguments);
  }

  /** The same, with what the line is about. */
  public void line(
      LogSubject about, Logger log, Level level, String format, @Nullable Object... arguments) {
    if (!log.isEnabledForLevel(level)) {
      return;
    }
    long now = scheduler.nanoTime();
    if (more == 0 && now - began >= PERIOD.toNanos()) {
      began = now;
      lines = 0;
    }
    if (lines < LINES_IN_A_PERIOD) {
      lines++;
      about.on(log.atLevel(level)).log(format, arguments);
    } else if (more++ == 0) {
      scheduler.schedule(PERIOD.minusNanos(now - began), this::tellMore);
    }
  }

  /**
   * Writes a line about what the record did not take, or counts it. That is nobody's defect, a
   * stack trace would say no more, and where many sessions end at once they are many.
   */
  void outage(Logger log, String format, Object what, @Nullable Throwable failure) {
    line(log, Level.WARN, format + ": {}", what, String.valueOf(failure));
  }

  private void tellMore() {
    LOG.info("... and {} more lines about clients in {} s", more, PERIOD.toSeconds());
    more = 0;
  }
}
