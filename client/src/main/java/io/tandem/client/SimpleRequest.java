package io.tandem.client;

import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.WampMessage;
import io.vertx.core.Promise;
import java.util.function.Function;

/**
 * A request with one answer.
 *
 * @param outcome completed with what {@code read} makes of the answer
 */
record SimpleRequest<T>(
    MessageCode type, MessageCode answer, Function<WampMessage, T> read, Promise<T> outcome)
    implements Requests.Request {

  @Override
  public boolean answered(WampMessage message) {
    outcome.complete(read.apply(message));
    return true;
  }

  @Override
  public void failed(RuntimeException cause) {
    // Who hears the answer may close the session, and that fails whatever is pending still.
    outcome.tryFail(cause);
  }
}
