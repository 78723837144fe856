package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.tandem.testing.Patience;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Buffers that were never released, of all nodes in this JVM, as Netty's detector logs them. The
 * build sets it to look at every buffer.
 */
final class Leaks {

  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  private Leaks() {}

  /** Starts to listen. */
  static void watch() {
    AppenderBase<ILoggingEvent> listener =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            FOUND.add(event.getFormattedMessage());
          }
        };
    listener.start();
    LogBackend.logger(ResourceLeakDetector.class.getName()).addAppender(listener);
  }

  /** Collects garbage, and fails when a buffer is among it. */
  static void assertNone() {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    Reference<Object> canary = new WeakReference<>(new Object(), collected);
    System.gc();
    try {
      assertThat(collected.remove(Patience.LIMIT.toMillis())).as("the collection").isSameAs(canary);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The detector tells what it found when the next buffer is made.
    PooledByteBufAllocator.DEFAULT.buffer().release();
    assertThat(FOUND).as("leaked buffers").isEmpty();
  }
}
