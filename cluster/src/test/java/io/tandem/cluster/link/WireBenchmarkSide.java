package io.tandem.cluster.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.eventbus.EventBusWire;
import io.tandem.cluster.wire.socket.SocketWire;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One of the two processes of {@link WireBenchmark}. */
final class WireBenchmarkSide {
  final NodeId self;
  final NodeId otherNode;
  final ContextInternal home;
  final ContextInternal lane;
  final Map<String, Wire> wires = new LinkedHashMap<>();
  final Map<String, Link> links = new LinkedHashMap<>();
  final AtomicLong received = new AtomicLong();
  final AtomicLong acknowledged = new AtomicLong();

  private final long[] latencies = new long[1 << 20];
  private int latencyCount;
  private final CountDownLatch linked = new CountDownLatch(2);

  WireBenchmarkSide(int port, int otherNodePort) {
    self = new NodeId("node-" + port, port);
    otherNode = new NodeId("node-" + otherNodePort, otherNodePort);
    EventBusWire.Clustered clustered =
        WireBenchmark.get(
            EventBusWire.start(
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2),
                self,
                Members.HOST,
                port + 1,
                node -> SocketAddress.inetSocketAddress(otherNodePort + 1, Members.HOST),
                new LinkCounts(),
                Gatekeeper.ofLinks(Members.KEY, self)));
    Vertx vertx = clustered.vertx();
    home = clustered.home();
    ContextInternal next = home;
    while (next.nettyEventLoop() == home.nettyEventLoop()) {
      next = ((VertxInternal) vertx).contextBuilder().build();
    }
    lane = next;
    wires.put(
        "bus",
        WireBenchmark.get(clustered.open(home, List.of(lane), frame -> receive("bus", frame))));
    wires.put(
        "socket",
        WireBenchmark.get(
            SocketWire.open(
                vertx,
                Members.HOST,
                port + 2,
                home,
                List.of(lane),
                node -> SocketAddress.inetSocketAddress(otherNodePort + 2, Members.HOST),
                new LinkCounts(),
                Gatekeeper.ofLinks(Members.KEY, self),
                frame -> receive("socket", frame))));
  }

  /** A raw frame opens with 0; a link's with its version, which is more. */
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
                otherNode,
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
                        otherNode,
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
          out.println(WireBenchmark.cpuNanos());
        }
        default -> {
          long cpu = WireBenchmark.cpuNanos();
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
  private final class Sink extends QuietListener {

    @Override
    public void opened(int features) {
      linked.countDown();
    }

    @Override
    public void closed(LinkClosed why, Runnable cleared) {
      System.err.println("closed: " + why);
      cleared.run();
    }

    @Override
    public void received(int toLane, Delivery delivery, Refund refund) {
      if (delivery instanceof Delivery.Event event && latencyCount < latencies.length) {
        latencies[latencyCount++] = System.nanoTime() - event.publication().id();
      }
      refund.give();
    }
  }
}
