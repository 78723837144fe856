package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.simulation.VirtualNetwork;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Two or three nodes under a virtual clock and network, with every fault that a network and a node
 * have. A run is a function of its seed, which a failure prints: {@code -Dtandem.simulation.seed=N}
 * repeats one, {@code -Dtandem.simulation.seeds=N} runs more.
 */
class LinkSimulationTest {

  private static final Duration TROUBLE = Duration.ofSeconds(8);
  private static final Duration DETECTION = Duration.ofSeconds(4);
  private static final Duration CONVERGENCE = Duration.ofSeconds(5);

  /** The window, a room for each answer and two for cancels, and the control stream's bound. */
  private static final long MAY_BE_KEPT =
      VirtualNode.SETTINGS.windowOctets()
          + 3L * Cost.ROOM * VirtualNode.SETTINGS.maxCalls()
          + (1 << 20);

  private static final Duration QUIET = Duration.ofSeconds(6);

  @Test
  void linksKeepTheirPromisesUnderEveryFault() {
    long only = Long.getLong("tandem.simulation.seed", -1);
    long count = only >= 0 ? 1 : Long.getLong("tandem.simulation.seeds", 100);
    Ledger total = new Ledger();
    for (long i = 0; i < count; i++) {
      long seed = only >= 0 ? only : i;
      try {
        new Run(seed, total).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("simulation seed " + seed + ": " + e.getMessage(), e);
      }
    }
    System.out.printf(
        "%d seeds: %d deliveries delivered, %d calls, %d results replaced, %d holds, epochs ended %s%n",
        count, total.delivered, total.calls, total.replaced, total.holds, total.closed);
  }

  /** One seed. */
  private static final class Run {

    private final Random random;
    private final Ledger total;
    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network;
    private final Ledger ledger = new Ledger();
    private final List<VirtualNode> nodes = new ArrayList<>();
    private final List<NodeId> ids = new ArrayList<>();

    /** Since when the way between two nodes is broken, by what one node or network does. */
    private final Map<VirtualNetwork.Way, Long> broken = new HashMap<>();

    private boolean trouble = true;

    Run(long seed, Ledger total) {
      this.random = new Random(seed);
      this.total = total;
      this.network = new VirtualNetwork(time, random);
    }

    void run() {
      int count = 2 + random.nextInt(2);
      network.loss = random.nextInt(3) * 0.03;
      network.duplicates = random.nextInt(3) * 0.05;
      for (int i = 0; i < count; i++) {
        ids.add(new NodeId("n" + i, 1));
        nodes.add(new VirtualNode(ids.get(i), time, network, random, ledger));
      }
      for (VirtualNode node : nodes) {
        ids.stream().filter(id -> !id.equals(node.id)).forEach(node::join);
      }
      for (int i = 0; i < count; i++) {
        act(i);
      }
      time.after(Duration.ofMillis(300 + random.nextInt(1_000)), this::fault);
      time.runUntil(TROUBLE.toNanos(), this::check);
      trouble = false;
      network.loss = 0;
      time.runUntil(time.now() + Duration.ofSeconds(7).toNanos(), this::check); // faults end
      assertThat(broken).isEmpty();
      time.runUntil(time.now() + CONVERGENCE.toNanos(), this::check);
      checkConverged();
      time.runUntil(time.now() + QUIET.toNanos(), this::check);
      checkQuiet();
      total.delivered += ledger.delivered;
      total.calls += ledger.calls;
      total.replaced += ledger.replaced;
      total.holds += ledger.holds;
      ledger.closed.forEach((why, times) -> total.closed.merge(why, times, Integer::sum));
    }

    private void act(int node) {
      List<NodeId> otherNodes = new ArrayList<>(ids);
      otherNodes.remove(node);
      if (trouble) {
        nodes.get(node).act(otherNodes);
        time.after(Duration.ofMillis(1 + random.nextInt(80)), () -> act(node));
      }
    }

    // ---- faults ----

    private void fault() {
      if (!trouble) {
        return;
      }
      int one = random.nextInt(nodes.size());
      int other = (one + 1 + random.nextInt(nodes.size() - 1)) % nodes.size();
      switch (random.nextInt(7)) {
        case 0 -> partition(one, other);
        case 1 -> freeze(one, 4_000);
        case 2 -> crash(one);
        case 3 -> slow(one);
        case 4 -> freeze(one, random.nextInt(3_000));
        case 5 -> breakPath(one, other);
        default -> network.reconnect(ids.get(one).name(), ids.get(other).name());
      }
      time.after(Duration.ofMillis(random.nextInt(3_000)), this::fault);
    }

    /** Only the link itself can find out, and must. */
    private void breakPath(int one, int other) {
      int stream = random.nextInt(VirtualNode.LANES + 1);
      network.breakPath(ids.get(one).name(), ids.get(other).name(), stream);
    }

