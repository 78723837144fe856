package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The port for probes and metrics. Health is always open and tells up or down, and by the names of
 * nodes what is waited for; metrics are open, want a token, or are closed, as configured.
 *
 * <p>Each connection carries one request and lives for some seconds; where there are too many the
 * oldest goes, so that a probe always gets through. It has an event loop that nobody else should
 * need: who sends much here is not to slow down anything else.
 */
public final class ManagementVerticle extends VerticleBase {

  /** For a request and its answer. */
  private static final Duration LIFE = Duration.ofSeconds(10);

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

  /** Those that are open, the oldest first. */
  private final Set<HttpConnection> connections = new LinkedHashSet<>();

  private int port;

  public ManagementVerticle(
      ManagementConfig config, NodeMeters meters, ClusterView cluster, Health health) {
    this.config = config;
    this.meters = meters;
    this.cluster = cluster;
    this.health = health;
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
    connections.add(connection);
    if (connections.size() > MAX_CONNECTIONS) {
      connections.iterator().next().close();
    }
    long timer = vertx.setTimer(LIFE.toMillis(), over -> connection.close());
    connection.closeHandler(
        closed -> {
          vertx.cancelTimer(timer);
          connections.remove(connection);
        });
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
