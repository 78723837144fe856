package io.tandem.cluster.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.membership.Members;
import io.tandem.protocol.message.Options;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The event bus and plain sockets as the wire between two processes, in turns: CPU time of both
 * processes for a delivery of 256 octets, and how long it is on its way.
 *
 * <p>Saturated: batches as links make them, from a lane's event loop, as many under way as a stream
 * has on the wire. Paced: events one by one through links. Prints medians of the rounds. Both
 * processes have both wires open all the time.
 *
 * <p>Run with {@code mvn -B -pl cluster -am test-compile dependency:build-classpath
 * -Dmdep.outputFile=/tmp/classpath} and {@code java -cp
 * cluster/target/test-classes:cluster/target/classes:$(cat /tmp/classpath)
 * -Djava.util.concurrent.ForkJoinPool.common.parallelism=2 io.tandem.cluster.link.WireBenchmark
 * ROUNDS}.
 */
public final class WireBenchmark {

  private static final int ENTRY_OCTETS = 290;
  private static final int UNDER_WAY_OCTETS = 256 << 10;
  private static final long ROUND_NANOS = Duration.ofSeconds(3).toNanos();

  private WireBenchmark() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 1) {
      new WireBenchmarkSide(Integer.parseInt(args[0]), Integer.parseInt(args[1])).serve();
      return;
    }
    int rounds = args.length == 0 ? 7 : Integer.parseInt(args[0]);
    int base = Members.freePort();
    int other = Members.freePort();
    WireBenchmarkSide side = new WireBenchmarkSide(base, other);
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx1g",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
            "-cp",
            System.getProperty("java.class.path"),
            WireBenchmark.class.getName(),
            Integer.toString(other),
            Integer.toString(base));
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      new Measurement(side, child).run(rounds);
    } finally {
      child.destroyForcibly();
      System.exit(0);
    }
  }

  static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** What the first process does. */
  private static final class Measurement {
    private final WireBenchmarkSide side;
    private final PrintStream toChild;
    private final BufferedReader fromChild;
    private final Map<String, List<double[]>> figures = new LinkedHashMap<>();

    Measurement(WireBenchmarkSide side, Process child) throws IOException {
      this.side = side;
      toChild = new PrintStream(child.getOutputStream(), true, UTF_8);
      fromChild = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8));
      if (!"up".equals(fromChild.readLine())) {
        throw new IllegalStateException("the other process did not start");
      }
    }

    void run(int rounds) throws Exception {
      toChild.println("link");
      side.link();
      fromChild.readLine();
      for (int round = -1; round < rounds; round++) { // the first one warms up
        boolean counts = round >= 0;
        List<String> order = new ArrayList<>(side.wires.keySet());
        if (round % 2 != 0) {
          Collections.reverse(order);
        }
        for (int batch : new int[] {64, 8, 1}) {
          for (String wire : order) {
            item(counts, "saturated, batches of " + batch, wire, w -> saturate(w, batch));
          }
        }
        for (int rate : new int[] {20_000, 60_000}) {
          for (String wire : order) {
            item(counts, "links, " + rate + " deliveries/s", wire, w -> pace(w, rate));
          }
        }
      }
      System.out.printf(
          "%-28s %-7s %10s %9s %9s %9s %9s %9s%n",
          "", "", "deliveries/s", "send ns", "recv ns", "sum ns", "p50 us", "p99 us");
      figures.forEach(
          (key, all) -> {
            double[] m = new double[5];
            for (int i = 0; i < m.length; i++) {
              int field = i;
              m[i] = all.stream().mapToDouble(f -> f[field]).sorted().toArray()[all.size() / 2];
            }
            String[] names = key.split("/ ", 2);
            System.out.printf(
                "%-28s %-7s %10.0f %9.0f %9.0f %9.0f %9.1f %9.1f%n",
                names[0], names[1], m[0], m[1], m[2], m[1] + m[2], m[3] / 1000, m[4] / 1000);
          });
    }

    private void item(boolean counts, String what, String wire, Consumer<String> work)
        throws Exception {
      toChild.println("reset");
      long theirs = Long.parseLong(fromChild.readLine());
      side.received.set(0);
      long start = System.nanoTime();
      long ours = cpuNanos();
      work.accept(wire);
      long elapsed = System.nanoTime() - start;
      ours = cpuNanos() - ours;
      toChild.println("report");
      String[] report = fromChild.readLine().split(" ", -1);
      theirs = Long.parseLong(report[0]) - theirs;
      double deliveries =
          Math.max(
              (double) Long.parseLong(report[1]) / ENTRY_OCTETS, Double.parseDouble(report[2]));
      if (counts) {
        figures
            .computeIfAbsent(what + "/ " + wire, key -> new ArrayList<>())
            .add(
                new double[] {
                  deliveries * 1e9 / elapsed,
                  ours / deliveries,
                  theirs / deliveries,
                  Double.parseDouble(report[3]),
                  Double.parseDouble(report[4])
                });
      }
    }

    /** From the lane's loop, as a stream does: room for more comes with an acknowledgement. */
    private void saturate(String name, int batch) {
      Wire wire = side.wires.get(name);
      byte[] frame = new byte[batch * ENTRY_OCTETS];
      byte[] asks = frame.clone();
      asks[1] = 1;
      int every = Math.max(1, UNDER_WAY_OCTETS / 4 / frame.length);
      side.acknowledged.set(0);
      long end = System.nanoTime() + ROUND_NANOS;
      CountDownLatch done = new CountDownLatch(1);
      Runnable turn =
          new Runnable() {
            private long sent;
            private int count;

            @Override
            public void run() {
              if (System.nanoTime() > end) {
                if (side.acknowledged.get() < sent - (long) every * frame.length) {
                  LockSupport.parkNanos(100_000);
                  side.lane.nettyEventLoop().execute(this);
                  return;
                }
                done.countDown();
                return;
              }
              boolean room = false;
              while (sent - side.acknowledged.get() < UNDER_WAY_OCTETS) {
                room = true;
                wire.send(side.otherNode, 1, ++count % every == 0 ? asks : frame);
                sent += frame.length;
              }
              if (!room) {
                LockSupport.parkNanos(20_000);
              }
              side.lane.nettyEventLoop().execute(this);
            }
          };
      side.lane.nettyEventLoop().execute(turn);
      await(done);
    }

    /** One by one, at times that have nothing to do with the link's. */
    private void pace(String name, int rate) {
      Link link = side.links.get(name);
      long start = System.nanoTime();
      long sent = 0;
      for (long now = start; now < start + ROUND_NANOS; now = System.nanoTime()) {
        long due = (now - start) * rate / 1_000_000_000L;
        long time = now;
        for (; sent < due; sent++) {
          Delivery event =
              new Delivery.Event(
                  "realm1",
                  new Publication(
                      time,
                      "com.example.some.topic",
                      1L << 51,
                      Options.EMPTY,
                      Options.EMPTY,
                      Samples.payload(256)));
          side.lane.nettyEventLoop().execute(() -> link.offer(0, LaneAddress.ANY, event));
        }
        LockSupport.parkNanos(1_000_000_000L / rate);
      }
      CountDownLatch done = new CountDownLatch(1);
      side.lane.nettyEventLoop().schedule(done::countDown, 50, TimeUnit.MILLISECONDS);
      await(done);
    }

    private static void await(CountDownLatch done) {
      try {
        done.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
