package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.tandem.node.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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
  private final ClusterView cluster;
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
      ClusterView cluster,
      List<Executor> lanes,
      Supplier<Boolean> ready) {
    this.vertx = vertx;
    this.config = config;
    this.meters = meters;
    this.cluster = cluster;
    this.lanes = lanes;
    this.ready = ready;
  }

  /** Opens the port; completes with its number. */
  public Future<Integer> open() {
    return vertx
        .createHttpServer(
            new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(60))
        .requestHandler(this::answer)
        .listen(config.endpoint().port(), config.endpoint().address())
        .map(HttpServer::actualPort);
  }

  private void answer(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      request.response().setStatusCode(405).putHeader("Connection", "close").end();
      return;
    }
    switch (request.path()) {
      case "/health/live" -> live(request.response());
      case "/health/ready" -> health(request.response(), ready.get());
      // The port opens when everything else has.
      case "/health/startup" -> health(request.response(), true);
      case "/metrics" -> guarded(request, this::scrape);
      case "/cluster" -> guarded(request, this::cluster);
      default -> request.response().setStatusCode(404).end();
    }
  }

  /** A node lives as long as every lane still turns. */
  private void live(HttpServerResponse response) {
    Future.all(lanes.stream().map(this::turn).toList())
        .onComplete(turned -> health(response, turned.succeeded()));
  }

  private Future<Void> turn(Executor lane) {
    Promise<Void> promise = Promise.promise();
    lane.execute(promise::tryComplete);
    long timer = vertx.setTimer(LANE_ANSWER_MILLIS, id -> promise.tryFail("a lane does not turn"));
    return promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void health(HttpServerResponse response, boolean up) {
    response
        .setStatusCode(up ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .end(up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
  }

  /** For those who may see metrics. */
  private void guarded(HttpServerRequest request, Consumer<HttpServerResponse> answer) {
    HttpServerResponse response = request.response();
    switch (config.metricsAccess()) {
      case OPEN -> answer.accept(response);
      case CLOSED -> response.setStatusCode(403).end();
      case TOKEN -> {
        if (showsToken(request.getHeader("Authorization"))) {
          answer.accept(response);
        } else {
          response.setStatusCode(401).putHeader("WWW-Authenticate", "Bearer").end();
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

  private void cluster(HttpServerResponse response) {
    vertx
        .executeBlocking(() -> cluster.json().encodePrettily())
        .onSuccess(text -> response.putHeader("Content-Type", "application/json").end(text + "\n"))
        .onFailure(failure -> response.setStatusCode(500).end());
  }

  private void scrape(HttpServerResponse response) {
    response
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(meters.scrape());
  }
}
