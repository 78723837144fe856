package io.tandem.node.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** What logs in the end, for tests that want to see the lines. */
public final class LogBackend {

  private LogBackend() {}

  /** This logger, and never the stand-in that there is until another thread has made them. */
  public static Logger logger(String name) {
    while (true) {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext made) {
        return made.getLogger(name);
      }
      Thread.onSpinWait();
    }
  }
}
