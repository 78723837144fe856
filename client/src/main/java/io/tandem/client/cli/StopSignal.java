package io.tandem.client.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM, for a command that runs until then. The JVM waits, but not for ever, until the
 * command has said goodbye and closed this.
 */
final class StopSignal implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 5;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean told;
  private volatile Runnable stop = () -> {};
  private final Thread hook = new Thread(this::tell, "stop-signal");

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Runs the action when the process is told to go, at once if it was. The action must not block,
   * nor mind running twice.
   */
  void onStop(Runnable action) {
    stop = action;
    if (told) {
      action.run();
    }
  }

  private void tell() {
    told = true;
    stop.run();
    awaitFinished();
  }

  private void awaitFinished() {
    try {
      boolean inTime = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!inTime) {
        Runtime.getRuntime().halt(ExitCode.WAMP_ERROR);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command has finished. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException goingDown) {
      // The hook is running: that is what it is for.
    }
  }
}
