package io.tandem.node.ops;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The page to try the router in a browser, at the root of a listener that offers it. Its few files
 * are kept in memory. Any event loop.
 */
public final class TryItPage {

  private static final String FOLDER = "/tryit/";

  private static final String WELCOME =
      "WAMP clients are welcome here by WebSocket and RawSocket.\n";

  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "app.js", "text/javascript; charset=utf-8",
          "wamp.js", "text/javascript; charset=utf-8",
          "snippets.js", "text/javascript; charset=utf-8",
          "style.css", "text/css; charset=utf-8");

  /** Scripts and styles of the page alone; connections anywhere, since its URL can be edited. */
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Map<String, Page> pages = new LinkedHashMap<>();

  private record Page(String type, Buffer body) {}

  /** The page, or with {@code enabled} false one line, which is what balancers look for. */
  public TryItPage(boolean enabled) {
    pages.put("/", new Page("text/plain; charset=utf-8", Buffer.buffer(WELCOME)));
    if (enabled) {
      TYPES.forEach((name, type) -> pages.put(FOLDER + name, new Page(type, read(name))));
      pages.put("/", pages.get(FOLDER + "index.html"));
    }
  }

  private static Buffer read(String name) {
    try (InputStream file = TryItPage.class.getResourceAsStream(FOLDER + name)) {
      if (file == null) {
        throw new IllegalStateException("no resource " + FOLDER + name);
      }
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves the page's files, and nothing else. */
  public Handler<HttpServerRequest> router(Vertx vertx) {
    Router router = Web.router(vertx);
    pages.forEach((path, page) -> Web.get(router, path, null, context -> show(page, context)));
    router.errorHandler(404, context -> refuse(context, WELCOME));
    router.errorHandler(405, context -> refuse(context, "GET only.\n"));
    return router;
  }

  private static void show(Page page, RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", page.type())
        .putHeader("Content-Security-Policy", CONTENT_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-cache")
        // Not set for HEAD otherwise.
        .putHeader("Content-Length", String.valueOf(page.body().length()))
        .end(page.body());
  }

  private static void refuse(RoutingContext context, String text) {
    context
        .response()
        .setStatusCode(context.statusCode())
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Connection", "close")
        .end(text)
        // Whatever else the client wanted to send is not read.
        .onComplete(told -> context.request().connection().close());
  }
}
