package io.tandem.node.balance;

import io.tandem.cluster.nodes.NodeSessions;
import io.tandem.node.config.RebalanceConfig;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nodes that rebalance, with clients in front of them who connect again, in virtual time. */
final class VirtualBalance {

  static final RebalanceConfig RULES = new RebalanceConfig(true, 20, 10, Duration.ofMinutes(1));

  /** How a client finds a node. */
  enum Balancer {
    ROUND_ROBIN,
    LEAST_CONNECTIONS,
    RANDOM,
    /** The same node for the same address, as long as it serves. */
    SOURCE,
    /** Each client knows one node only. */
    NONE,
    /** Clients that are sent away stay away. */
    GONE_FOR_GOOD
  }

  enum State {
    SERVES,
    /** In step, and not ready: it says nothing of its sessions. */
    JOINS,
    DRAINS,
    DOWN
  }

  static final class Client {
    final int address;
    final int home;
    int moves;

    /** The node that parted with it last; -1 for none. */
    int from = -1;

    long dueAt;
    long since;

    Client(int address, int home) {
      this.address = address;
      this.home = home;
    }
  }

  final class Node {
    final int number;
    State state = State.SERVES;

    /** Of an earlier release: it takes part in nothing. */
    boolean mute;

    final Deque<Client> clients = new ArrayDeque<>();
    private long incarnation;
    Rebalance rebalance;
    private NodeSessions.@Nullable Other told;
    long parted;

    Node(int number) {
      this.number = number;
      this.incarnation = ++lives;
      this.rebalance = new Rebalance(incarnation, RULES);
    }

    void state(State next) {
      state = next;
      if (next != State.SERVES) {
        told = null;
      }
      if (next == State.DRAINS || next == State.DOWN) {
        clients.forEach(VirtualBalance.this::comeBack);
        clients.clear();
      } else if (next == State.JOINS) {
        incarnation = ++lives;
        rebalance = new Rebalance(incarnation, RULES);
      }
    }
  }

  /** That a node parted with sessions. */
  record Shedding(long second, int by, int sessions) {}

  /** From one node to another. */
  record Way(int from, int to) {}

  final List<Node> nodes = new ArrayList<>();
  final List<Shedding> sheddings = new ArrayList<>();
  final Set<Way> ways = new HashSet<>();
  private final PriorityQueue<Client> away =
      new PriorityQueue<>(Comparator.comparingLong((Client client) -> client.dueAt));
  private final Random random;
  private final Balancer balancer;
  long second;
  private long lives;
  private int turn;
  long lost;

  VirtualBalance(int count, Balancer balancer, long seed) {
    this.random = new Random(seed);
    this.balancer = balancer;
    IntStream.range(0, count).forEach(i -> nodes.add(new Node(i)));
  }

  /** So many clients connect. */
  void connect(int clients, int addresses) {
    for (int i = 0; i < clients; i++) {
      place(new Client(random.nextInt(addresses), random.nextInt(nodes.size())));
    }
  }

  /** So many clients, who look for the first node if the balancer lets them, are there. */
  void crowd(int clients) {
    for (int i = 0; i < clients; i++) {
      nodes.get(0).clients.add(new Client(0, 0));
    }
  }

  Node join() {
    Node node = new Node(nodes.size());
    node.state(State.JOINS);
    nodes.add(node);
    return node;
  }

  void restart(Node node) {
    node.state(State.DRAINS);
    run(5);
    node.state(State.DOWN);
    run(20);
    node.state(State.JOINS);
    run(5);
    node.state(State.SERVES);
    run(20);
  }

  void run(long seconds) {
    for (long end = second + seconds; second < end; second++) {
      while (!away.isEmpty() && away.peek().dueAt <= second) {
        place(away.remove());
      }
      List<Node> all = List.copyOf(nodes);
      all.stream().filter(node -> node.state == State.SERVES).forEach(this::look);
      all.stream().filter(node -> node.state == State.SERVES).forEach(this::tell);
    }
  }

