package io.tandem.node.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tandem.node.router.Tracing;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of spans to the collector: a queue with a bound, from which a thread of its own sends
 * batches. Whoever tells a span never waits; what finds no room is counted. Any thread.
 */
final class Outlet implements SpanProcessor {

  /** Spans that may wait, those being sent included; each takes about a KiB. */
  static final int MOST_WAITING = 4_096;

  private static final int BATCH = 512;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** For a batch, with what is tried again while the collector is busy or away. */
  static final Duration LONGEST_EXPORT = Duration.ofSeconds(10);

  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Outlet.class);

  /** Kept, for a logger that nobody holds forgets its level. */
  private static final Logger OF_LIBRARY = Logger.getLogger("io.opentelemetry");

  private final String endpoint;
  private final Sender sender = new Sender();
  private final SpanProcessor queue;
  private final SdkTracerProvider provider;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Tracing.Counts counts = new Tracing.Counts();
  private volatile boolean failing;

  /**
   * @param patience with the collector, for one batch
   */
  Outlet(String endpoint, String node, Duration patience) {
    OF_LIBRARY.setLevel(Level.OFF); // it would tell each failure, past our log
    this.endpoint = endpoint;
    SpanExporter collector =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(patience)
            .setExecutorService(sender)
            .build();
    this.queue =
        BatchSpanProcessor.builder(new Counted(collector))
            .setMaxQueueSize(MOST_WAITING)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(PAUSE)
            .setExporterTimeout(patience)
            .build();
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "tandem",
                        AttributeKey.stringKey("service.instance.id"),
                        node)))
            .setSampler(Sampler.alwaysOn()) // who asks for a span has decided already
            .addSpanProcessor(this)
            .build();
  }

  Tracer tracer() {
    return provider.get("io.tandem");
  }

  Tracing.Counts counts() {
    return counts;
  }

  /** Whether one more may begin now; where not, that one is counted. */
  boolean hasRoom() {
    if (waiting.get() < MOST_WAITING) {
      return true;
    }
    counts.dropped().increment();
    return false;
  }

  // ---- into the queue ----

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      counts.dropped().increment();
    } else {
      queue.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return queue.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return queue.shutdown();
  }

  /** Sends what waits, and ends; gives up what takes longer than 2 s. */
  @Override
  public void close() {
    provider.shutdown().join(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    sender.shutdownNow();
  }

  /** Whether nothing is sent any more, after {@link #close}. */
  boolean isOver() {
    return sender.isTerminated();
  }

  // ---- out of it ----

  private void exported(boolean taken, int spans) {
    waiting.addAndGet(-spans);
    (taken ? counts.exported() : counts.failed()).add(spans);
    if (!taken && !failing) { // once, until it takes some again
      LOG.warn("Spans are lost, {} does not take them", endpoint);
    }
    failing = !taken;
  }

  /** Counts what leaves the queue. */
  private final class Counted implements SpanExporter {

    private final SpanExporter collector;

    Counted(SpanExporter collector) {
      this.collector = collector;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int count = spans.size(); // the list is used again, also before a late answer
      try {
        CompletableResultCode sent = collector.export(spans);
        return sent.whenComplete(() -> exported(sent.isSuccess(), count));
      } catch (RejectedExecutionException e) {
        exported(false, count);
        return CompletableResultCode.ofFailure();
      }
    }

    @Override
    public CompletableResultCode flush() {
      return collector.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return collector.shutdown();
    }
  }
}
