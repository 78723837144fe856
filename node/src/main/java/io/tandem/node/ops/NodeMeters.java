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
import io.tandem.cluster.link.LinkCount;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.node.router.RouterMetrics;
import io.tandem.node.transport.DirectMemory;
import io.tandem.registry.RealmRegistry;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** What a node counts, as meters in the format of Prometheus. Any thread. */
public final class NodeMeters implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public NodeMeters(Router router, DirectMemory buffers) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    bind(router);
    bind(buffers);
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
    router.realms().forEach(realm -> bindRealm(router, realm.name()));
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
        .description("Publications that were to be retained and are not")
        .tag("realm", realm)
        .register(registry);
  }

  /** Shows nothing of the realm any more. */
  public void unbindRealm(String realm) {
    registry.getMeters().stream()
        .filter(meter -> realm.equals(meter.getId().getTag("realm")))
        .forEach(registry::remove);
  }

  /** Shows how the sessions are spread over the lanes. */
  public void bind(Lane lane) {
    Gauge.builder("tandem.lane.sessions", lane, Lane::sessions)
        .description("Sessions established now on this lane")
        .tag("lane", String.valueOf(lane.number()))
        .register(registry);
  }

  /** Shows what the links to other nodes count. */
  public void bind(LinkCounts counts) {
    for (LinkCount what : LinkCount.values()) {
      FunctionCounter.builder("tandem.link", counts, all -> all.get(what))
          .description("What happened on the links to other nodes")
          .tag("what", what.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  /**
   * Shows how many different configurations there are.
   *
   * @param configurations among the nodes of the cluster that can be reached; any thread
   */
  public void bindConfigurations(IntSupplier configurations) {
    Gauge.builder("tandem.cluster.configurations", configurations, IntSupplier::getAsInt)
        .description("Different configurations among the nodes that can be reached")
        .strongReference(true)
        .register(registry);
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
