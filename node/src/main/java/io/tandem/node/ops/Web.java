package io.tandem.node.ops;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all that is served over HTTP has in common, but for the transports of WAMP: errors are
 * problems (RFC 9457), and who asked for what goes to the log {@value #ACCESS_LOG}, which is off
 * unless somebody wants it: probes come all the time, and strangers should not fill it. Any event
 * loop.
 */
final class Web {

  static final String ACCESS_LOG = "io.tandem.node.access";

  private static final Logger ACCESS = LoggerFactory.getLogger(ACCESS_LOG);
  private static final Logger LOG = LoggerFactory.getLogger(Web.class);

  /** Those that something of ours or of Vert.x answers with. */
  private static final List<Integer> ERRORS = List.of(400, 401, 403, 404, 405, 413, 429, 500);

  /** Where a request keeps what is to be said of its failure. */
  private static final String DETAIL = "detail";

  private static final String READING = "GET, HEAD";

  private Web() {}

  /**
   * What an answer says that is an error.
   *
   * @param title the status in words
   * @param detail what else there is to say
   */
  private record Problem(String title, int status, @Nullable String detail) {}

  /** A router without routes, which answers that there is nothing. */
  static Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(Web::log);
    ERRORS.forEach(status -> router.errorHandler(status, Web::fail));
    return router;
  }

  private static void log(RoutingContext context) {
    if (ACCESS.isDebugEnabled()) {
      HttpServerRequest request = context.request();
      long begun = System.nanoTime();
      context.addEndHandler(
          ended ->
              ACCESS.debug(
                  "{} {} {} {} {} us",
                  request.remoteAddress(),
                  request.method(),
                  request.path(),
                  context.response().getStatusCode(),
                  (System.nanoTime() - begun) / 1_000));
    }
    context.next();
  }

  private static void fail(RoutingContext context) {
    // Vert.x tells none, and no failure, where the path cannot be decoded: whatever fails has one.
    int status = context.statusCode() < 0 ? 400 : context.statusCode();
    Throwable failure = context.failure();
    if (status == 500 && failure != null) {
      LOG.error("{} could not be answered", context.request().path(), failure);
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .end(
            Json.line(
                new Problem(
                    HttpResponseStatus.valueOf(status).reasonPhrase(),
                    status,
                    context.get(DETAIL))));
  }

  /** Refuses a request, and says why to whoever sent it. */
  static void refuse(RoutingContext context, int status, String why) {
    context.put(DETAIL, why);
    context.fail(status);
  }

  /**
   * Serves a path to those who read it, and to nobody else.
   *
   * @param access decides who may; null for everybody
   */
  static void get(
      Router router,
      String path,
      @Nullable Handler<RoutingContext> access,
      Handler<RoutingContext> answer) {
    router
        .route(path)
        .handler(
            context -> {
              HttpMethod method = context.request().method();
              if (HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method)) {
                context.next();
              } else {
                refuseMethod(context, READING);
              }
            });
    if (access != null) {
      router.route(path).handler(access);
    }
    router.route(path).handler(answer);
  }

  /**
   * Does something for those who post to a path, and for nobody else.
   *
   * @param access decides who may
   */
  static void post(
      Router router, String path, Handler<RoutingContext> access, Handler<RoutingContext> action) {
    router
        .route(path)
        .handler(
            context -> {
              if (HttpMethod.POST.equals(context.request().method())) {
                context.next();
              } else {
                refuseMethod(context, "POST");
              }
            })
        .handler(access)
        .handler(action);
  }

  private static void refuseMethod(RoutingContext context, String allowed) {
    context.response().putHeader("Allow", allowed);
    context.fail(405);
  }
}
