package io.tandem.node.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.node.auth.AnonymousAuthenticator;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Decision;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CallSettings;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.router.SessionLimits;
import io.tandem.node.router.TestamentLimits;
import io.tandem.node.router.TrustLevels;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.uri.UriRule;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.LocalSessionDirectory;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What one lane spends on calls and on events, octets to octets over RawSocket, without the system
 * and its sockets. One thread, and the cheapest tenth of many short measurements: on a shared
 * machine that is steady within two in a hundred, where a whole node is not within ten. Prints time
 * and allocation of each call and each delivery. Run {@code main} from the test classpath; no test
 * runs it.
 */
public final class LaneBenchmark {

  private static final ListenerConfig LISTENER = Configurations.embedded().listeners().get(0);
  private static final int PAIRS = 32;
  private static final int SUBSCRIBERS = 100;
  private static final int ROUNDS = 600;

  private final EmbeddedChannel first = new EmbeddedChannel();
  private final LaneIo io = new LaneIo(router(), DirectMemory.ofProcess(), first.eventLoop());
  private int request = 1_000_000;

  private LaneBenchmark() {}

  public static void main(String[] args) {
    for (int window : new int[] {1, 8}) {
      measure("calls, " + window + " at once", 1_000, new LaneBenchmark().calls(window, 256));
    }
    measure("calls of 64 KiB", 32, new LaneBenchmark().calls(1, 64 << 10));
    measure("events to " + SUBSCRIBERS, 4_000, new LaneBenchmark().events(256));
  }

  /** Does what is measured, and tells how many messages that were. */
  private interface Turn {
    int run();
  }

  private static void measure(String what, int atLeast, Turn turn) {
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    double[] nanos = new double[ROUNDS];
    double[] octets = new double[ROUNDS];
    for (int round = 0; round < 2 * ROUNDS; round++) {
      long time = System.nanoTime();
      long allocated = thread.getThreadAllocatedBytes(id);
      int messages = 0;
      while (messages < atLeast) {
        messages += turn.run();
      }
      // The first half warms up.
      nanos[round % ROUNDS] = (double) (System.nanoTime() - time) / messages;
      octets[round % ROUNDS] = (double) (thread.getThreadAllocatedBytes(id) - allocated) / messages;
    }
    Arrays.sort(nanos);
    Arrays.sort(octets);
    System.out.printf(
        "%-20s %8.0f ns (median %.0f), %.0f octets%n",
        what, nanos[ROUNDS / 10], nanos[ROUNDS / 2], octets[ROUNDS / 2]);
  }

  private Router router() {
    NodeId self = new NodeId("node", 1);
    RoutingTables tables = new RoutingTables(self);
    Budget memory = new Budget(1 << 28);
    RealmSettings realm =
        new RealmSettings(
            "realm1",
            new UriSyntax(UriRule.LOOSE, UriSyntax.DEFAULT_LENGTH),
            false,
            true,
            false,
            true,
            CallSettings.AS_ASKED,
            TrustLevels.NONE,
            false,
            true,
            new SessionLimits(1000, 1000, 1000, 1000, 1 << 20, null),
            Map.of(),
            1 << 28,
            1 << 26,
            1,
            10,
            64 << 10,
            new TestamentLimits(1_000, 256 << 10),
            KeepRules.DEFAULT,
            Clients.authentication(
                List.of(new AnonymousAuthenticator("anonymous")),
                Set.of("anonymous"),
                new AuthPool()),
            (principal, action, uri, match) -> Decision.ALLOWED);
    return new Router(
        self,
        List.of(realm),
        tables,
        new RegistryWriter(
            SharedRecords.local(),
            tables,
            new RegistryLog(self, tables),
            first.eventLoop(),
            new EventLoopScheduler(first.eventLoop()),
            node -> false),
        new LocalSessionDirectory(Runnable::run),
        memory,
        1 << 24);
  }

  private EmbeddedChannel client() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel
        .pipeline()
        .addLast(new RawSocketTransport(io, LISTENER, Serializer.JSON, 1 << 20, 1 << 20));
    says(
        channel,
        1,
        n ->
            "[1,\"realm1\",{\"roles\":{\"caller\":{},\"callee\":{},\"publisher\":{},\"subscriber\":{}}}]");
    finish(channel);
    return channel;
  }

  private interface Text {
    String of(int n);
  }

  /** So many messages arrive from the client, at once. */
  private static void says(EmbeddedChannel client, int times, Text text) {
    ByteBuf arrived = client.alloc().directBuffer();
    for (int i = 0; i < times; i++) {
      byte[] message = text.of(i).getBytes(US_ASCII);
      arrived.writeInt(message.length).writeBytes(message);
    }
    client.pipeline().fireChannelRead(arrived);
    client.pipeline().fireChannelReadComplete();
  }

  private void finish(EmbeddedChannel client) {
    // The registry answers on the loop, after a few rounds of it.
    for (int i = 0; i < 5; i++) {
      first.runPendingTasks();
      client.runPendingTasks();
    }
    if (received(client) == 0) {
      throw new IllegalStateException("no answer");
    }
  }

  private static int received(EmbeddedChannel client) {
    int messages = 0;
    for (Object out = client.readOutbound(); out != null; out = client.readOutbound()) {
      messages++;
      ReferenceCountUtil.release(out);
    }
    return messages;
  }

  private static void expect(int expected, int messages) {
    if (messages != expected) {
      throw new IllegalStateException(messages + " messages and not " + expected);
    }
  }

  private Turn calls(int window, int payload) {
    String args = ",[\"" + "x".repeat(payload) + "\"]]";
    List<EmbeddedChannel> callers = IntStream.range(0, PAIRS).mapToObj(i -> client()).toList();
    List<EmbeddedChannel> callees = new ArrayList<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      EmbeddedChannel callee = client();
      String register = "[64,1,{},\"com.example.procedure" + pair + "\"]";
      says(callee, 1, n -> register);
      finish(callee);
      callees.add(callee);
    }
    int[] invoked = {0};
    return () -> {
      for (int pair = 0; pair < PAIRS; pair++) {
        String rest = ",{},\"com.example.procedure" + pair + "\"" + args;
        says(callers.get(pair), window, n -> "[48," + (request + n) + rest);
      }
      first.runPendingTasks();
      for (EmbeddedChannel callee : callees) {
        expect(window, received(callee));
        says(callee, window, n -> "[70," + (invoked[0] + 1 + n) + ",{}" + args);
      }
      first.runPendingTasks();
      callers.forEach(caller -> expect(window, received(caller)));
      request += window;
      invoked[0] += window;
      return PAIRS * window;
    };
  }

  private Turn events(int payload) {
    String args = ",[\"" + "x".repeat(payload) + "\"]]";
    EmbeddedChannel publisher = client();
    List<EmbeddedChannel> subscribers = new ArrayList<>();
    for (int i = 0; i < SUBSCRIBERS; i++) {
      EmbeddedChannel subscriber = client();
      says(subscriber, 1, n -> "[32,1,{},\"com.example.topic\"]");
      finish(subscriber);
      subscribers.add(subscriber);
    }
    return () -> {
      says(publisher, 1, n -> "[16," + request++ + ",{},\"com.example.topic\"" + args);
      first.runPendingTasks();
      subscribers.forEach(subscriber -> expect(1, received(subscriber)));
      return SUBSCRIBERS;
    };
  }
}
