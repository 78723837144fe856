package io.tandem.node.ops;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What probes ask for. Belongs to the management port's event loop.
 *
 * @param lanes run a task on each lane, to find out whether it still turns
 * @param began whether the node is one of those that it found, so that a new start changes nothing
 * @param waitsFor why no clients should be sent here, for people to read; empty when they should
 */
public record Health(List<Executor> lanes, BooleanSupplier began, Supplier<List<String>> waitsFor) {

  /** Longest wait for a lane to show that it lives. */
  private static final long LANE_ANSWER_MILLIS = 2_000;

  /** The answer to a probe. */
  private record Status(String status, @Nullable List<String> waitsFor) {}

  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    Web.get(router, "/live", null, context -> live(vertx, context));
    Web.get(router, "/ready", null, context -> ready(context, waitsFor.get()));
    Web.get(router, "/startup", null, context -> answer(context, began.getAsBoolean(), null));
    return router;
  }

  /** A node lives as long as every lane still turns. */
  private void live(Vertx vertx, RoutingContext context) {
    Future.all(lanes.stream().map(lane -> turn(vertx, lane)).toList())
        .onComplete(turned -> answer(context, turned.succeeded(), null));
  }

  private static Future<Void> turn(Vertx vertx, Executor lane) {
    Promise<Void> promise = Promise.promise();
    lane.execute(promise::tryComplete);
    long timer = vertx.setTimer(LANE_ANSWER_MILLIS, id -> promise.tryFail("a lane does not turn"));
    return promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void ready(RoutingContext context, List<String> waitsFor) {
    boolean up = waitsFor.isEmpty();
    answer(context, up, up ? null : waitsFor);
  }

  private static void answer(RoutingContext context, boolean up, @Nullable List<String> waitsFor) {
    context
        .response()
        .setStatusCode(up ? 200 : 503)
        .putHeader("Content-Type", Json.TYPE)
        .end(Json.line(new Status(up ? "UP" : "DOWN", waitsFor)));
  }
}
