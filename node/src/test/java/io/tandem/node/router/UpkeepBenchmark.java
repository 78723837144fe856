package io.tandem.node.router;

import io.tandem.node.auth.Principal;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.LocalSessionDirectory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Measures what subscriptions and registrations take of the heap, beside what they are charged
 * with. A main class, since other tests would be measured too:
 *
 * <pre>
 * mvn -q -B -pl node -am test-compile
 * java -Xmx1g -cp ... io.tandem.node.router.UpkeepBenchmark
 * </pre>
 */
final class UpkeepBenchmark {

  private static final int COUNT = 100_000;
  private static final String REALM = World.REALM;

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final RoutingTables tables = new RoutingTables(new NodeId("A", 1));
  private final Realm realm;
  private long lastRequest;
  private long lastSession;

  private UpkeepBenchmark() {
    TestRealm settings = new TestRealm();
    settings.maxSubscriptions = Integer.MAX_VALUE;
    settings.maxRegistrations = Integer.MAX_VALUE;
    settings.maxWildcardShapes = 100;
    settings.strictRequestIds = false;
    Scheduler atOnce =
        new Scheduler() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public Timer schedule(Duration delay, Runnable task) {
            tasks.add(task);
            return () -> {};
          }
        };
    Router router =
        new Router(
            tables.self(),
            List.of(settings.settings(REALM)),
            tables,
            new RegistryWriter(
                SharedRecords.local(),
                tables,
                new RegistryLog(tables.self(), tables),
                tasks::add,
                atOnce,
                node -> false),
            new LocalSessionDirectory(Runnable::run),
            new Budget(1L << 40),
            1 << 24);
    Lane lane =
        Lane.join(
            router,
            tasks::add,
            tasks::add,
            atOnce,
            message -> new TestSharedMessage(message, new AtomicInteger()));
    realm = Objects.requireNonNull(lane.realm(REALM));
  }

  /** Of many, with URIs of 30 characters. */
  private static String uri(int number) {
    return "com.example.measured.s%08d".formatted(number * 7919L % 99_999_989);
  }

  private Session session() {
    Session session =
        new Session(
            ++lastSession,
            new Principal(REALM, "a", "b", "c", "d", null),
            new ClientFeatures(true, true, true, EnumSet.noneOf(ClientRole.class)),
            new Silent(),
            realm.account());
    realm.join(session);
    return session;
  }

  private static final class Silent implements Outbox {
    @Override
    public Serializer serializer() {
      return Serializer.JSON;
    }

    @Override
    public SendResult send(WampMessage message) {
      return SendResult.SENT;
    }

    @Override
    public SendResult send(SharedMessage message) {
      return SendResult.SENT;
    }

    @Override
    public boolean isCrowded() {
      return false;
    }

    @Override
    public void hold() {}

    @Override
    public void release() {}
  }

  private void asks(Session session, WampMessage.FromClient request) {
    try {
      realm.receive(session, request);
    } catch (ProtocolViolation violation) {
      throw new AssertionError(violation);
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void subscribes(Session session, String match, String uri) {
    asks(session, new Subscribe(++lastRequest, Options.of(Keys.MATCH, match), uri));
  }

  private void registers(Session session, String match, String uri) {
    asks(session, new Register(++lastRequest, Options.of(Keys.MATCH, match), uri));
  }

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private void measure(String what, Session payer, IntConsumer one) {
    long before = heap();
    long charged = payer.memory.used();
    for (int i = 0; i < COUNT; i++) {
      one.accept(i);
    }
    System.out.printf(
        "%-40s %5d octets, charged %5d%n",
        what, (heap() - before) / COUNT, (payer.memory.used() - charged) / COUNT);
  }

  public static void main(String[] args) {
    UpkeepBenchmark alone = new UpkeepBenchmark();
    Session first = alone.session();
    Session second = alone.session();
    Session third = alone.session();
    alone.measure("subscription", first, i -> alone.subscribes(first, "exact", uri(i)));
    alone.measure("further subscriber", second, i -> alone.subscribes(second, "exact", uri(i)));
    alone.measure("third subscriber", third, i -> alone.subscribes(third, "exact", uri(i)));
    alone.measure("prefix", first, i -> alone.subscribes(first, "prefix", uri(i)));
    alone.measure("wildcard", first, i -> alone.subscribes(first, "wildcard", uri(i) + "..z"));
    alone.measure("registration", first, i -> alone.registers(first, "exact", uri(i)));
    alone.measure("prefix registration", first, i -> alone.registers(first, "prefix", uri(i)));

    NodeId otherNode = new NodeId("B", 1);
    for (MatchPolicy match : MatchPolicy.values()) {
      alone.measure(
          "copy of a subscription, " + match,
          first,
          i ->
              alone.tables.apply(
                  otherNode,
                  new RegistryChange.InterestGained(new Resource(REALM, match, copy(match, i)))));
      alone.measure(
          "copy of a registration, " + match,
          first,
          i ->
              alone.tables.apply(
                  otherNode,
                  new RegistryChange.CalleeAdded(
                      new Resource(REALM, match, copy(match, i)),
                      i,
                      InvocationPolicy.SINGLE,
                      new Callee(otherNode, 0, i, 0, false, false))));
    }
    System.out.println(alone.tables.realm(REALM).subscriptionCount() + " in the table");
  }

  private static String copy(MatchPolicy match, int number) {
    return "c" + uri(number).substring(1) + (match == MatchPolicy.WILDCARD ? "..y" : "y");
  }
}
