package io.tandem.node.ops;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The page to try the router in a browser, at the root of a listener that offers it. Its few files
 * are kept in memory. Any event loop.
 */
public final class TryItPage implements Handler<HttpServerRequest> {

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

  @Override
  public void handle(HttpServerRequest request) {
    Page page = pages.get(request.path());
    if (page == null) {
      refuse(request, 404, WELCOME);
    } else if (isRead(request.method())) {
      show(page, request.response());
    } else {
      request.response().putHeader("Allow", "GET, HEAD");
      refuse(request, 405, "GET only.\n");
    }
  }

  private static boolean isRead(HttpMethod method) {
    return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
  }

  private static void show(Page page, HttpServerResponse response) {
    response
        .putHeader("Content-Type", page.type())
        .putHeader("Content-Security-Policy", CONTENT_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-cache")
        // Not set for HEAD otherwise.
        .putHeader("Content-Length", String.valueOf(page.body().length()))
        .end(page.body());
  }

  private static void refuse(HttpServerRequest request, int status, String text) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Connection", "close")
        .end(text)
        // Whatever else the client wanted to send is not read.
        .onComplete(told -> request.connection().close());
  }
}
