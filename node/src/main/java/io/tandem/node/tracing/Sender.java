package io.tandem.node.tracing;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that sends batches, one at a time. A batch that still hangs when the next one comes is
 * given up, for the collector may answer half and stop, which no timeout of a request covers.
 * Whoever brings a batch may have to wait for a second.
 */
final class Sender extends ThreadPoolExecutor {

  private static final long IDLE_SECONDS = 60;

  /** For the thread to come back from a batch that is done. */
  private static final long BETWEEN_BATCHES_MILLIS = 100;

  private static final long LONGEST_END_MILLIS = 1_000;

  /** The thread while it has a batch; guarded by this. */
  private @Nullable Thread busy;

  Sender() {
    super(
        0,
        1,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(), // what waits behind a batch is Outlet's affair
        batch -> {
          Thread thread = new Thread(batch, "tandem-spans");
          thread.setDaemon(true);
          return thread;
        });
    setRejectedExecutionHandler((batch, self) -> giveUpFor(batch));
  }

  /**
   * @throws RejectedExecutionException when the thread does not come back, or this has been shut
   *     down
   */
  private void giveUpFor(Runnable next) {
    if (isShutdown()) {
      throw new RejectedExecutionException("no batch is sent any more");
    }
    if (!isTaken(next, BETWEEN_BATCHES_MILLIS)) {
      giveUp();
      if (!isTaken(next, LONGEST_END_MILLIS)) {
        throw new RejectedExecutionException("the batch before hangs");
      }
    }
  }

  private boolean isTaken(Runnable batch, long millis) {
    try {
      return getQueue().offer(batch, millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void giveUp() {
    if (busy != null) {
      busy.interrupt();
    }
  }

  @Override
  protected synchronized void beforeExecute(Thread thread, Runnable batch) {
    busy = thread;
  }

  /** From here on an interruption would meet nobody, or the next batch. */
  @Override
  protected synchronized void afterExecute(Runnable batch, @Nullable Throwable failure) {
    busy = null;
  }
}
