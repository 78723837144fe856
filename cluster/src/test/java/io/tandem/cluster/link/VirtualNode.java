package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.entry.CallAddress;
import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.entry.LaneAddress;
import io.tandem.cluster.entry.Publication;
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

  /** Calls with no final answer, by the peer they went to. */
  final Map<NodeId, Map<CallAddress, Entry.Invoke>> calls = new HashMap<>();

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

  void join(NodeId peer) {
    if (isCurrent(peer)) {
      return;
    }
    Link before = links.get(peer.name());
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
        new Link(id, peer, SETTINGS, wire, own, lanes, new LinkCounts(), new Listener(peer));
    links.put(peer.name(), link);
    calls.put(peer, new HashMap<>());
    invocations.put(peer, new HashSet<>());
    link.start();
  }

  private void received(String from, byte[] frame) {
    Link link = links.get(from);
    if (link != null) {
      link.received(frame);
    }
  }

  private Link link(NodeId peer) {
    return links.get(peer.name());
  }

  private boolean isCurrent(NodeId peer) {
    return link(peer) != null && link(peer).peer().equals(peer);
  }

  /** Offers an entry and writes down what was promised. */
  private boolean offer(NodeId peer, int fromLane, int toLane, Entry entry) {
    if (!isCurrent(peer)) {
      return false;
    }
    Frame.Ends ends = link(peer).ends();
    long replaced = link(peer).counts().get(LinkCount.RESULT_REPLACED);
    boolean taken = link(peer).offer(fromLane, toLane, entry).isTaken();
    if (link(peer).counts().get(LinkCount.RESULT_REPLACED) > replaced) {
      ledger.answered(Ledger.call(entry));
    }
    if (taken) {
      ledger.offered(Ledger.Path.out(id, peer, fromLane, ends), entry);
    }
    return taken;
  }

  private final class Listener implements LinkListener {

    private final NodeId peer;

    Listener(NodeId peer) {
      this.peer = peer;
    }

    @Override
    public void opened(int features) {
      assertThat(calls.get(peer)).as("calls left over from an earlier epoch").isEmpty();
      assertThat(features).isEqualTo(1);
    }

    @Override
    public void closed(LinkClosed why, Runnable settled) {
      assertThat(why).isNotIn(LinkClosed.MALFORMED);
      assertThat(held).as("publishers are let go before").doesNotContain(peer);
      ledger.closed.merge(why, 1, Integer::sum);
      calls.get(peer).clear();
      invocations.get(peer).clear();
      later(within(50), settled);
    }

    @Override
    public void received(int toLane, Entry entry, Refund refund) {
      Frame.Ends ends = link(peer).ends();
      int fromLane = lane(entry);
      ledger.received(Ledger.Path.in(id, peer, fromLane, ends), entry);
      later(within(slow ? 3_000 : 5), refund::give);
      if (entry instanceof Entry.Invoke invoke) {
        invocations.get(peer).add(invoke.call());
        later(within(random.nextInt(10) == 0 ? 2_000 : 30), () -> answer(peer, toLane, invoke));
      } else if (entry instanceof Entry.Cancel cancel) {
        canceled(toLane, cancel);
      } else if (!(entry instanceof Entry.Event) && isFinal(entry)) {
        assertThat(calls.get(peer).remove(Ledger.call(entry))).as("one answer").isNotNull();
      }
    }

    private void canceled(int lane, Entry.Cancel cancel) {
      if (!invocations.get(peer).contains(cancel.call())) {
        return;
      } else if (cancel.mode() == CancelMode.KILL) {
        fail(peer, lane, cancel.call());
      } else {
        invocations.get(peer).remove(cancel.call());
      }
    }

    @Override
    public void told(ControlRecord record) {
      Frame.Ends ends = link(peer).ends();
      ledger.told(Ledger.Path.in(id, peer, -1, ends), record);
    }

    @Override
    public void roomToTell() {}

    @Override
    public void gone(long[] members) {}

    @Override
    public void hold() {
      assertThat(held.add(peer)).as("held once").isTrue();
      ledger.holds++;
    }

    @Override
    public void resume() {
      assertThat(held.remove(peer)).as("held before").isTrue();
    }
  }

  private static boolean isFinal(Entry entry) {
    return Cost.isFinal(entry);
  }

  // ---- traffic ----

  /** Something a client of this node may cause. */
  void act(List<NodeId> peers) {
    run(
        () -> {
          NodeId peer = peers.get(random.nextInt(peers.size()));
          int lane = random.nextInt(LANES);
          for (int burst = random.nextInt(12) == 0 ? 80 : 1; burst > 0; burst--) {
            act(peer, lane);
          }
        });
  }

  private void act(NodeId peer, int lane) {
    if (!isCurrent(peer)) {
      return;
    }
    int what = random.nextInt(10);
    if (what < 5) {
      publish(peer, lane);
    } else if (what < 8) {
      call(peer, lane);
    } else if (what == 8) {
      cancel(peer);
    } else {
      Frame.Ends ends = link(peer).ends();
      ControlRecord record = new ControlRecord.Seen(++lastTold);
      if (link(peer).tell(record)) {
        ledger.tell(Ledger.Path.out(id, peer, -1, ends), record);
      }
    }
  }

  private void publish(NodeId peer, int lane) {
    int octets = random.nextInt(40) == 0 ? random.nextInt(90_000) : random.nextInt(400);
    Publication publication =
        new Publication(
            ++lastEvent, "t", lane, Options.EMPTY, Options.EMPTY, Samples.payload(octets));
    offer(peer, lane, LaneAddress.ANY, new Entry.Event("r", publication));
  }

  private void call(NodeId peer, int lane) {
    CallAddress address = new CallAddress(new LaneAddress(id, lane), ++lastCall);
    Entry.Invoke invoke =
        new Entry.Invoke(
            "r", address, 1, lane, Options.EMPTY, Samples.payload(random.nextInt(3_000)));
    if (offer(peer, lane, lane, invoke)) {
      calls.get(peer).put(address, invoke);
      ledger.calls++;
    }
  }

  private void cancel(NodeId peer) {
    List<CallAddress> open = new ArrayList<>(calls.get(peer).keySet());
    if (!open.isEmpty()) {
      CallAddress call = open.get(random.nextInt(open.size()));
      CancelMode mode = List.of(CancelMode.values()).get(random.nextInt(3));
      int lane = call.lane().lane();
      offer(peer, lane, lane, new Entry.Cancel("r", call, mode, "wamp.error.canceled"));
      if (mode != CancelMode.KILL) {
        calls.get(peer).remove(call);
        ledger.canceled.add(call);
      }
    }
  }

  private void answer(NodeId peer, int lane, Entry.Invoke invoke) {
    if (!invocations.get(peer).contains(invoke.call())) {
      return;
    }
    int what = random.nextInt(10);
    int octets = random.nextInt(20) == 0 ? random.nextInt(120_000) : random.nextInt(2_000);
    if (what == 0) {
      invocations.get(peer).remove(invoke.call());
      offer(peer, lane, lane, new Entry.Refused("r", invoke.call(), lane, Entry.Refusal.GONE));
    } else if (what == 1) {
      fail(peer, lane, invoke.call());
    } else if (what < 4) {
      Options progress = Options.of(Keys.PROGRESS, true);
      offer(
          peer,
          lane,
          lane,
          new Entry.Result("r", invoke.call(), progress, Samples.payload(octets)));
      later(within(30), () -> answer(peer, lane, invoke));
    } else {
      invocations.get(peer).remove(invoke.call());
      offer(
          peer,
          lane,
          lane,
          new Entry.Result("r", invoke.call(), Options.EMPTY, Samples.payload(octets)));
    }
  }

  private void fail(NodeId peer, int lane, CallAddress call) {
    invocations.get(peer).remove(call);
    offer(
        peer,
        lane,
        lane,
        new Entry.Failed("r", call, Options.EMPTY, "app.error", Samples.payload(20)));
  }

  /** Calls go and are answered on the caller's lane number, publications carry their lane. */
  private static int lane(Entry entry) {
    return entry instanceof Entry.Event event
        ? (int) event.publication().publisher()
        : Ledger.call(entry).lane().lane();
  }
}
