package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.tandem.node.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door for probes and metrics. Health is always open and tells nothing but up or down; metrics
 * are open, want a token, or are closed, as configured. Any event loop.
 */
public final class ManagementServer {

  /** Longest wait for a lane to show that it lives. */
  private static final long LANE_ANSWER_MILLIS = 2_000;

  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final ManagementConfig config;
  private final NodeMeters meters;
  private final List<Executor> lanes;
  private final Supplier<Boolean> ready;

  /**
   * @param lanes run a task on each lane, to find out whether it still turns
   * @param ready whether clients should be sent here
   */
  public ManagementServer(
      Vertx vertx,
      ManagementConfig config,
      NodeMeters meters,
      List<Executor> lanes,
      Supplier<Boolean> ready) {
    this.vertx = vertx;
    this.config = config;
    this.meters = meters;
    this.lanes = lanes;
    this.ready = ready;
  }

  /** Opens the port; completes with its number. */
  public Future<Integer> open() {
    Router routes = Router.router(vertx);
    routes.get("/health/live").handler(this::live);
    routes.get("/health/ready").handler(context -> health(context, ready.get()));
    // The port opens when everything else has.
    routes.get("/health/startup").handler(context -> health(context, true));
    routes.get("/metrics").handler(this::metrics);
    return vertx
        .createHttpServer(
            new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(60))
        .requestHandler(routes)
        .listen(config.endpoint().port(), config.endpoint().address())
        .map(HttpServer::actualPort);
  }

  /** A node lives as long as every lane still turns. */
  private void live(RoutingContext context) {
    Future.all(lanes.stream().map(this::turn).toList())
        .onComplete(turned -> health(context, turned.succeeded()));
  }

  private Future<Void> turn(Executor lane) {
    Promise<Void> promise = Promise.promise();
    lane.execute(promise::tryComplete);
    long timer = vertx.setTimer(LANE_ANSWER_MILLIS, id -> promise.tryFail("a lane does not turn"));
    return promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void health(RoutingContext context, boolean up) {
    context.response().setStatusCode(up ? 200 : 503);
    context.json(new JsonObject().put("status", up ? "UP" : "DOWN"));
  }

  private void metrics(RoutingContext context) {
    switch (config.metricsAccess()) {
      case OPEN -> scrape(context);
      case CLOSED -> context.fail(403);
      case TOKEN -> {
        if (showsToken(context.request().getHeader("Authorization"))) {
          scrape(context);
        } else {
          context.response().putHeader("WWW-Authenticate", "Bearer");
          context.fail(401);
        }
      }
    }
  }

  private boolean showsToken(@Nullable String authorization) {
    Secret token = config.metricsToken();
    return token != null
        && authorization != null
        && authorization.startsWith(BEARER)
        && token.matches(authorization.substring(BEARER.length()));
  }

  private void scrape(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(meters.scrape());
  }
}
