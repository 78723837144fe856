package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.tandem.node.config.Secret;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /reload}: has all nodes read their configurations again. For whoever shows the token,
 * and for no page in a browser, wherever that comes from. Belongs to one event loop.
 */
final class ReloadRoute {

  private static final String PATH = "/reload";

  /** Requests that wait for an answer; more are refused. */
  private static final int MOST_WAITING = 8;

  private final @Nullable Secret token;
  private final ClusterReload reload;
  private final Consumer<RoutingContext> takesLong;
  private int waiting;

  /**
   * @param takesLong is told of a request whose answer takes longer than others
   */
  ReloadRoute(ManagementConfig config, ClusterReload reload, Consumer<RoutingContext> takesLong) {
    this.token = config.reloadToken();
    this.reload = reload;
    this.takesLong = takesLong;
  }

  void addTo(Router router) {
    Web.post(router, PATH, this::admit, this::run);
  }

  private void admit(RoutingContext context) {
    HttpServerRequest request = context.request();
    String address = request.remoteAddress().host();
    if (token == null) {
      Web.refuse(context, 403, "the configuration has no management.reloadToken");
    } else if (isOfPage(request)) {
      reload.refused(address, "a page in a browser");
      Web.refuse(context, 403, "not for pages in browsers");
    } else if (!Bearer.shows(context, token)) {
      reload.refused(address, "without the token");
      Bearer.refuse(context);
    } else if (hasBody(request)) {
      Web.refuse(context, 413, "a body is not read");
    } else if (waiting >= MOST_WAITING) {
      Web.refuse(context, 429, "others wait for the same; ask again when they have been answered");
    } else {
      context.next();
    }
  }

  /** A browser says so itself, whatever the page wants. */
  private static boolean isOfPage(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return request.getHeader("Origin") != null || (site != null && !site.equals("none"));
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.getHeader("Transfer-Encoding") != null
        || (length != null && !length.equals("0"));
  }

  private void run(RoutingContext context) {
    waiting++;
    takesLong.accept(context);
    Context here = Vertx.currentContext();
    reload
        .all(context.request().remoteAddress().host())
        .onComplete(
            done ->
                here.runOnContext(
                    again -> {
                      waiting--;
                      if (done.succeeded()) {
                        answer(context, done.result());
                      } else {
                        context.fail(done.cause());
                      }
                    }));
  }

  private static void answer(RoutingContext context, ReloadReport report) {
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .setStatusCode(report.status())
          .putHeader("Content-Type", Json.TYPE)
          .end(Json.page(report));
    }
  }
}
