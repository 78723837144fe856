package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.simulation.VirtualNetwork;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One life of one simulated node: it publishes, calls, answers, cancels, consumes at its own pace
 * and clears up after its links. A frozen node does nothing, and then everything it has missed.
 */
final class VirtualNode {

  static final int LANES = 2;
  static final LinkSettings SETTINGS =
      new LinkSettings(
          LANES,
          1,
          256 << 10,
          100 << 10,
          1 << 20,
          48,
          Duration.ofSeconds(3),
          Duration.ofMillis(100));

  final NodeId id;
  final Map<String, Link> links = new HashMap<>();

  /** Calls with no final answer, by the other node they went to. */
  final Map<NodeId, Map<CallAddress, Delivery.Invoke>> calls = new HashMap<>();

  /** What the last epoch of each link has come to. */
  final Set<NodeId> held = new HashSet<>();

  private final VirtualTime time;
  private final VirtualNetwork network;
  private final Random random;
  private final Ledger ledger;
  private final Map<NodeId, Set<CallAddress>> invocations = new HashMap<>();

  /** Answers and cancels, each lane's to each node, in the order in which they were decided. */
  private final List<Runnable> missed = new ArrayList<>();

  private final VirtualLoops loops;

  private boolean frozen;
  private boolean dead;
  boolean slow;
  private long lastCall;
  private long lastEvent;
  private long lastTold;

  VirtualNode(NodeId id, VirtualTime time, VirtualNetwork network, Random random, Ledger ledger) {
    this.id = id;
    this.time = time;
    this.network = network;
    this.random = random;
    this.ledger = ledger;
    this.loops = new VirtualLoops(time, random, this::later);
    network.attach(id.name(), arrival -> run(() -> received(arrival.from(), arrival.frame())));
  }

  // ---- life ----

  void freeze() {
    frozen = true;
  }

  void thaw() {
    frozen = false;
    List<Runnable> tasks = new ArrayList<>(missed);
    missed.clear();
    tasks.forEach(this::run);
  }

  void crash() {
    dead = true;
    network.detach(id.name());
  }

  boolean isDead() {
    return dead;
  }

  boolean isFrozen() {
    return frozen;
  }

  private void run(Runnable task) {
    if (frozen) {
      missed.add(task);
    } else if (!dead) {
      task.run();
    }
  }

  private void later(Duration delay, Runnable task) {
    time.after(delay, () -> run(task));
  }

  private Duration within(int millis) {
    return Duration.ofNanos(1_000_000L * random.nextInt(millis) + random.nextInt(1_000_000));
  }

  // ---- links ----

