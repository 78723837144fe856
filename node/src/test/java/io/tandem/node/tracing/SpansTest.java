package io.tandem.node.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.tandem.node.config.TracingConfig;
import io.tandem.node.router.TracedStep;
import io.tandem.node.router.Tracing;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages are traced, and what those who go on are told. */
class SpansTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String RECORDED = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String UNRECORDED = "00-" + TRACE + "-b7ad6b7169203331-00";

  private @Nullable Spans spans;

  /** Nobody listens there: what is not sent within the test is lost. */
  private Spans of(int oneIn) {
    return to("http://127.0.0.1:9/v1/traces", oneIn);
  }

  private Spans to(String collector, int oneIn) {
    spans = Spans.of(new TracingConfig(collector, oneIn), "shop-0");
    return Objects.requireNonNull(spans);
  }

  @AfterEach
  void close() {
    if (spans != null) {
      spans.close();
    }
  }

  private static @Nullable TracedStep received(Spans spans, Options options) {
    return spans.received(Tracing.Step.CALL, "realm1", "com.it", 7, options);
  }

  private static Options told(@Nullable TracedStep step) {
    return Objects.requireNonNull(step).into(Options.of(Keys.TIMEOUT, 5L));
  }

  @Test
  void aStepOfATraceTellsItsOwnPlaceInIt() {
    Options told = told(received(of(0), Options.of(Keys.TRACEPARENT, RECORDED)));

    assertThat(told.get(Keys.TRACEPARENT))
        .startsWith("00-" + TRACE + "-")
        .endsWith("-01")
        .isNotEqualTo(RECORDED);
    assertThat(told.get(Keys.TIMEOUT)).isEqualTo(5);
    assertThat(told.has(Keys.TRACESTATE)).isFalse();
  }

  @Test
  void aTraceThatIsNotRecordedIsHandedOnAsItIs() {
    Options given = Options.of(Keys.TRACEPARENT, UNRECORDED).with(Keys.TRACESTATE, "a=1");
    Options told = told(received(of(1), given));

    assertThat(told.get(Keys.TRACEPARENT)).isEqualTo(UNRECORDED);
    assertThat(told.get(Keys.TRACESTATE)).isEqualTo("a=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n00-evil"
      })
  void whatIsNoContextCountsAsNone(String parent) {
    assertThat(received(of(0), Options.of(Keys.TRACEPARENT, parent))).isNull();
  }

  @Test
  void aStateThatIsTooLongStaysBehind() {
    String member = "=" + "1".repeat(250);
    Options longest = Options.of(Keys.TRACEPARENT, RECORDED);
    String fits = "a" + member + ",b" + member + ",c=1";
    Spans any = of(0);

    assertThat(told(received(any, longest.with(Keys.TRACESTATE, fits))).get(Keys.TRACESTATE))
        .isEqualTo(fits);
    Options given = longest.with(Keys.TRACESTATE, fits + "1234");
    assertThat(given.get(Keys.TRACESTATE)).hasSize(513);
    assertThat(told(received(any, given)).has(Keys.TRACESTATE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "CALL, SPAN_KIND_SERVER, wamp.procedure, 7",
    "INVOCATION, SPAN_KIND_CLIENT, wamp.procedure, 7",
    "PUBLISH, SPAN_KIND_SERVER, wamp.topic, 7",
    "EVENT, SPAN_KIND_PRODUCER, wamp.topic, 0"
  })
  void aSpanSaysWhatItIsAboutAndWhoTellsIt(
      Tracing.Step step, Span.SpanKind kind, String what, long session) {
    try (Collector collector = new Collector(Collector.Answer.TAKES)) {
      Spans sending = to(collector.url(), 0);
      Options given = Options.of(Keys.TRACEPARENT, RECORDED);
      Objects.requireNonNull(sending.continued(step, "realm1", "com.it", session, given)).end(null);
      sending.close();

      Span span = collector.span(step + " com.it");
      assertThat(span.getKind()).isEqualTo(kind);
      Map<String, String> about = new HashMap<>();
      about.put("wamp.realm", "realm1");
      about.put(what, "com.it");
      about.put("tandem.node", "shop-0");
      if (session != 0) {
        about.put("wamp.session", String.valueOf(session));
      }
      assertThat(Collector.attributes(span)).isEqualTo(about);
      assertThat(collector.source())
          .isEqualTo(Map.of("service.name", "tandem", "service.instance.id", "shop-0"));
    }
  }

  /** And then one in so many begins a trace, as of those that had none (W3C, 3.3). */
  @Test
  void aMessageWhoseContextIsNoneBeginsATraceOfItsOwn() {
    Options given = Options.of(Keys.TRACEPARENT, "00-" + TRACE).with(Keys.TRACESTATE, "a=1");
    Options told = told(received(of(1), given));

    assertThat(told.get(Keys.TRACEPARENT)).endsWith("-01").doesNotContain(TRACE);
    assertThat(told.has(Keys.TRACESTATE)).isFalse();
  }

  @Test
  void ofMessagesWithoutATraceOneInSoManyBeginsOne() {
    Spans always = of(1);
    assertThat(told(received(always, Options.EMPTY)).get(Keys.TRACEPARENT)).endsWith("-01");
    assertThat(always.continued(Tracing.Step.INVOCATION, "realm1", "com.it", 7, Options.EMPTY))
        .isNull();
    always.close();
    assertThat(received(of(0), Options.EMPTY)).isNull();
    close();
    Spans tenth = of(10);
    int begun = 0;
    for (int i = 0; i < 10_000; i++) {
      begun += received(tenth, Options.EMPTY) == null ? 0 : 1;
    }
    assertThat(begun).isBetween(700, 1_300);
  }

  @Test
  void whatFindsNoRoomIsCountedAndHandedOn() {
    Spans full = of(0);
    Options given = Options.of(Keys.TRACEPARENT, RECORDED);
    for (int i = 0; i < 20_000; i++) {
      TracedStep step = Objects.requireNonNull(received(full, given));
      assertThat(step.into(Options.EMPTY).has(Keys.TRACEPARENT)).isTrue();
      step.end(null);
    }
    Tracing.Counts counts = full.counts();
    assertThat(counts.dropped().sum()).isPositive();
    assertThat(counts.dropped().sum() + counts.failed().sum())
        .isBetween(20_000L - Outlet.MOST_WAITING, 20_000L);
  }
}
