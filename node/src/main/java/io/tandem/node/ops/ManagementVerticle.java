package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The port for probes, metrics, and having configurations read again. Health is always open and
 * tells up or down, and by the names of nodes what is waited for; metrics are open, want a token,
 * or are closed, as configured.
 *
 * <p>Each connection carries one request and lives for some seconds; where there are too many the
 * oldest goes, so that a probe always gets through. It has an event loop that nobody else should
 * need: who sends much here is not to slow down anything else.
 */
public final class ManagementVerticle extends VerticleBase {

  /** For a request and its answer. */
  private static final Duration LIFE = Duration.ofSeconds(10);

  /** The same where all nodes are asked, once or, behind others who ask, twice. */
  private static final Duration LONG_LIFE = Duration.ofSeconds(30);

  /** More than a probe and a scraper need at once. */
  private static final int MAX_CONNECTIONS = 64;

  // In octets.
  private static final int MAX_LINE = 1 << 10;
  private static final int MAX_HEADERS = 8 << 10;

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final ManagementConfig config;
  private final NodeMeters meters;
  private final ClusterView cluster;
  private final Health health;
  private final ClusterReload reload;

  /** Those that are open, the oldest first, with the timers that end them. */
  private final Map<HttpConnection, Long> connections = new LinkedHashMap<>();

  private int port;

  public ManagementVerticle(
      ManagementConfig config,
      NodeMeters meters,
      ClusterView cluster,
      Health health,
      ClusterReload reload) {
    this.config = config;
    this.meters = meters;
    this.cluster = cluster;
    this.health = health;
    this.reload = reload;
  }

  /** Opens the port. */
  @Override
  public Future<?> start() {
    Thread.currentThread().setName("tandem-management");
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                // Its handler fails for each request of a client that sends many and does not read.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS))
        .connectionHandler(this::connected)
        .requestHandler(router())
        .listen(config.endpoint().port(), config.endpoint().address())
        .onSuccess(server -> port = server.actualPort());
  }

  /** The port that was opened. */
  public int port() {
    return port;
  }

  private void connected(HttpConnection connection) {
    live(connection, LIFE);
    if (connections.size() > MAX_CONNECTIONS) {
      HttpConnection oldest = connections.keySet().iterator().next();
      // At once: it is closed later, and others may come before that.
      forget(oldest);
      oldest.close();
    }
    connection.closeHandler(closed -> forget(connection));
  }

  private void forget(HttpConnection connection) {
    Long timer = connections.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  /** The connection is the newest one now, and ends after this time. */
  private void live(HttpConnection connection, Duration life) {
    forget(connection);
    connections.put(connection, vertx.setTimer(life.toMillis(), over -> connection.close()));
  }

  private Router router() {
    Rendering metrics = new Rendering(vertx, meters::scrape);
    Rendering members = new Rendering(vertx, () -> Json.page(cluster.view()));
    MetricsAccess access = new MetricsAccess(config);
    Router router = Web.router(vertx);
    router.route().handler(ManagementVerticle::onlyOne);
    router.route("/health/*").subRouter(health.router(vertx));
    Web.get(router, "/metrics", access, context -> show(context, METRICS_TYPE, metrics));
    Web.get(router, "/cluster", access, context -> show(context, Json.TYPE, members));
    new ReloadRoute(config, reload, context -> live(context.request().connection(), LONG_LIFE))
        .addTo(router);
    return router;
  }

  private static void onlyOne(RoutingContext context) {
    context
        .response()
        .putHeader("Connection", "close")
        // Vert.x leaves it to the client, which may not care before the connection's life is over.
        .endHandler(ended -> context.request().connection().close());
    context.next();
  }

  private static void show(RoutingContext context, String type, Rendering rendering) {
    rendering
        .next()
        .onSuccess(text -> context.response().putHeader("Content-Type", type).end(text))
        .onFailure(context::fail);
  }
}
