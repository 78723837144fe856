package io.tandem.bench.load;

import io.netty.channel.EventLoop;
import io.tandem.bench.wire.TurnFlusher;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One event loop of the generator: its senders, their pace, and what it measures. */
final class GeneratorLane {

  /** Timers closer together than this cost more than they say. */
  private static final long SHORTEST_WAIT_NANOS = 50_000;

  private final ContextInternal context;
  private final EventLoop eventLoop;
  private final TurnFlusher flusher;
  private final Meter meter = new Meter();
  private final List<Sender> senders = new ArrayList<>();
  private final long origin;
  private volatile long threadId;
  private boolean stopped;
  private int next;

  GeneratorLane(ContextInternal context, long origin) {
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
    this.flusher = new TurnFlusher(eventLoop);
    this.origin = origin;
    eventLoop.execute(() -> threadId = Thread.currentThread().getId());
  }

  TurnFlusher flusher() {
    return flusher;
  }

  Meter meter() {
    return meter;
  }

  /** The thread of this event loop, once it runs. */
  long threadId() {
    return threadId;
  }

  /** Nanoseconds since the generator began. */
  long now() {
    return System.nanoTime() - origin;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Runs the task here; its outcome may be awaited anywhere. */
  Future<?> call(Supplier<Future<?>> task) {
    Promise<Object> outcome = Promise.promise();
    context.runOnContext(
        here -> {
          try {
            task.get().onComplete(outcome::complete, outcome::fail);
          } catch (RuntimeException failure) {
            outcome.tryFail(failure);
          }
        });
    return outcome.future();
  }

  /** On this lane. */
  void add(Sender sender) {
    senders.add(sender);
  }

  /** Any thread. */
  void execute(Runnable task) {
    eventLoop.execute(task);
  }

  /** Lets each sender have this many messages under way. */
  void startLoops(int window) {
    execute(
        () -> {
          for (Sender sender : senders) {
            for (int i = 0; i < window; i++) {
              sender.send(now());
            }
          }
        });
  }

  /** Sends at this rate for each sender, in turns. The phase is a part of the interval, 0 to 1. */
  void startPace(double ratePerSender, double phase) {
    execute(
        () -> {
          double rate = ratePerSender * senders.size();
          if (rate > 0) {
            tick(new Pacer(rate, now() + phase * 1e9 / rate, this::sendInTurn));
          }
        });
  }

  private void sendInTurn(long intended) {
    senders.get(next).send(intended);
    next = (next + 1) % senders.size();
  }

  private void tick(Pacer pacer) {
    if (stopped) {
      return;
    }
    long wait = Math.max(SHORTEST_WAIT_NANOS, pacer.advance(now()) - now());
    eventLoop.schedule(() -> tick(pacer), wait, TimeUnit.NANOSECONDS);
  }

  /** Sends nothing any more once this completes; what is under way may still arrive. */
  Future<?> stop() {
    return call(
        () -> {
          stopped = true;
          return Future.succeededFuture();
        });
  }
}
