package io.tandem.node.transport;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request of a long-poll client, which is answered once, by whoever comes first. The lane of its
 * connection need not be that of the transport: answers may come from any thread.
 */
final class Poll implements LongPollInput.Asked {

  static final int OK = 200;
  static final int NO_CONTENT = 204;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int TOO_LARGE = 413;
  static final int UNAVAILABLE = 503;

  private final HttpServerResponse response;
  private final Context context;
  private final AtomicBoolean answered = new AtomicBoolean();

  /** Made on the lane of the connection, which is this context's. */
  Poll(HttpServerRequest request) {
    this.response = request.response();
    this.context = Vertx.currentContext();
  }

  /** Sets a header of the answer; before anybody else knows of the request. */
  void header(String name, String value) {
    response.putHeader(name, value);
  }

  /** Has the task run, on the connection's lane, when the connection ends before the answer. */
  void onLost(Runnable task) {
    response.closeHandler(
        closed -> {
          if (answered.compareAndSet(false, true)) {
            task.run();
          }
        });
  }

  @Override
  public void answer(int status, @Nullable String line) {
    if (answered.compareAndSet(false, true)) {
      context.runOnContext(
          ignored -> {
            response.setStatusCode(status);
            if (line == null) {
              response.end();
            } else {
              response.putHeader("Content-Type", "text/plain; charset=utf-8").end(line + "\n");
            }
          });
    }
  }

  /**
   * Answers with these octets.
   *
   * @param failed runs when they cannot be written, as where nobody is there any more
   */
  void answer(byte[] body, String type, Runnable failed) {
    if (!answered.compareAndSet(false, true)) {
      failed.run();
      return;
    }
    context.runOnContext(
        ignored ->
            response
                .setStatusCode(OK)
                .putHeader("Content-Type", type)
                .end(Buffer.buffer(body))
                .onFailure(failure -> failed.run()));
  }
}