  private void look(Node node) {
    if (node.mute) {
      return;
    }
    List<NodeSessions.Other> others = new ArrayList<>();
    boolean all = true;
    for (Node each : nodes) {
      if (each != node && each.state != State.DOWN) {
        all &= each.told != null;
        others.add(each.told);
      }
    }
    long now = Duration.ofSeconds(second).toNanos();
    int due = node.rebalance.look(now, node.clients.size(), all ? others : null);
    List<Client> chosen =
        due == 0
            ? List.of()
            : youngestFirst(node.clients)
                .filter(each -> each.since * 1_000_000_000 < node.rebalance.begunAt())
                .limit(due)
                .toList();
    int done = chosen.size();
    if (done > 0) {
      sheddings.add(new Shedding(second, node.number, done));
      node.clients.removeAll(Set.copyOf(chosen));
    }
    for (Client client : chosen) {
      client.moves++;
      client.from = node.number;
      comeBack(client);
    }
    node.parted += done;
    node.rebalance.parted(done);
  }

  private static Stream<Client> youngestFirst(Deque<Client> clients) {
    Iterator<Client> all = clients.descendingIterator();
    return Stream.generate(() -> all.hasNext() ? all.next() : null).takeWhile(Objects::nonNull);
  }

  private void tell(Node node) {
    if (!node.mute) {
      Rebalance.Stage stage = node.rebalance.stage();
      node.told =
          new NodeSessions.Other(
              new NodeId("node" + node.number, node.incarnation),
              node.clients.size(),
              stage == Rebalance.Stage.WAITS,
              stage == Rebalance.Stage.SHEDS);
    }
  }

  private void comeBack(Client client) {
    if (balancer == Balancer.GONE_FOR_GOOD && client.moves > 0) {
      lost++;
      return;
    }
    client.dueAt = second + 1 + random.nextInt(8);
    away.add(client);
  }

  private void place(Client client) {
    List<Node> choice = serving().toList();
    Node node =
        choice.isEmpty()
            ? null
            : switch (balancer) {
              case ROUND_ROBIN -> choice.get(turn++ % choice.size());
              case LEAST_CONNECTIONS, GONE_FOR_GOOD ->
                  choice.stream()
                      .min(Comparator.comparingInt((Node each) -> each.clients.size()))
                      .orElseThrow();
              case RANDOM -> choice.get(random.nextInt(choice.size()));
              case SOURCE -> choice.get(client.address % choice.size());
              case NONE ->
                  choice.stream()
                      .filter(each -> each.number == client.home)
                      .findFirst()
                      .orElse(null);
            };
    if (node == null) {
      comeBack(client);
    } else {
      client.since = second;
      node.clients.add(client);
      if (client.from >= 0 && client.from != node.number) {
        ways.add(new Way(client.from, node.number));
      }
      client.from = -1;
    }
  }

  private Stream<Node> serving() {
    return nodes.stream().filter(node -> node.state == State.SERVES);
  }

  long parted() {
    return sheddings.stream().mapToLong(Shedding::sessions).sum();
  }

  Stream<Client> clients() {
    return nodes.stream().flatMap(node -> node.clients.stream());
  }

  double mean() {
    return serving().mapToInt(node -> node.clients.size()).average().orElseThrow();
  }

  /** How many all nodes together have above the mean. */
  double excess() {
    double mean = mean();
    return serving().mapToDouble(node -> Math.max(0, node.clients.size() - mean)).sum();
  }

  /** The most that any node may have in the end: by the tolerance, or by chance. */
  double bound() {
    double mean = mean();
    return mean + Math.max(Math.max(mean / 5, 4 * Math.sqrt(mean)), 10);
  }

  int largest() {
    return serving().mapToInt(node -> node.clients.size()).max().orElseThrow();
  }

  @Override
  public String toString() {
    return balancer + " " + nodes.stream().map(node -> node.clients.size()).toList();
  }
}
