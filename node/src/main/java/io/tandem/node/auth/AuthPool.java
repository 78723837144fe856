package io.tandem.node.auth;

import io.tandem.protocol.uri.WampUri;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for authenticators that block or compute for long, shared by the realms of a node: a few,
 * with a bounded queue before them. Where that is full the client is refused at once. Who is
 * abandoned leaves the queue, or is interrupted. Any thread.
 */
public final class AuthPool {

  public static final int THREADS = 8;

  /** How many questions may wait for a thread. */
  public static final int WAITING = 256;

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ThreadPoolExecutor threads;

  public AuthPool() {
    this(THREADS, WAITING);
  }

  AuthPool(int threads, int waiting) {
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, "tandem-auth-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.threads.allowCoreThreadTimeOut(true);
  }

  /** Has the question answered on a thread of the pool; an exception refuses the client. */
  public AuthAnswer ask(Callable<? extends AuthStep> question) {
    CompletableFuture<AuthStep> step = new CompletableFuture<>();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              try {
                step.complete(question.call());
              } catch (Throwable failure) {
                step.completeExceptionally(failure);
              }
              return null;
            });
    try {
      threads.execute(task);
    } catch (RejectedExecutionException full) {
      return new AuthStep.Refused(
          WampUri.AUTHENTICATION_FAILED, "too many clients are being authenticated; come again");
    }
    return new AuthAnswer.Later(
        step,
        () -> {
          task.cancel(true);
          threads.remove(task);
        });
  }

  /** How many wait for a thread. */
  int waiting() {
    return threads.getQueue().size();
  }

  /** Answers nobody any more. */
  public void close() {
    threads.shutdownNow();
  }
}