    private void partition(int one, int other) {
      String left = ids.get(one).name();
      String right = ids.get(other).name();
      if (broken.containsKey(new VirtualNetwork.Way(left, right))) {
        return;
      }
      network.cut(left, right, true);
      breakWays(one, other);
      time.after(
          Duration.ofMillis(random.nextInt(6_000)),
          () -> {
            network.cut(left, right, false);
            mendWays(one, other);
          });
    }

    private void freeze(int one, int millis) {
      VirtualNode node = nodes.get(one);
      if (node.isFrozen() || node.isDead()) {
        return;
      }
      node.freeze();
      breakNode(one);
      time.after(
          Duration.ofMillis(millis),
          () -> {
            node.thaw();
            mendNode(one);
          });
    }

    private void crash(int one) {
      VirtualNode node = nodes.get(one);
      if (node.isFrozen() || node.isDead()) {
        return;
      }
      node.crash();
      breakNode(one);
      time.after(Duration.ofMillis(random.nextInt(5_000)), () -> restart(one));
    }

    /** The node starts over, and the others hear of it at different times. */
    private void restart(int one) {
      NodeId next = new NodeId(ids.get(one).name(), ids.get(one).incarnation() + 1);
      VirtualNode node = new VirtualNode(next, time, network, random, ledger);
      ids.set(one, next);
      nodes.set(one, node);
      for (int other = 0; other < nodes.size(); other++) {
        if (other != one) {
          NodeId otherNode = ids.get(other);
          node.join(otherNode);
          int index = other;
          time.after(Duration.ofMillis(random.nextInt(1_000)), () -> learn(index, one, next));
        }
      }
    }

    private void learn(int node, int of, NodeId id) {
      if (nodes.get(node).isFrozen()) {
        time.after(Duration.ofMillis(100), () -> learn(node, of, id));
      } else if (ids.get(of).equals(id)) {
        if (!nodes.get(node).isDead()) {
          nodes.get(node).join(id);
        }
        mendWays(node, of);
      }
    }

    private void slow(int one) {
      VirtualNode node = nodes.get(one);
      node.slow = true;
      time.after(Duration.ofMillis(random.nextInt(3_000)), () -> node.slow = false);
    }

    private void breakNode(int one) {
      for (int other = 0; other < nodes.size(); other++) {
        if (other != one) {
          breakWays(one, other);
        }
      }
    }

    private void mendNode(int one) {
      for (int other = 0; other < nodes.size(); other++) {
        if (other != one) {
          mendWays(one, other);
        }
      }
    }

    private void breakWays(int one, int other) {
      ways(one, other).forEach(way -> broken.putIfAbsent(way, time.now()));
    }

    private void mendWays(int one, int other) {
      ways(one, other).forEach(broken::remove);
    }

    private List<VirtualNetwork.Way> ways(int one, int other) {
      String left = ids.get(one).name();
      String right = ids.get(other).name();
      return List.of(new VirtualNetwork.Way(left, right), new VirtualNetwork.Way(right, left));
    }

    // ---- invariants ----

    /** After every step. */
    private void check() {
      for (VirtualNode node : nodes) {
        if (!node.isDead() && !node.isFrozen()) {
          node.links.forEach((otherNode, link) -> check(node, otherNode, link));
        }
      }
    }

    private void check(VirtualNode node, String otherNode, Link link) {
      if (link.octetsKept() > MAY_BE_KEPT) {
        throw new AssertionError(
            node.id + " keeps " + link.octetsKept() + " octets for " + otherNode);
      }
      Long since = broken.get(new VirtualNetwork.Way(node.id.name(), otherNode));
      if (since != null && link.isOpen() && time.now() - since > DETECTION.toNanos()) {
        throw new AssertionError(node.id + " still takes " + otherNode + " for reachable");
      }
    }

    private void checkConverged() {
      for (VirtualNode node : nodes) {
        node.links.forEach(
            (otherNode, link) ->
                assertThat(link.isOpen()).as("%s -> %s", node.id, otherNode).isTrue());
      }
    }

    /** When all is done, all has arrived and every call has ended. */
    private void checkQuiet() {
      for (VirtualNode node : nodes) {
        for (Link link : node.links.values()) {
          assertThat(link.isDelivered()).as("delivered %s", link.otherNode()).isTrue();
          assertThat(link.creditLeft())
              .as("credit returned by %s", link.otherNode())
              .isEqualTo(VirtualNode.SETTINGS.windowOctets());
          assertThat(link.callsUnderWay()).as("calls on %s", link.otherNode()).isZero();
          assertThat(node.held).isEmpty();
          assertThat(node.calls.get(link.otherNode())).as("calls without an end").isEmpty();
          Frame.Ends ends = link.ends();
          for (int lane = 0; lane < VirtualNode.LANES; lane++) {
            ledger.checkNothingIsMissing(Ledger.Path.out(node.id, link.otherNode(), lane, ends));
          }
        }
      }
    }
  }
}
