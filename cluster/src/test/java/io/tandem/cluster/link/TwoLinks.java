package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Two links face to face, open, on a wire that the test holds in its hand. */
abstract class TwoLinks {

  static final long WINDOW = 64 << 10;
  static final LinkSettings SETTINGS =
      new LinkSettings(
          2, 7, WINDOW, 32 << 10, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));

  final VirtualTime time = new VirtualTime();
  final Side left = new Side(new NodeId("left", 1));
  final Side right = new Side(new NodeId("right", 9));

  /** One node: its link, the frames on their way to it, and what its listener heard. */
  final class Side implements LinkListener {
    final NodeId id;
    final Deque<byte[]> arriving = new ArrayDeque<>();
    final List<Delivery> deliveries = new ArrayList<>();
    final List<Refund> refunds = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    final List<Notice> controls = new ArrayList<>();
    boolean deaf;
    boolean failing;
    boolean losesData;

    /** Whether the node clears up after an epoch only when it is told to {@link #clear}. */
    boolean clearsLater;

    Link link;

    /** How often a lane's loop has had something to do. */
    int laneTurns;

    /** What the loop does after this turn; null between turns, when it does everything at once. */
    private @Nullable Deque<Runnable> afterwards;

    final List<Runnable> toClear = new ArrayList<>();

    /** The stream whose way is broken until the link begins it anew; -1 when none is. */
    int brokenStream = -1;

    int renewals;

    /** What the lanes do when they wake; null while they are awake. */
    private @Nullable Deque<Runnable> laneTasks;

    /** What is due when the node thaws; null while it is not frozen. */
    private @Nullable Deque<Runnable> missed;

    Side(NodeId id) {
      this.id = id;
    }

    void connect(Side otherNode, LinkSettings settings) {
      Wire wire =
          new Wire() {
            @Override
            public void send(NodeId to, int stream, byte[] frame) {
              if (stream != brokenStream) {
                otherNode.arriving.add(frame);
              }
            }

            @Override
            public void renew(NodeId to) {
              renewals++;
              brokenStream = -1;
            }
          };
      Loop loop = new Loop(this::execute, scheduler);
      Loop lane = new Loop(this::executeOnLane, scheduler);
      link =
          new Link(
              id, otherNode.id, settings, wire, loop, List.of(lane, lane), new LinkCounts(), this);
      link.start();
    }

    private void execute(Runnable task) {
      if (afterwards == null) {
        task.run();
      } else {
        afterwards.add(task);
      }
    }

    void clear() {
      List<Runnable> due = List.copyOf(toClear);
      toClear.clear();
      due.forEach(Runnable::run);
    }

    private void executeOnLane(Runnable task) {
      laneTurns++;
      if (laneTasks == null) {
        execute(task);
      } else {
        laneTasks.add(task);
      }
    }

    private final Scheduler scheduler =
        new Scheduler() {
          @Override
          public long nanoTime() {
            return time.now();
          }

          @Override
          public Timer schedule(Duration delay, Runnable task) {
            return time.after(delay, () -> runDue(task));
          }
        };

    private void runDue(Runnable task) {
      if (missed == null) {
        task.run();
      } else {
        missed.add(task);
      }
    }

    void lanesSleep() {
      laneTasks = new ArrayDeque<>();
    }

    void lanesWake() {
      Deque<Runnable> tasks = laneTasks;
      laneTasks = null;
      tasks.forEach(this::execute);
    }

    /** The node does nothing, and reads nothing of what arrives. */
    void freeze() {
      missed = new ArrayDeque<>();
    }

    /** It does what was due, and then begins to read. */
    void thaw() {
      Deque<Runnable> tasks = missed;
      missed = null;
      tasks.forEach(Runnable::run);
    }

    boolean mayRead() {
      return missed == null && !arriving.isEmpty();
    }

    /** The octets of all frames on their way to this node. */
    long octetsArriving() {
      return arriving.stream().mapToLong(frame -> frame.length).sum();
    }

    long count(LinkCount what) {
      return link.counts().get(what);
    }

    void turn(Runnable work) {
      Deque<Runnable> tasks = new ArrayDeque<>();
      afterwards = tasks;
      work.run();
      afterwards = null;
      tasks.forEach(Runnable::run);
    }

    Delivery last() {
      return deliveries.get(deliveries.size() - 1);
    }

    @Override
    public void opened(int features) {
      heard.add("opened " + features);
    }

    @Override
    public void closed(LinkClosed why, Runnable cleared) {
      heard.add("closed " + why);
      toClear.add(cleared);
      if (!clearsLater) {
        clear();
      }
    }

    @Override
    public void received(int toLane, Delivery delivery, Refund refund) {
      if (failing) {
        throw new IllegalStateException("planted");
      }
      deliveries.add(delivery);
      refunds.add(refund);
    }

    @Override
    public void told(Notice item) {
      controls.add(item);
    }

    @Override
    public void roomToTell() {
      heard.add("room");
    }

    @Override
    public void gone(long[] members) {
      heard.add("gone, of " + Arrays.toString(members));
    }

    @Override
    public void hold() {
      heard.add("hold");
    }

    @Override
    public void resume() {
      heard.add("resume");
    }
  }

  @BeforeEach
  void open() {
    left.connect(right, SETTINGS);
    right.connect(left, SETTINGS);
    pass(Duration.ofMillis(10));
    assertThat(left.heard).containsExactly("opened 7");
    assertThat(right.heard).containsExactly("opened 7");
  }

  /** Lets time pass and frames arrive. */
  final void pass(Duration duration) {
    long end = time.now() + duration.toNanos();
    while (time.now() < end) {
      exchange();
      time.runUntil(Math.min(end, time.now() + 1_000_000), () -> {});
    }
    exchange();
  }

  final void exchange() {
    while (left.mayRead() || right.mayRead()) {
      deliver(left);
      deliver(right);
    }
  }

  /** The next frame arrives, if there is one. */
  static void deliver(Side to) {
    if (!to.mayRead()) {
      return;
    }
    byte[] frame = to.arriving.remove();
    if (!to.deaf && !(to.losesData && read(frame) instanceof Frame.Data)) {
      to.link.received(frame);
    }
  }

  /** All that is on its way arrives there, and nothing comes back. */
  static void deliverAll(Side to) {
    while (to.mayRead()) {
      deliver(to);
    }
  }

  static Frame read(byte[] frame) {
    try {
      return Frame.read(frame);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static Delivery event(int octets) {
    return new Delivery.Event(
        "r", new Publication(1, "t", 2, Options.EMPTY, Options.EMPTY, Samples.payload(octets)));
  }

  /** How long the item of a delivery is, for lane {@code toLane} of the other side. */
  int itemLength(int toLane, Delivery delivery) {
    ByteSink sink = new ByteSink();
    new DeliveryCodec(left.id, right.id).write(sink, toLane, delivery);
    return sink.length();
  }

  /** An event whose item is so long. */
  Delivery eventOfItem(int octets) {
    Delivery event = event(octets - 64);
    return event(2 * octets - 64 - itemLength(LaneAddress.ANY, event));
  }

  static CallAddress call(Side caller, long number) {
    return new CallAddress(new LaneAddress(caller.id, 0), number);
  }

  final boolean invoke(long number) {
    return left.link.offer(0, 1, invoke("r", number, 10)).isTaken();
  }

  final Delivery invoke(String realm, long number, int octets) {
    Payload payload = Samples.payload(octets);
    return new Delivery.Invoke(realm, call(left, number), 1, 2, Options.EMPTY, payload);
  }

  final boolean answer(long number, int octets) {
    return right
        .link
        .offer(
            1,
            0,
            new Delivery.Result("r", call(left, number), Options.EMPTY, Samples.payload(octets)))
        .isTaken();
  }

  /** More credit than what may be on the wire. */
  final void roomy() {
    LinkSettings roomy =
        new LinkSettings(
            2, 7, 4 << 20, 1 << 20, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));
    reconnect(roomy, roomy);
  }

  /** Both begin again with other bounds. */
  final void reconnect(LinkSettings ofLeft, LinkSettings ofRight) {
    left.link.stop();
    right.link.stop();
    left.arriving.clear();
    right.arriving.clear();
    left.connect(right, ofLeft);
    right.connect(left, ofRight);
    pass(Duration.ofMillis(500));
  }

  /** The right side fails on what comes, which ends its epoch. */
  final void breakEpoch() {
    right.failing = true;
    left.link.offer(0, LaneAddress.ANY, event(10));
    byte[] frame = right.arriving.removeLast();
    assertThatThrownBy(() -> right.link.received(frame)).hasMessage("planted");
    right.failing = false;
  }
}
