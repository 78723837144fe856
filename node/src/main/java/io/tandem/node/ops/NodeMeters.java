package io.tandem.node.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.cluster.link.Loop;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Latency;
import io.tandem.node.router.Router;
import io.tandem.node.router.RouterMetrics;
import io.tandem.node.router.Tracing;
import io.tandem.node.transport.DirectMemory;
import io.tandem.registry.Histogram;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.kept.WriteBehind;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a node counts, as meters in the format of Prometheus. Any thread. */
public final class NodeMeters implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final HistogramFamily latencies =
      new HistogramFamily("tandem_latency_seconds", "How long something took", "of");
  private final Histogram turns;

  public NodeMeters(Router router, DirectMemory buffers) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    registry.getPrometheusRegistry().register(latencies);
    turns = router.metrics().latency(Latency.TURN);
    bind(router);
    bind(buffers);
    bindBirth();
  }

  private void bindBirth() {
    String version = NodeMeters.class.getPackage().getImplementationVersion();
    Gauge.builder("tandem.build.info", () -> 1)
        .description("The version of this node")
        .tag("version", version == null ? "development" : version)
        .register(registry);
    double now = (double) System.currentTimeMillis() / TimeUnit.SECONDS.toMillis(1);
    Gauge.builder("tandem.life.start.time", () -> now)
        .description("When the present life of the process began, which is later than its start")
        .baseUnit("seconds")
        .register(registry);
  }

  private void bind(DirectMemory buffers) {
    Gauge.builder("tandem.buffers.used", buffers, DirectMemory::used)
        .description("Octets of memory outside of the heap that the buffers of channels take")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("tandem.buffers.limit", buffers, DirectMemory::limit)
        .description("Octets of memory outside of the heap that they may take")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("tandem.buffers.held", buffers, DirectMemory::held)
        .description("Octets that clients hold by not reading, or by not ending a message")
        .baseUnit("bytes")
        .register(registry);
  }

  private void bind(Router router) {
    RouterMetrics metrics = router.metrics();
    counter("tandem.sessions.opened", "Sessions established", metrics.sessionsOpened);
    counter("tandem.sessions.closed", "Sessions ended", metrics.sessionsClosed);
    counter("tandem.publications", "PUBLISH messages accepted", metrics.publications);
    counter("tandem.events", "EVENT messages sent", metrics.events);
    counter("tandem.calls", "CALL messages received", metrics.calls);
    counter("tandem.invocations", "INVOCATION messages sent", metrics.invocations);
    counter("tandem.authorizer.calls", "Questions to authorizers", metrics.authorizerCalls);
    counter(
        "tandem.authorizer.failures",
        "Requests refused since their authorizer failed",
        metrics.authorizerFailures);
    counter(
        "tandem.logins.failed", "Logins that failed by the client's fault", metrics.loginsFailed);
    counter(
        "tandem.logins.paused",
        "Logins refused since too many had failed before",
        metrics.loginsPaused);
    counter(
        "tandem.rate.holds",
        "Times that a client was read later since it sent faster than it may",
        metrics.rateHolds);
    counter("tandem.request.id.gaps", "Request IDs out of sequence", metrics.requestIdGaps);
    Gauge.builder(
            "tandem.sessions",
            metrics,
            m -> m.sessionsOpened.doubleValue() - m.sessionsClosed.doubleValue())
        .description("Sessions established now")
        .register(registry);
    counter(
        "tandem.memory.refusals",
        "Requests refused since their session makes the node keep too much",
        metrics.memoryRefusals);
    Gauge.builder("tandem.memory.used", router.memory(), Budget::used)
        .description("Octets of heap that sessions make the node keep")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("tandem.memory.limit", router.memory(), Budget::limit)
        .description("Octets of heap that sessions may make the node keep")
        .baseUnit("bytes")
        .register(registry);
    metrics
        .callErrors
        .byLabel()
        .forEach(
            (error, count) ->
                FunctionCounter.builder("tandem.call.errors", count, LongAdder::doubleValue)
                    .description("Calls of clients answered with ERROR")
                    .tag("error", error)
                    .register(registry));
    for (Latency latency : Latency.values()) {
      latencies.add(latency.label(), metrics.latency(latency));
    }
    for (RouterMetrics.Drop reason : RouterMetrics.Drop.values()) {
      FunctionCounter.builder("tandem.drops", metrics.drops(reason), LongAdder::doubleValue)
          .description("Messages dropped without an answer to anybody")
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    for (CloseCause cause : CloseCause.values()) {
      FunctionCounter.builder("tandem.closes", metrics.closes(cause), LongAdder::doubleValue)
          .description("Transports closed")
          .tag("cause", cause.label())
          .register(registry);
    }
    for (HandshakeRefusal reason : HandshakeRefusal.values()) {
      FunctionCounter.builder(
              "tandem.handshakes.refused", metrics.refusals(reason), LongAdder::doubleValue)
          .description("Connections refused before they became transports")
          .tag("reason", reason.label())
          .register(registry);
    }
    Gauge.builder("tandem.realms", router, each -> each.realms().size())
        .description("Realms that are open")
        .register(registry);
    counter("tandem.realms.made", "Realms opened by a template", metrics.realmsMade);
    counter(
        "tandem.realms.refused",
        "Joins refused since a template has all the realms that it may have",
        metrics.realmsRefused);
    WriteBehind behind = router.keeping().behind();
    Gauge.builder("tandem.kept.behind.size", behind, WriteBehind::octets)
        .description("Octets of kept publications that are still to be written into the record")
        .baseUnit("bytes")
        .register(registry);
    counter(
        "tandem.kept.behind.shed",
        "Changes of the record of kept publications that had to wait for the next comparison",
        behind.shed());
    router.realms().forEach(realm -> bindRealm(router, realm.name()));
    Tracing tracing = router.tracing();
    if (tracing != null) {
      bind(tracing.counts());
    }
  }

  /** Shows what becomes of spans. */
  public void bind(Tracing.Counts spans) {
    Map.of("exported", spans.exported(), "failed", spans.failed(), "dropped", spans.dropped())
        .forEach(
            (state, count) ->
                FunctionCounter.builder("tandem.trace.spans", count, LongAdder::doubleValue)
                    .description("Spans of traces")
                    .tag("state", state)
                    .register(registry));
  }

  /** Shows what the routing tables hold of a realm. */
  public void bindRealm(Router router, String realm) {
    RealmRegistry tables = router.tables().realm(realm);
    Gauge.builder("tandem.subscriptions", tables, RealmRegistry::subscriptionCount)
        .description("Subscriptions in the routing table")
        .tag("realm", realm)
        .register(registry);
    Gauge.builder("tandem.registrations", tables, RealmRegistry::registrationCount)
        .description("Registrations in the routing table")
        .tag("realm", realm)
        .register(registry);
    bind(Objects.requireNonNull(router.keeping().realm(realm)), realm);
  }

  private void bind(KeptPublications kept, String realm) {
    Gauge.builder("tandem.kept.events", kept, KeptPublications::events)
        .description("Publications kept as retained events or history")
        .tag("realm", realm)
        .register(registry);
    Gauge.builder("tandem.kept.size", kept, KeptPublications::octets)
        .description("Octets of heap that they take")
        .baseUnit("bytes")
        .tag("realm", realm)
        .register(registry);
    FunctionCounter.builder("tandem.retained.evicted", kept.evicted(), LongAdder::doubleValue)
        .description("Retained events that made room for others")
        .tag("realm", realm)
        .register(registry);
    FunctionCounter.builder("tandem.retained.ignored", kept.ignored(), LongAdder::doubleValue)
        .description("Publications that another node retains and this one does not")
        .tag("realm", realm)
        .register(registry);
  }

  /** Shows nothing of the realm any more. */
  public void unbindRealm(String realm) {
    registry.getMeters().stream()
        .filter(meter -> realm.equals(meter.getId().getTag("realm")))
        .forEach(registry::remove);
  }

  /** Shows how the sessions are spread over the lanes, and what each lane has to do. */
  public void bind(Lane lane, Loop loop) {
    String number = String.valueOf(lane.number());
    Gauge.builder("tandem.lane.sessions", lane, Lane::sessions)
        .description("Sessions established now on this lane")
        .tag("lane", number)
        .register(registry);
    Gauge.builder("tandem.mailbox.size", lane, Lane::octetsWaiting)
        .description("Octets of deliveries that wait for this lane")
        .baseUnit("bytes")
        .tag("lane", number)
        .register(registry);
    watch("lane-" + number, loop);
  }

  /** Shows whether the loop has time for what is due. */
  public void watch(String name, Loop loop) {
    LoopWatch watch = new LoopWatch(loop, turns);
    Gauge.builder("tandem.loop.late", watch, LoopWatch::silence)
        .description("By how much a loop is late now with what is due")
        .baseUnit("seconds")
        .tag("loop", name)
        .strongReference(true)
        .register(registry);
  }

  /** Shows what a node of several knows of the others. */
  public void bind(ClusterSource cluster) {
    new ClusterMeters(registry, cluster).bind(latencies);
  }

  /**
   * Shows whether clients may come.
   *
   * @param ready any thread
   */
  public void bindReadiness(BooleanSupplier ready) {
    Gauge.builder("tandem.ready", () -> ready.getAsBoolean() ? 1 : 0)
        .description("Whether clients may come, as /health/ready tells")
        .register(registry);
  }

  /**
   * Shows when certificates end.
   *
   * @param ends see {@link Certificates#ends}; any thread
   */
  public void bindCertificates(Supplier<Map<String, Long>> ends) {
    registry
        .getPrometheusRegistry()
        .register(
            new GaugeFamily(
                "tandem_certificate_end_time_seconds",
                "When the first of the certificates ends that a listener, or the node, shows",
                "of",
                ends));
  }

  private void counter(String name, String description, LongAdder value) {
    FunctionCounter.builder(name, value, LongAdder::doubleValue)
        .description(description)
        .register(registry);
  }

  /** All meters in the text format of Prometheus. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
