package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.MalformedException;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * CPU time for a delivery: its item written and read, and its whole way through two links without a
 * network. Run {@code main}; prints the median of the rounds.
 */
final class LinkBenchmark {

  private static final int ROUNDS = 15;
  private static final int ENTRIES = 50_000;

  private LinkBenchmark() {}

  public static void main(String[] args) throws Exception {
    Delivery event =
        new Delivery.Event(
            "realm1",
            new Publication(
                1L << 50,
                "com.example.some.topic",
                1L << 51,
                Options.EMPTY,
                Options.EMPTY,
                Samples.payload(256)));
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, 1), 1_000);
    Delivery invoke =
        new Delivery.Invoke("realm1", call, 77, 1L << 52, Options.EMPTY, Samples.payload(256));
    print("event, item written and read", () -> codec(event));
    print("call, item written and read", () -> codec(invoke));
    print("event through two links, 64 a frame", () -> links(event, 64));
    print("event through two links, 8 a frame", () -> links(event, 8));
    print("event through two links, 1 a frame", () -> links(event, 1));
  }

  /** One round. */
  private interface Round {
    void run() throws Exception;
  }

  private static void print(String what, Round round) throws Exception {
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      round.run();
      nanos[i] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
    Arrays.sort(nanos);
    System.out.printf("%-40s %6d ns%n", what, nanos[ROUNDS / 2] / ENTRIES);
  }

  private static void codec(Delivery delivery) throws MalformedException {
    DeliveryCodec here = new DeliveryCodec(Samples.SELF, Samples.OTHER_NODE);
    DeliveryCodec there = new DeliveryCodec(Samples.OTHER_NODE, Samples.SELF);
    ByteSink sink = new ByteSink(1024);
    for (int i = 0; i < ENTRIES; i++) {
      sink.reset();
      here.write(sink, 1, delivery);
      if (there.readDelivery(sink.array(), 0, sink.length()) == null) {
        throw new IllegalStateException();
      }
    }
  }

  private static void links(Delivery delivery, int perFrame) {
    VirtualTime time = new VirtualTime();
    Loop loop = new Loop(Runnable::run, time);
    Deque<byte[]> toThere = new ArrayDeque<>();
    Deque<byte[]> toHere = new ArrayDeque<>();
    List<Delivery> received = new ArrayList<>();
    LinkSettings settings = LinkSettings.of(1);
    Link here =
        new Link(
            Samples.SELF,
            Samples.OTHER_NODE,
            settings,
            (to, stream, frame) -> toThere.add(frame),
            loop,
            List.of(loop),
            new LinkCounts(),
            new Sink(received));
    Link there =
        new Link(
            Samples.OTHER_NODE,
            Samples.SELF,
            settings,
            (to, stream, frame) -> toHere.add(frame),
            loop,
            List.of(loop),
            new LinkCounts(),
            new Sink(received));
    here.start();
    there.start();
    for (int i = 0; i < ENTRIES; ) {
      while (!toThere.isEmpty() || !toHere.isEmpty()) {
        if (!toThere.isEmpty()) {
          there.received(toThere.remove());
        }
        if (!toHere.isEmpty()) {
          here.received(toHere.remove());
        }
      }
      for (int one = 0; one < perFrame; one++) {
        i += here.offer(0, LaneAddress.ANY, delivery).isTaken() ? 1 : 0;
      }
      received.clear();
      time.runUntil(time.now() + 2_000_000, () -> {});
    }
  }

  /** Consumes at once. */
  private static final class Sink extends QuietListener {
    private final List<Delivery> received;

    Sink(List<Delivery> received) {
      this.received = received;
    }

    @Override
    public void closed(LinkClosed why, Runnable cleared) {
      throw new IllegalStateException("closed: " + why);
    }

    @Override
    public void received(int toLane, Delivery delivery, Refund refund) {
      received.add(delivery);
      refund.give();
    }
  }
}
