package io.tandem.node.tracing;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.Payload;
import io.tandem.testing.DrivesVertx;
import io.tandem.testing.Patience;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls and publications of clients that trace, across nodes. */
@DrivesVertx
class TracingIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Options TRACED =
      Options.of(Keys.TRACEPARENT, "00-" + TRACE + "-" + PARENT + "-01")
          .with(Keys.TRACESTATE, "shop=t61rcWkgMzE");

  private static TestCluster cluster(Collector collector) {
    return TestCluster.serving(
        3, TestNode.REALM + "tracing: {oneIn: 0, endpoint: \"" + collector.url() + "\"}\n");
  }

  private static WireConnection join(TestNode node) {
    WireConnection client = node.connect(TransportOptions.to(node.webSocket()));
    Map<String, Object> roles =
        Map.of(
            "caller", Map.of(), "callee", Map.of(), "publisher", Map.of(), "subscriber", Map.of());
    client.send(new Hello("realm1", Options.of(Keys.ROLES, roles)));
    assertThat(await(client.next())).isInstanceOf(Welcome.class);
    return client;
  }

  private static <M extends WampMessage> M hear(WireConnection client, Class<M> kind) {
    return kind.cast(await(client.next()));
  }

  private static WireConnection callee(TestNode node) {
    WireConnection callee = join(node);
    callee.send(new Register(1, Options.EMPTY, "com.it"));
    await(callee.next());
    return callee;
  }

  private static void assertIsIn(Span span, String parent, TestNode node, String what) {
    assertThat(Collector.id(span.getTraceId())).isEqualTo(TRACE);
    assertThat(Collector.id(span.getParentSpanId())).isEqualTo(parent);
    assertThat(span.getTraceState()).isEqualTo("shop=t61rcWkgMzE");
    assertThat(Collector.attributes(span))
        .containsEntry("wamp.realm", "realm1")
        .containsEntry(what, "com.it")
        .containsEntry("tandem.node", "127.0.0.1:" + node.node().clusterPort());
  }

  private static String context(Span span) {
    return "00-" + TRACE + "-" + Collector.id(span.getSpanId()) + "-01";
  }

  @Test
  void aCallIsOneTraceOfCallerRouterAndCalleeAcrossNodes(Vertx vertx) {
    Collector collector = new Collector(vertx, 200);
    try (TestCluster cluster = cluster(collector)) {
      WireConnection callee = callee(cluster.node(2));
      WireConnection caller = join(cluster.node(1));
      caller.send(new Call(1, TRACED, "com.it", Payload.EMPTY));
      Invocation invocation = hear(callee, Invocation.class);
      callee.send(new Yield(invocation.request(), Options.EMPTY, Payload.EMPTY));
      hear(caller, Result.class);

      Span call = collector.span("CALL com.it");
      Span invoked = collector.span("INVOCATION com.it");
      assertIsIn(call, PARENT, cluster.node(1), "wamp.procedure");
      assertIsIn(invoked, Collector.id(call.getSpanId()), cluster.node(2), "wamp.procedure");
      assertThat(invocation.details().get(Keys.TRACEPARENT)).isEqualTo(context(invoked));
      assertThat(invocation.details().get(Keys.TRACESTATE)).isEqualTo("shop=t61rcWkgMzE");
      assertThat(call.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(collector.spans()).hasSize(2);
    }
  }

  @Test
  void anErrorIsTheStatusOfBothSpans(Vertx vertx) {
    Collector collector = new Collector(vertx, 200);
    try (TestCluster cluster = cluster(collector)) {
      WireConnection callee = callee(cluster.node(2));
      WireConnection caller = join(cluster.node(1));
      caller.send(new Call(1, TRACED, "com.it", Payload.EMPTY));
      Invocation invocation = hear(callee, Invocation.class);
      callee.send(
          new ErrorMessage(
              MessageCode.INVOCATION,
              invocation.request(),
              Options.EMPTY,
              "com.error.sold_out",
              Payload.EMPTY));
      hear(caller, ErrorMessage.class);

      for (String span : new String[] {"CALL com.it", "INVOCATION com.it"}) {
        Status status = collector.span(span).getStatus();
        assertThat(status.getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(status.getMessage()).isEqualTo("com.error.sold_out");
      }
    }
  }

  @Test
  void aPublicationIsOneTraceAndItsEventsCarryItAcrossNodes(Vertx vertx) {
    Collector collector = new Collector(vertx, 200);
    try (TestCluster cluster = cluster(collector)) {
      WireConnection subscriber = join(cluster.node(2));
      subscriber.send(new Subscribe(1, Options.EMPTY, "com.it"));
      await(subscriber.next());
      WireConnection publisher = join(cluster.node(1));
      publisher.send(new Publish(1, TRACED, "com.it", Payload.EMPTY));
      Event event = hear(subscriber, Event.class);

      Span published = collector.span("PUBLISH com.it");
      Span given = collector.span("EVENT com.it");
      assertIsIn(published, PARENT, cluster.node(1), "wamp.topic");
      assertIsIn(given, Collector.id(published.getSpanId()), cluster.node(2), "wamp.topic");
      assertThat(event.details().get(Keys.TRACEPARENT)).isEqualTo(context(published));
    }
  }

  @Test
  void whereNobodyTracesTheRouterAddsNothingAndPassesNothingOn() {
    try (TestCluster cluster = TestCluster.start(2)) {
      WireConnection client = join(cluster.node(1));
      client.send(new Register(1, Options.EMPTY, "com.it"));
      await(client.next());
      client.send(new Subscribe(2, Options.EMPTY, "com.it"));
      await(client.next());
      WireConnection other = join(cluster.node(0));
      other.send(new Call(1, TRACED, "com.it", Payload.EMPTY));
      assertThat(hear(client, Invocation.class).details()).isEqualTo(Options.EMPTY);
      other.send(new Publish(2, TRACED, "com.it", Payload.EMPTY));
      assertThat(hear(client, Event.class).details()).isEqualTo(Options.EMPTY);
      assertThat(cluster.node(0).metrics()).doesNotContain("tandem_trace_spans");
    }
  }

  @Test
  void aCollectorThatTakesNothingCostsSpansAndNothingElse(Vertx vertx) {
    Collector collector = new Collector(vertx, 400);
    try (TestNode node =
        TestNode.start(
            TestNode.LISTENER
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "tracing: {oneIn: 1, endpoint: \""
                + collector.url()
                + "\"}\n")) {
      WireConnection client = join(node);
      client.send(new Subscribe(1, Options.EMPTY, "com.it"));
      await(client.next());
      WireConnection publisher = join(node);
      publisher.send(new Publish(1, Options.EMPTY, "com.it", Payload.EMPTY));
      assertThat(hear(client, Event.class).details().has(Keys.TRACEPARENT)).isTrue();
      Patience.until(
          "the spans are counted",
          () -> node.metric("tandem_trace_spans_total{state=\"failed\"}") >= 2);
    }
  }
}
