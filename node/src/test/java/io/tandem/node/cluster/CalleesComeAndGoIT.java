package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callees leave and return while others call: what they leave is free, and order holds (O1). */
class CalleesComeAndGoIT {

  private static final int CALLERS = 4;
  private static final int WINDOW = 8;
  private static final int CALLEES = 3;
  private static final int CHANGES = 60;
  private static final String SHARED = "com.shared";

  /** How a callee leaves. */
  enum Way {
    UNREGISTER,
    GOODBYE,
    CLOSE
  }

  @ParameterizedTest
  @EnumSource
  @Conformance("ORD-03")
  void everyCalleeHearsEveryCallerInOrderOnOneNode(Way way) {
    try (TestNode node = TestNode.start()) {
      run(List.of(node), way);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Conformance("ORD-03")
  void everyCalleeHearsEveryCallerInOrderOnTwoNodes(Way way) {
    try (TestCluster cluster = TestCluster.start(2)) {
      run(cluster.nodes(), way);
    }
  }

  @Test
  @Conformance("SES-12")
  void whoHearsTheEndOfACalleeMayRegisterOnAnotherNodeAtOnce() {
    try (TestCluster cluster = TestCluster.start(2)) {
      ClientSession next = cluster.node(1).join();
      for (int i = 0; i < 60; i++) {
        String procedure = "com.exclusive" + i;
        ClientSession callee = cluster.node(0).join();
        await(callee.register(procedure, call -> Future.succeededFuture(Arguments.none())));
        await(callee.close());
        await(next.register(procedure, call -> Future.succeededFuture(Arguments.none())));
      }
    }
  }

  private static void run(List<TestNode> nodes, Way way) {
    Map<String, AtomicInteger> errors = new ConcurrentHashMap<>();
    ConcurrentLinkedQueue<String> inversions = new ConcurrentLinkedQueue<>();
    List<Callee> callees = new ArrayList<>();
    for (int i = 0; i < CALLEES; i++) {
      callees.add(new Callee(nodes.get(i % nodes.size()), inversions));
    }
    List<Caller> callers =
        IntStream.range(0, CALLERS)
            .mapToObj(i -> new Caller(nodes.get(i % nodes.size()), i, errors))
            .toList();
    callers.forEach(Caller::begin);
    for (int i = 0; i < CHANGES; i++) {
      Callee leaver = callees.get(i % CALLEES);
      leaver.leave(way);
      int answered = callers.get(0).answered.get();
      until("calls go on", () -> callers.get(0).answered.get() > answered + WINDOW);
      leaver.comeBack();
    }
    callers.forEach(caller -> caller.enough = true);
    callers.forEach(caller -> await(caller.done.future()));

    int calls = callers.stream().mapToInt(caller -> caller.answered.get()).sum();
    System.out.printf("%s on %d nodes: %d calls, errors %s%n", way, nodes.size(), calls, errors);
    assertThat(inversions).isEmpty();
    if (way == Way.UNREGISTER) {
      assertThat(errors).isEmpty();
    } else {
      assertThat(errors.keySet()).isSubsetOf(WampUri.CANCELED, WampUri.UNAVAILABLE);
    }
  }

  private static WireConnection open(TestNode node) {
    WireConnection connection = node.connect(TransportOptions.to(node.rawSocket()));
    connection.send(
        new Hello(
            "realm1", Options.of(Keys.ROLES, Map.of("caller", Map.of(), "callee", Map.of()))));
    assertThat(await(connection.next())).isInstanceOf(Welcome.class);
    return connection;
  }

  /** Always has as many calls under way. */
  private static final class Caller {
    final Promise<Void> done = Promise.promise();
    final AtomicInteger answered = new AtomicInteger();
    volatile boolean enough;
    private final WireConnection connection;
    private final int id;
    private final Map<String, AtomicInteger> errors;
    private int made;

    Caller(TestNode node, int id, Map<String, AtomicInteger> errors) {
      this.connection = open(node);
      this.id = id;
      this.errors = errors;
    }

    void begin() {
      for (int i = 0; i < WINDOW; i++) {
        call();
      }
      hearOn();
    }

    private void call() {
      made++;
      connection.send(
          new Call(
              made,
              Options.EMPTY,
              SHARED,
              Payload.encode(Serializer.JSON, List.of(id, made), Map.of())));
    }

    private void hearOn() {
      connection.next().onSuccess(this::hear).onFailure(done::tryFail);
    }

    private void hear(WampMessage message) {
      if (message instanceof ErrorMessage error) {
        errors.computeIfAbsent(error.error(), uri -> new AtomicInteger()).incrementAndGet();
      } else {
        assertThat(message).isInstanceOf(Result.class);
      }
      int heard = answered.incrementAndGet();
      if (!enough) {
        call();
      } else if (heard == made) {
        done.tryComplete();
        return;
      }
      hearOn();
    }
  }

  /** Answers at once, and looks at the order of what it hears. */
  private static final class Callee {
    private final TestNode node;
    private final ConcurrentLinkedQueue<String> inversions;
    private WireConnection connection;
    private final Map<Object, Long> newest = new HashMap<>();
    private volatile Promise<WampMessage> answer = Promise.promise();
    private volatile boolean leaving;
    private long request;
    private long registration;

    Callee(TestNode node, ConcurrentLinkedQueue<String> inversions) {
      this.node = node;
      this.inversions = inversions;
      this.connection = open(node);
      hearOn(connection);
      register();
    }

    private void hearOn(WireConnection from) {
      from.next()
          .onSuccess(
              message -> {
                hear(from, message);
                hearOn(from);
              });
    }

    private void hear(WireConnection from, WampMessage message) {
      if (message instanceof Invocation invocation) {
        Object caller = Objects.requireNonNull(invocation.payload().args().get(0));
        long number = (Long) Objects.requireNonNull(invocation.payload().args().get(1));
        Long last = newest.put(caller, number);
        if (last != null && last > number) {
          inversions.add(number + " of " + caller + " after " + last);
        }
        if (!leaving) {
          from.send(new Yield(invocation.request(), Options.EMPTY, Payload.EMPTY));
        }
      } else {
        answer.tryComplete(message);
      }
    }

    private <T extends WampMessage> T ask(WampMessage question, Class<T> expected) {
      answer = Promise.promise();
      connection.send(question);
      WampMessage heard = await(answer.future());
      assertThat(heard).isInstanceOf(expected);
      return expected.cast(heard);
    }

    private void register() {
      registration =
          ask(
                  new Register(++request, Options.of(Keys.INVOKE, "roundrobin"), SHARED),
                  Registered.class)
              .registration();
    }

    void leave(Way way) {
      if (way == Way.UNREGISTER) {
        ask(new Unregister(++request, registration), Unregistered.class);
        return;
      }
      leaving = true;
      if (way == Way.GOODBYE) {
        ask(new Goodbye(Options.EMPTY, "wamp.close.normal"), Goodbye.class);
      }
      await(connection.close());
    }

    void comeBack() {
      if (leaving) {
        leaving = false;
        request = 0;
        connection = open(node);
        newest.clear();
        hearOn(connection);
      }
      register();
    }
  }
}
