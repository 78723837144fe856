package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.tandem.node.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door for probes and metrics. Health is always open and tells up or down, and by the names of
 * nodes what is waited for; metrics are open, want a token, or are closed, as configured.
 *
 * <p>Each connection carries one request and lives for some seconds; where there are too many the
 * oldest goes, so that a probe always gets through. Belongs to the event loop that opens it, which
 * nobody else should need: who sends much here is not to slow down anything else.
 */
public final class ManagementServer {

  /** Longest wait for a lane to show that it lives. */
  private static final long LANE_ANSWER_MILLIS = 2_000;

  /** More than a probe and a scraper need at once. */
  private static final int MAX_CONNECTIONS = 64;

  // In octets.
  private static final int MAX_LINE = 1 << 10;
  private static final int MAX_HEADERS = 8 << 10;

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final ManagementConfig config;
  private final List<Executor> lanes;
  private final BooleanSupplier began;
  private final Supplier<List<String>> waitsFor;
  private final Duration life;
  private final Rendering metrics;
  private final Rendering cluster;

  /** Those that are open, the oldest first. */
  private final Set<HttpConnection> connections = new LinkedHashSet<>();

  /**
   * @param lanes run a task on each lane, to find out whether it still turns
   * @param began whether the node is one of those that it found, so that a new start changes
   *     nothing
   * @param waitsFor why no clients should be sent here, for people to read; empty when they should
   * @param life longest life of a connection, for its request and the answer
   */
  public ManagementServer(
      Vertx vertx,
      ManagementConfig config,
      NodeMeters meters,
      ClusterView cluster,
      List<Executor> lanes,
      BooleanSupplier began,
      Supplier<List<String>> waitsFor,
      Duration life) {
    this.vertx = vertx;
    this.config = config;
    this.lanes = lanes;
    this.began = began;
    this.waitsFor = waitsFor;
    this.life = life;
    this.metrics = new Rendering(vertx, meters::scrape);
    this.cluster = new Rendering(vertx, () -> cluster.json().encodePrettily() + "\n");
  }

  /** Opens the port; completes with its number. */
  public Future<Integer> open() {
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
        .requestHandler(this::answer)
        .listen(config.endpoint().port(), config.endpoint().address())
        .map(HttpServer::actualPort);
  }

  private void connected(HttpConnection connection) {
    connections.add(connection);
    if (connections.size() > MAX_CONNECTIONS) {
      connections.iterator().next().close();
    }
    long timer = vertx.setTimer(life.toMillis(), over -> connection.close());
    connection.closeHandler(
        closed -> {
          vertx.cancelTimer(timer);
          connections.remove(connection);
        });
  }

  private void answer(HttpServerRequest request) {
    request
        .response()
        .putHeader("Connection", "close")
        // Vert.x leaves it to the client, which may not care before the connection's life is over.
        .endHandler(ended -> request.connection().close());
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
      return;
    }
    switch (request.path()) {
      case "/health/live" -> live(request.response());
      case "/health/ready" -> ready(request.response(), waitsFor.get());
      case "/health/startup" -> health(request.response(), began.getAsBoolean());
      case "/metrics" -> guarded(request, response -> show(response, METRICS_TYPE, metrics));
      case "/cluster" -> guarded(request, response -> show(response, "application/json", cluster));
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

  private static void ready(HttpServerResponse response, List<String> waitsFor) {
    if (waitsFor.isEmpty()) {
      health(response, true);
    } else {
      answer(
          response,
          503,
          new JsonObject().put("status", "DOWN").put("waitsFor", new JsonArray(waitsFor)).encode());
    }
  }

  private static void health(HttpServerResponse response, boolean up) {
    answer(response, up ? 200 : 503, up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
  }

  private static void answer(HttpServerResponse response, int status, String json) {
    response.setStatusCode(status).putHeader("Content-Type", "application/json").end(json);
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
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && token.matches(authorization.substring(BEARER.length()));
  }

  private static void show(HttpServerResponse response, String type, Rendering rendering) {
    rendering
        .next()
        .onSuccess(text -> response.putHeader("Content-Type", type).end(text))
        .onFailure(failure -> response.setStatusCode(500).end());
  }
}
