package io.tandem.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tandem.bench.FakeServer;
import io.tandem.bench.wire.Acceptor.Greeted;
import io.tandem.bench.wire.Wire;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.DrivesVertx;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

@DrivesVertx
class StalledServerTest {

  private static final long STALL = Duration.ofMillis(400).toNanos();
  private static final int STALLED_AFTER = 300;

  /** Sends everything back, and takes a long break once. */
  private static final class Echo implements Greeted {
    private Wire wire;
    private int messages;

    @Override
    public void onOpen(Wire opened) {
      wire = opened;
    }

    @Override
    public void onMessage(ByteBuf message) {
      if (++messages == STALLED_AFTER) {
        long end = System.nanoTime() + STALL;
        while (System.nanoTime() < end) {
          LockSupport.parkNanos(end - System.nanoTime());
        }
      }
      wire.send(message);
    }

    @Override
    public void onEnd(String why) {}
  }

  @Test
  void everyMessageThatWasMeantToLeaveInAStallCounts(Vertx vertx) {
    LoadPlan plan = new LoadPlan(LoadPlan.Kind.RPC, Serializer.JSON, 1, 1, 64, 500, 1, 1);
    FakeServer server = new FakeServer(vertx, Echo::new);
    try (Generator generator = new Generator(plan, new RelayTarget(server.address()))) {
      generator.open();
      generator.beginMeasuring();
      generator.start();
      generator.run(Duration.ofSeconds(2).toNanos());
      generator.endMeasuring();
      long missing = generator.finish(Duration.ofMinutes(4).toNanos());
      Histogram latencies = generator.latencies();

      assertThat(missing).isZero();
      assertThat(latencies.getTotalCount()).isGreaterThan(900);
      // 200 messages were meant to leave in the stall. A generator that waited for answers would
      // have sent one of them, and its 99th percentile would know nothing of it.
      assertThat(latencies.getValueAtPercentile(99)).isGreaterThan(STALL / 2);
      assertThat(latencies.getCountBetweenValues(STALL / 10, Long.MAX_VALUE / 2))
          .isGreaterThan(150);
    }
  }
}
