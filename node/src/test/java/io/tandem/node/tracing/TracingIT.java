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
import io.tandem.testing.Patience;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls and publications of clients that trace, across nodes. */
class TracingIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Options TRACED =
      Options.of(Keys.TRACEPARENT, "00-" + TRACE + "-" + PARENT + "-01")
          .with(Keys.TRACESTATE, "shop=t61rcWkgMzE");

  private static final Collector COLLECTOR = new Collector(Collector.Answer.TAKES);

  /** Of three, so that one has no part in what the others do. */
  private static @Nullable TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        TestCluster.serving(
            3, TestNode.REALM + "tracing: {oneIn: 0, endpoint: \"" + COLLECTOR.url() + "\"}\n");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    COLLECTOR.close();
  }

  private static TestNode node(int number) {
    return Objects.requireNonNull(cluster).node(number);
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

  private static WireConnection callee(TestNode node, String uri) {
    WireConnection callee = join(node);
    callee.send(new Register(1, Options.EMPTY, uri));
    await(callee.next());
    return callee;
  }

  private static WireConnection subscriber(TestNode node, String uri) {
    WireConnection subscriber = join(node);
    subscriber.send(new Subscribe(1, Options.EMPTY, uri));
    await(subscriber.next());
    return subscriber;
  }

  private static void assertIsIn(Span span, String parent, TestNode node, String what, String uri) {
    assertThat(Collector.id(span.getTraceId())).isEqualTo(TRACE);
    assertThat(Collector.id(span.getParentSpanId())).isEqualTo(parent);
    assertThat(span.getTraceState()).isEqualTo("shop=t61rcWkgMzE");
    assertThat(Collector.attributes(span))
        .containsEntry("wamp.realm", "realm1")
        .containsEntry(what, uri)
        .containsEntry("tandem.node", "127.0.0.1:" + node.node().clusterPort());
  }

  private static String context(Span span) {
    return "00-" + TRACE + "-" + Collector.id(span.getSpanId()) + "-01";
  }

  @Test
  void aCallIsOneTraceOfCallerRouterAndCalleeAcrossNodes() {
    WireConnection callee = callee(node(2), "com.call");
    WireConnection caller = join(node(1));
    caller.send(new Call(1, TRACED, "com.call", Payload.EMPTY));
    Invocation invocation = hear(callee, Invocation.class);
    callee.send(new Yield(invocation.request(), Options.EMPTY, Payload.EMPTY));
    hear(caller, Result.class);

    Span call = COLLECTOR.span("CALL com.call");
    Span invoked = COLLECTOR.span("INVOCATION com.call");
    assertIsIn(call, PARENT, node(1), "wamp.procedure", "com.call");
    String parent = Collector.id(call.getSpanId());
    assertIsIn(invoked, parent, node(2), "wamp.procedure", "com.call");
    assertThat(invocation.details().get(Keys.TRACEPARENT)).isEqualTo(context(invoked));
    assertThat(invocation.details().get(Keys.TRACESTATE)).isEqualTo("shop=t61rcWkgMzE");
    assertThat(call.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    assertThat(COLLECTOR.spansOf("com.call")).hasSize(2);
  }

  @Test
  void anErrorIsTheStatusOfBothSpans() {
    WireConnection callee = callee(node(2), "com.error");
    WireConnection caller = join(node(1));
    caller.send(new Call(1, TRACED, "com.error", Payload.EMPTY));
    Invocation invocation = hear(callee, Invocation.class);
    callee.send(
        new ErrorMessage(
            MessageCode.INVOCATION,
            invocation.request(),
            Options.EMPTY,
            "com.error.sold_out",
            Payload.EMPTY));
    hear(caller, ErrorMessage.class);

    for (String name : new String[] {"CALL com.error", "INVOCATION com.error"}) {
      Span span = COLLECTOR.span(name);
      assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(span.getStatus().getMessage()).isEqualTo("com.error.sold_out");
      assertThat(Collector.attributes(span)).containsEntry("wamp.error", "com.error.sold_out");
    }
  }

  @Test
  void aPublicationIsOneTraceAndItsEventsCarryItAcrossNodes() {
    WireConnection subscriber = subscriber(node(2), "com.event");
    WireConnection publisher = join(node(1));
    publisher.send(new Publish(1, TRACED, "com.event", Payload.EMPTY));
    Event event = hear(subscriber, Event.class);

    Span published = COLLECTOR.span("PUBLISH com.event");
    Span given = COLLECTOR.span("EVENT com.event");
    assertIsIn(published, PARENT, node(1), "wamp.topic", "com.event");
    String parent = Collector.id(published.getSpanId());
    assertIsIn(given, parent, node(2), "wamp.topic", "com.event");
    assertThat(event.details().get(Keys.TRACEPARENT)).isEqualTo(context(published));
  }

  private static TestNode single(String tracing) {
    return TestNode.start(TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM + tracing);
  }

  /** On several nodes too, see {@code TracedMessagesTest}. */
  @Test
  void whereNobodyTracesTheRouterAddsNothingAndPassesNothingOn() {
    try (TestNode node = single("")) {
      WireConnection callee = callee(node, "com.it");
      WireConnection subscriber = subscriber(node, "com.it");
      WireConnection other = join(node);
      other.send(new Call(1, TRACED, "com.it", Payload.EMPTY));
      assertThat(hear(callee, Invocation.class).details()).isEqualTo(Options.EMPTY);
      other.send(new Publish(2, TRACED, "com.it", Payload.EMPTY));
      assertThat(hear(subscriber, Event.class).details()).isEqualTo(Options.EMPTY);
      assertThat(node.metrics()).doesNotContain("tandem_trace_spans");
    }
  }

  @Test
  void aCollectorThatTakesNothingCostsSpansAndNothingElse() {
    try (Collector collector = new Collector(Collector.Answer.REFUSES);
        TestNode node = single("tracing: {oneIn: 1, endpoint: \"" + collector.url() + "\"}\n")) {
      WireConnection subscriber = subscriber(node, "com.it");
      WireConnection publisher = join(node);
      publisher.send(new Publish(1, Options.EMPTY, "com.it", Payload.EMPTY));
      assertThat(hear(subscriber, Event.class).details().has(Keys.TRACEPARENT)).isTrue();
      Patience.until(
          "the spans are counted",
          () -> node.metric("tandem_trace_spans_total{state=\"failed\"}") >= 2);
    }
  }
}
