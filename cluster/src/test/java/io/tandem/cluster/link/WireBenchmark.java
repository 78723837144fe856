package io.tandem.cluster.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.entry.LaneAddress;
import io.tandem.cluster.entry.Publication;
import io.tandem.cluster.membership.Members;
import io.tandem.cluster.wire.eventbus.EventBusWire;
import io.tandem.cluster.wire.socket.SocketWire;
import io.tandem.protocol.message.Options;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The event bus and plain sockets as the wire between two processes, in turns: CPU time of both
 * processes for an entry of 256 octets, and how long it is on its way.
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
      new Side(Integer.parseInt(args[0]), Integer.parseInt(args[1])).serve();
      return;
    }
    int rounds = args.length == 0 ? 7 : Integer.parseInt(args[0]);
    int base = Members.freePort();
    int other = Members.freePort();
    Side side = new Side(base, other);
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

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** One of the two processes. */
  private static final class Side {
    final NodeId self;
    final NodeId peer;
    final ContextInternal home;
    final ContextInternal lane;
    final Map<String, Wire> wires = new LinkedHashMap<>();
    final Map<String, Link> links = new LinkedHashMap<>();
    final AtomicLong received = new AtomicLong();
    final AtomicLong acknowledged = new AtomicLong();

    private final long[] latencies = new long[1 << 20];
    private int latencyCount;
    private final CountDownLatch linked = new CountDownLatch(2);

    Side(int port, int peerPort) {
      self = new NodeId("node-" + port, port);
      peer = new NodeId("node-" + peerPort, peerPort);
      EventBusWire.Clustered clustered =
          get(
              EventBusWire.start(
                  new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2),
                  self,
                  Members.HOST,
                  port + 1,
                  node -> SocketAddress.inetSocketAddress(peerPort + 1, Members.HOST),
                  new LinkCounts()));
      Vertx vertx = clustered.vertx();
      home = clustered.home();
      ContextInternal next = home;
      while (next.nettyEventLoop() == home.nettyEventLoop()) {
        next = ((VertxInternal) vertx).contextBuilder().build();
      }
      lane = next;
      wires.put("bus", get(clustered.open(home, List.of(lane), frame -> receive("bus", frame))));
      wires.put(
          "socket",
          get(
              SocketWire.open(
                  vertx,
                  Members.HOST,
                  port + 2,
                  home,
                  List.of(lane),
                  node -> SocketAddress.inetSocketAddress(peerPort + 2, Members.HOST),
                  new LinkCounts(),
                  frame -> receive("socket", frame))));
    }

    /** A raw frame opens with 0; a link's with its version, which is 1. */
    private void receive(String wire, byte[] frame) {
      if (frame[0] != 0) {
        Link link = links.get(wire);
        if (link != null) {
          link.received(frame);
        }
      } else if (frame.length == 1 + Long.BYTES) {
        acknowledged.set(ByteBuffer.wrap(frame, 1, Long.BYTES).getLong());
      } else {
        long sum = received.addAndGet(frame.length);
        if (frame[1] != 0) {
          wires
              .get(wire)
              .send(
                  peer,
                  Wire.NODE,
                  ByteBuffer.allocate(1 + Long.BYTES).put((byte) 0).putLong(sum).array());
        }
      }
    }

    void link() throws InterruptedException {
      CountDownLatch started = new CountDownLatch(1);
      home.runOnContext(
          go -> {
            wires.forEach(
                (name, wire) -> {
                  Link link =
                      new Link(
                          self,
                          peer,
                          LinkSettings.of(1),
                          wire,
                          loop(home),
                          List.of(loop(lane)),
                          new LinkCounts(),
                          new Sink());
                  links.put(name, link);
                  link.start();
                });
            started.countDown();
          });
      started.await();
      linked.await();
    }

    private static Loop loop(ContextInternal context) {
      return new Loop(
          context.nettyEventLoop(),
          new Scheduler() {
            @Override
            public long nanoTime() {
              return System.nanoTime();
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
              var timer =
                  context.nettyEventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
              return () -> timer.cancel(false);
            }
          });
    }

    /** Answers what the other process asks for, a line each. */
    void serve() throws Exception {
      PrintStream out = System.out;
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      out.println("up");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        switch (line) {
          case "link" -> {
            link();
            out.println("linked");
          }
          case "reset" -> {
            latencyCount = 0;
            received.set(0);
            out.println(cpuNanos());
          }
          default -> {
            long cpu = cpuNanos();
            long[] sorted = Arrays.copyOf(latencies, latencyCount);
            Arrays.sort(sorted);
            int n = sorted.length;
            out.println(
                cpu
                    + " "
                    + received.get()
                    + " "
                    + n
                    + " "
                    + (n == 0 ? 0 : sorted[n / 2])
                    + " "
                    + (n == 0 ? 0 : sorted[n * 99 / 100]));
          }
        }
      }
      System.exit(0);
    }

    /** Consumes at once; the publication ID of an event is the time of its sending. */
    private final class Sink implements LinkListener {

      @Override
      public void opened(int features) {
        linked.countDown();
      }

      @Override
      public void closed(LinkClosed why, Runnable settled) {
        System.err.println("closed: " + why);
        settled.run();
      }

      @Override
      public void received(int toLane, Entry entry, Refund refund) {
        if (entry instanceof Entry.Event event && latencyCount < latencies.length) {
          latencies[latencyCount++] = System.nanoTime() - event.publication().id();
        }
        refund.give();
      }

      @Override
      public void told(ControlRecord record) {}

      @Override
      public void roomToTell() {}

      @Override
      public void gone(long[] members) {}

      @Override
      public void hold() {}

      @Override
      public void resume() {}
    }
  }

  /** What the first process does. */
  private static final class Measurement {
    private final Side side;
    private final PrintStream toChild;
    private final BufferedReader fromChild;
    private final Map<String, List<double[]>> figures = new LinkedHashMap<>();

    Measurement(Side side, Process child) throws IOException {
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
            record(counts, "saturated, batches of " + batch, wire, w -> saturate(w, batch));
          }
        }
        for (int rate : new int[] {20_000, 60_000}) {
          for (String wire : order) {
            record(counts, "links, " + rate + " entries/s", wire, w -> pace(w, rate));
          }
        }
      }
      System.out.printf(
          "%-28s %-7s %10s %9s %9s %9s %9s %9s%n",
          "", "", "entries/s", "send ns", "recv ns", "sum ns", "p50 us", "p99 us");
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

    private void record(boolean counts, String what, String wire, Consumer<String> work)
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
      double entries =
          Math.max(
              (double) Long.parseLong(report[1]) / ENTRY_OCTETS, Double.parseDouble(report[2]));
      if (counts) {
        figures
            .computeIfAbsent(what + "/ " + wire, key -> new ArrayList<>())
            .add(
                new double[] {
                  entries * 1e9 / elapsed,
                  ours / entries,
                  theirs / entries,
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
                wire.send(side.peer, 1, ++count % every == 0 ? asks : frame);
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
          Entry event =
              new Entry.Event(
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
