package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.meta.MetaApi;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.kept.LocalKeptRecord;
import io.tandem.registry.record.LocalRouterIds;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.SessionDetails;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Nodes and clients in one thread: real routers, joined by links and a shared record in memory.
 * Every client is a strict one (see {@link TestClient}); closing the world ends all sessions and
 * checks that nothing is left of them anywhere.
 */
final class World implements AutoCloseable {

  static final String REALM = "realm1";
  static final String OTHER_REALM = "realm2";

  final Turns turns;
  final ManualClock clock = new ManualClock();
  final List<TestNode> nodes = new ArrayList<>();
  final List<TestClient> clients = new ArrayList<>();
  final MemoryStore<Resource, SubscriptionRecord> subscriptions;
  final MemoryStore<Resource, RegistrationRecord> registrations;

  /** The sessions that nodes can look up, by ID. */
  final Map<Long, SessionDetails> directory = new TreeMap<>();

  final MemoryWills wills;

  /** What all nodes keep of publications. */
  final LocalKeptRecord kept = new LocalKeptRecord(InstantSource.system());

  /** IDs given to sessions that the nodes themselves have. */
  long claimed;

  /** What sessions may make a node keep. */
  final long memory;

  private final Map<Long, Integer> publications = new HashMap<>();
  private final List<MetaApi> metas = new ArrayList<>();
  private boolean paused;

  World(int lanes) {
    this(1, lanes, 1, realm -> {});
  }

  World(int lanes, Consumer<TestRealm> settings) {
    this(1, lanes, 1, settings);
  }

  World(int nodeCount, int lanes, long seed, Consumer<TestRealm> settings) {
    turns = new Turns(seed);
    subscriptions = new MemoryStore<>(turns.of("store"));
    registrations = new MemoryStore<>(turns.of("store"));
    wills = new MemoryWills(turns.of("wills"));
    SharedRecords record =
        new SharedRecords(subscriptions, registrations, new LocalRouterIds(), () -> Instant.EPOCH);
    TestRealm realm = new TestRealm();
    settings.accept(realm);
    memory = realm.nodeMemory;
    List<RealmSettings> realms = List.of(realm.settings(REALM), realm.settings(OTHER_REALM));
    for (int i = 0; i < nodeCount; i++) {
      nodes.add(
          new TestNode(
              this, String.valueOf((char) ('A' + i)), lanes, record, realms, realm.tracing));
    }
    for (TestNode node : nodes) {
      nodes.stream().filter(otherNode -> otherNode != node).forEach(node::link);
    }
    turns.runAll();
  }

  /** The nodes tell of their sessions, as real ones do. */
  void serveMeta() {
    List<CompletableFuture<MetaApi>> opening =
        nodes.stream().map(node -> MetaApi.open(node.lanes).toCompletableFuture()).toList();
    turns.runAll();
    opening.forEach(open -> metas.add(open.join()));
  }

  // ---- clients ----

  /** A client on this lane of the first node; sessions are 101, 102 and so on. */
  TestClient join(int lane) {
    return join(lane, client -> {});
  }

  TestClient join(int lane, Consumer<TestClient> manner) {
    return join(nodes.get(0), lane, manner);
  }

  TestClient join(TestNode node, int lane, Consumer<TestClient> manner) {
    TestClient client = new TestClient(this, node, lane, 101 + clients.size());
    clients.add(client);
    manner.accept(client);
    client.join();
    return client;
  }

  /** A client on this lane of the first node that has registered {@code com.add}. */
  TestClient callee(int lane) {
    TestClient callee = join(lane);
    callee.registers("com.add");
    return callee;
  }

  // ---- time and turns ----

  /** From here on things happen only where the test says so. */
  void pause() {
    paused = true;
  }

  /** All comes to rest, and from here on does so after everything that a client says. */
  void resume() {
    paused = false;
    turns.runAll();
  }

  /** Only the lane of this client goes on. */
  void turnOf(TestClient client) {
    turns.only(client.node.laneName(client.lane.number()));
  }

  /** The client leaves, and nobody but its lane has heard of it. */
  void leavesUnseen(TestClient client) {
    pause();
    client.leave();
    turnOf(client);
  }

  void stirred() {
    if (!paused) {
      turns.runAll();
    }
  }

  void advance(Duration time) {
    clock.advance(time);
    stirred();
  }

  /** A change whose outcome is unknown is taken back, which is tried for some seconds. */
  void untilTheRecordIsGivenUp() {
    for (int second = 0; second < 5; second++) {
      advance(Duration.ofSeconds(1));
    }
  }

  long dropped(RouterMetrics.Drop reason) {
    return nodes.stream().mapToLong(node -> node.router.metrics().drops(reason).sum()).sum();
  }

  /** Publication IDs are random; a test calls them P1, P2 in the order in which they appear. */
  String nameOf(long publication) {
    return "P" + publications.computeIfAbsent(publication, id -> publications.size() + 1);
  }

  // ---- the end ----

  @Override
  public void close() {
    resume();
    clients.forEach(TestClient::checkEverythingIsAnswered);
    clients.forEach(TestClient::leave);
    turns.runAll();
    metas.forEach(MetaApi::close);
    turns.runAll();
    nodes.forEach(TestNode::checkNothingIsLeft);
    clients.forEach(TestClient::checkNothingIsLeft);
    assertThat(clock.pending()).as("timers left").isZero();
    assertThat(subscriptions.records).isEmpty();
    assertThat(registrations.records).isEmpty();
    assertThat(directory).isEmpty();
    assertThat(wills.wills).isEmpty();
  }
}
