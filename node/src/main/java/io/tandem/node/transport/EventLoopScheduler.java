package io.tandem.node.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time of one event loop. */
public final class EventLoopScheduler implements Scheduler {

  private final EventLoop eventLoop;

  public EventLoopScheduler(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Future<?> scheduled = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }
}