  void join(NodeId otherNode) {
    if (isCurrent(otherNode)) {
      return;
    }
    Link before = links.get(otherNode.name());
    if (before != null) {
      before.stop();
    }
    Loop own = loops.next();
    List<Loop> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(loops.next());
    }
    Wire wire =
        new Wire() {
          @Override
          public void send(NodeId to, int stream, byte[] frame) {
            network.send(id.name(), to.name(), stream, frame);
          }

          @Override
          public void renew(NodeId to) {
            network.renew(id.name(), to.name());
          }
        };
    Link link =
        new Link(
            id, otherNode, SETTINGS, wire, own, lanes, new LinkCounts(), new Listener(otherNode));
    links.put(otherNode.name(), link);
    calls.put(otherNode, new HashMap<>());
    invocations.put(otherNode, new HashSet<>());
    link.start();
  }

  private void received(String from, byte[] frame) {
    Link link = links.get(from);
    if (link != null) {
      link.received(frame);
    }
  }

  private Link link(NodeId otherNode) {
    return links.get(otherNode.name());
  }

  private boolean isCurrent(NodeId otherNode) {
    return link(otherNode) != null && link(otherNode).otherNode().equals(otherNode);
  }

  /** Offers a delivery and writes down what was promised. */
  private boolean offer(NodeId otherNode, int fromLane, int toLane, Delivery delivery) {
    if (!isCurrent(otherNode)) {
      return false;
    }
    Frame.Ends ends = link(otherNode).ends();
    long replaced = link(otherNode).counts().get(LinkCount.RESULT_REPLACED);
    boolean taken = link(otherNode).offer(fromLane, toLane, delivery).isTaken();
    if (link(otherNode).counts().get(LinkCount.RESULT_REPLACED) > replaced) {
      ledger.answered(Ledger.call(delivery));
    }
    if (taken) {
      ledger.offered(Ledger.Path.out(id, otherNode, fromLane, ends), delivery);
    }
    return taken;
  }

  private final class Listener implements LinkListener {

    private final NodeId otherNode;

    Listener(NodeId otherNode) {
      this.otherNode = otherNode;
    }

    @Override
    public void opened(int features) {
      assertThat(calls.get(otherNode)).as("calls left over from an earlier epoch").isEmpty();
      assertThat(features).isEqualTo(1);
    }

    @Override
    public void closed(LinkClosed why, Runnable cleared) {
      assertThat(why).isNotIn(LinkClosed.MALFORMED);
      assertThat(held).as("publishers are let go before").doesNotContain(otherNode);
      ledger.closed.merge(why, 1, Integer::sum);
      calls.get(otherNode).clear();
      invocations.get(otherNode).clear();
      later(within(50), cleared);
    }

    @Override
    public void received(int toLane, Delivery delivery, Refund refund) {
      Frame.Ends ends = link(otherNode).ends();
      int fromLane = lane(delivery);
      ledger.received(Ledger.Path.in(id, otherNode, fromLane, ends), delivery);
      later(within(slow ? 3_000 : 5), refund::give);
      if (delivery instanceof Delivery.Invoke invoke) {
        invocations.get(otherNode).add(invoke.call());
        later(
            within(random.nextInt(10) == 0 ? 2_000 : 30), () -> answer(otherNode, toLane, invoke));
      } else if (delivery instanceof Delivery.Cancel cancel) {
        canceled(toLane, cancel);
      } else if (!(delivery instanceof Delivery.Event) && isFinal(delivery)) {
        assertThat(calls.get(otherNode).remove(Ledger.call(delivery))).as("one answer").isNotNull();
      }
    }

    private void canceled(int lane, Delivery.Cancel cancel) {
      if (!invocations.get(otherNode).contains(cancel.call())) {
        return;
      } else if (cancel.mode() == CancelMode.KILL) {
        fail(otherNode, lane, cancel.call());
      } else {
        invocations.get(otherNode).remove(cancel.call());
      }
    }

    @Override
    public void told(Notice item) {
      Frame.Ends ends = link(otherNode).ends();
      ledger.told(Ledger.Path.in(id, otherNode, -1, ends), item);
    }

    @Override
    public void roomToTell() {}

    @Override
    public void gone(long[] members) {}

    @Override
    public void hold() {
      assertThat(held.add(otherNode)).as("held once").isTrue();
      ledger.holds++;
    }

    @Override
    public void resume() {
      assertThat(held.remove(otherNode)).as("held before").isTrue();
    }
  }

  private static boolean isFinal(Delivery delivery) {
    return Cost.isFinal(delivery);
  }

  // ---- traffic ----

  /** Something a client of this node may cause. */
  void act(List<NodeId> otherNodes) {
    run(
        () -> {
          NodeId otherNode = otherNodes.get(random.nextInt(otherNodes.size()));
          int lane = random.nextInt(LANES);
          for (int burst = random.nextInt(12) == 0 ? 80 : 1; burst > 0; burst--) {
            act(otherNode, lane);
          }
        });
  }

  private void act(NodeId otherNode, int lane) {
    if (!isCurrent(otherNode)) {
      return;
    }
    int what = random.nextInt(10);
    if (what < 5) {
      publish(otherNode, lane);
    } else if (what < 8) {
      call(otherNode, lane);
    } else if (what == 8) {
      cancel(otherNode);
    } else {
      Frame.Ends ends = link(otherNode).ends();
      Notice item = new Notice.Seen(++lastTold);
      if (link(otherNode).tell(item)) {
        ledger.tell(Ledger.Path.out(id, otherNode, -1, ends), item);
      }
    }
  }

  private void publish(NodeId otherNode, int lane) {
    int octets = random.nextInt(40) == 0 ? random.nextInt(90_000) : random.nextInt(400);
    Publication publication =
        new Publication(
            ++lastEvent, "t", lane, Options.EMPTY, Options.EMPTY, Samples.payload(octets));
    offer(otherNode, lane, LaneAddress.ANY, new Delivery.Event("r", publication));
  }

  private void call(NodeId otherNode, int lane) {
    CallAddress address = new CallAddress(new LaneAddress(id, lane), ++lastCall);
    Delivery.Invoke invoke =
        new Delivery.Invoke(
            "r", address, 1, lane, Options.EMPTY, Samples.payload(random.nextInt(3_000)));
    if (offer(otherNode, lane, lane, invoke)) {
      calls.get(otherNode).put(address, invoke);
      ledger.calls++;
    }
  }

  private void cancel(NodeId otherNode) {
    List<CallAddress> open = new ArrayList<>(calls.get(otherNode).keySet());
    if (!open.isEmpty()) {
      CallAddress call = open.get(random.nextInt(open.size()));
      CancelMode mode = List.of(CancelMode.values()).get(random.nextInt(3));
      int lane = call.lane().lane();
      offer(otherNode, lane, lane, new Delivery.Cancel("r", call, mode, "wamp.error.canceled"));
      if (mode != CancelMode.KILL) {
        calls.get(otherNode).remove(call);
        ledger.canceled.add(call);
      }
    }
  }

  private void answer(NodeId otherNode, int lane, Delivery.Invoke invoke) {
    if (!invocations.get(otherNode).contains(invoke.call())) {
      return;
    }
    int what = random.nextInt(10);
    int octets = random.nextInt(20) == 0 ? random.nextInt(120_000) : random.nextInt(2_000);
    if (what == 0) {
      invocations.get(otherNode).remove(invoke.call());
      offer(
          otherNode,
          lane,
          lane,
          new Delivery.Refused("r", invoke.call(), lane, Delivery.Refusal.GONE));
    } else if (what == 1) {
      fail(otherNode, lane, invoke.call());
    } else if (what < 4) {
      Options progress = Options.of(Keys.PROGRESS, true);
      offer(
          otherNode,
          lane,
          lane,
          new Delivery.Result("r", invoke.call(), progress, Samples.payload(octets)));
      later(within(30), () -> answer(otherNode, lane, invoke));
    } else {
      invocations.get(otherNode).remove(invoke.call());
      offer(
          otherNode,
          lane,
          lane,
          new Delivery.Result("r", invoke.call(), Options.EMPTY, Samples.payload(octets)));
    }
  }

  private void fail(NodeId otherNode, int lane, CallAddress call) {
    invocations.get(otherNode).remove(call);
    offer(
        otherNode,
        lane,
        lane,
        new Delivery.Failed("r", call, Options.EMPTY, "app.error", Samples.payload(20)));
  }

  /** Calls go and are answered on the caller's lane number, publications carry their lane. */
  private static int lane(Delivery delivery) {
    return delivery instanceof Delivery.Event event
        ? (int) event.publication().publisher()
        : Ledger.call(delivery).lane().lane();
  }
}
