package io.tandem.node.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.tandem.node.config.TracingConfig;
import io.tandem.node.router.TracedStep;
import io.tandem.node.router.Tracing;
import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Spans of OpenTelemetry. A message belongs to the trace that its {@code _traceparent} names, which
 * also says whether that is recorded; of those without one, one in so many begins a trace. What is
 * no context by W3C's rules counts as none. Any thread.
 */
public final class Spans implements Tracing {

  /** In characters; W3C has everybody carry so much, and more only where it is known to be good. */
  private static final int LONGEST_STATE = 512;

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Outlet outlet;
  private final Tracer tracer;
  private final String node;
  private final int oneIn;

  private Spans(TracingConfig config, String node) {
    this.node = node;
    this.oneIn = config.oneIn();
    this.outlet = new Outlet(config.endpoint(), node, Outlet.LONGEST_EXPORT);
    this.tracer = outlet.tracer();
  }

  /**
   * Begins to tell.
   *
   * @param config null to tell nobody
   * @param node the node's name
   */
  public static @Nullable Spans of(@Nullable TracingConfig config, String node) {
    return config == null ? null : new Spans(config, node);
  }

  @Override
  public Counts counts() {
    return outlet.counts();
  }

  @Override
  public @Nullable TracedStep received(
      Step step, String realm, String uri, long session, Options options) {
    TracedStep span = continued(step, realm, uri, session, options);
    if (span != null) {
      return span;
    }
    boolean begins = oneIn > 0 && ThreadLocalRandom.current().nextInt(oneIn) == 0;
    return begins && outlet.hasRoom() ? begin(Context.root(), step, realm, uri, session) : null;
  }

  @Override
  public @Nullable TracedStep continued(
      Step step, String realm, String uri, long session, Options details) {
    if (!details.has(Keys.TRACEPARENT)) {
      return null;
    }
    Context context = W3C.extract(Context.root(), details, Carrier.READ);
    SpanContext parent = Span.fromContext(context).getSpanContext();
    if (!parent.isValid()) {
      return null;
    }
    return parent.isSampled() && outlet.hasRoom()
        ? begin(context, step, realm, uri, session)
        : new Traced(context, null);
  }

  private Traced begin(Context parent, Step step, String realm, String uri, long session) {
    boolean isCall = step == Step.CALL || step == Step.INVOCATION;
    SpanBuilder builder =
        tracer
            .spanBuilder(step + " " + uri)
            .setParent(parent)
            .setSpanKind(
                switch (step) {
                  case CALL, PUBLISH -> SpanKind.SERVER;
                  case INVOCATION -> SpanKind.CLIENT;
                  case EVENT -> SpanKind.PRODUCER;
                })
            .setAttribute("wamp.realm", realm)
            .setAttribute(isCall ? "wamp.procedure" : "wamp.topic", uri)
            .setAttribute("tandem.node", node);
    if (session != 0) {
      builder.setAttribute("wamp.session", session);
    }
    Span span = builder.startSpan();
    return new Traced(parent.with(span), span);
  }

  @Override
  public void close() {
    outlet.close();
  }

  /**
   * A span, or a context that is only handed on.
   *
   * @param context for those who go on
   * @param span null where nothing is recorded
   */
  private record Traced(Context context, @Nullable Span span) implements TracedStep {

    @Override
    public Options into(Options details) {
      Carrier carrier = new Carrier(Tracing.without(details));
      W3C.inject(context, carrier, Carrier.WRITE);
      return carrier.details;
    }

    @Override
    public void end(@Nullable String error) {
      if (span == null) {
        return;
      }
      if (error != null) {
        span.setStatus(StatusCode.ERROR, error).setAttribute("wamp.error", error);
      }
      span.end();
    }
  }

  /** Where a context travels. */
  private static final class Carrier {

    static final TextMapSetter<Carrier> WRITE =
        (carrier, name, value) -> {
          if (carrier != null) {
            carrier.details = carrier.details.with(key(name), value);
          }
        };

    static final TextMapGetter<Options> READ =
        new TextMapGetter<>() {
          @Override
          public Iterable<String> keys(Options carrier) {
            return List.of("traceparent", "tracestate");
          }

          @Override
          public @Nullable String get(@Nullable Options carrier, String name) {
            String value = carrier == null ? null : carrier.get(key(name));
            return value != null && value.length() > LONGEST_STATE ? null : value;
          }
        };

    private Options details;

    Carrier(Options details) {
      this.details = details;
    }

    private static Key<String> key(String name) {
      return name.equals("traceparent") ? Keys.TRACEPARENT : Keys.TRACESTATE;
    }
  }
}
