package io.tandem.client;

import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.WampUri;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call under way. Any thread may use it; the result is told on the session's context. */
public final class Call implements Requests.Request {

  private final Caller caller;
  private final String procedure;
  private final CallOptions options;
  private final Promise<Arguments> result;

  // Touched on the session's context alone.
  private long id;
  private boolean takesParts;
  private @Nullable Long timer;

  Call(Caller caller, String procedure, CallOptions options, Promise<Arguments> result) {
    this.caller = caller;
    this.procedure = procedure;
    this.takesParts = options.inParts();
    this.options = options;
    this.result = result;
  }

  /**
   * The final result.
   *
   * @return fails with {@link WampException} for an ERROR, {@link LimitExceededException} when the
   *     call was not sent, {@link SessionClosedException} when the session ended first
   */
  public Future<Arguments> result() {
    return result.future();
  }

  /**
   * Sends a further part of the arguments, of a call that was started {@link CallOptions#withParts
   * in parts}. The callee may answer before it has all of them.
   *
   * @return completes when it is written to the socket, which is the moment to send the next one;
   *     fails with {@link IllegalStateException} when the call is over, cancelled, or has had its
   *     last part, and with {@link LimitExceededException}: then the part was not sent, and the
   *     call goes on
   */
  public Future<Void> part(Arguments part) {
    return caller.part(this, part, false);
  }

  /** The same, with nothing to follow. */
  public Future<Void> lastPart(Arguments part) {
    return caller.part(this, part, true);
  }

  /** Gives up with {@link CancelMode#KILLNOWAIT}. */
  public void cancel() {
    cancel(CancelMode.KILLNOWAIT);
  }

  /**
   * Gives up. Nothing happens when the call is over; otherwise the result fails with {@code
   * wamp.error.canceled}, or is what an interrupted callee answers. A router that does not know
   * CANCEL is not told: the call then fails here and its late answer is dropped.
   */
  public void cancel(CancelMode mode) {
    caller.cancel(this, mode);
  }

  void sent(long request) {
    id = request;
  }

  long id() {
    return id;
  }

  String procedure() {
    return procedure;
  }

  CallOptions options() {
    return options;
  }

  /** Whether a further part may be sent. */
  boolean takesParts() {
    return takesParts && !result.future().isComplete();
  }

  /** The last part is sent, or no more of them make sense. */
  void takesNoMoreParts() {
    takesParts = false;
  }

  /** Starts the wait for an answer over again. */
  void await(HomeContext home, Duration limit) {
    stopWaiting();
    timer = home.after(limit, () -> caller.giveUp(this, CancelMode.KILLNOWAIT, WampUri.TIMEOUT));
  }

  private void stopWaiting() {
    if (timer != null) {
      caller.home().cancel(timer);
      timer = null;
    }
  }

  /** Fails the call here; what the router still says about it is dropped. */
  void abandon(String error) {
    stopWaiting();
    result.tryFail(new WampException(error));
  }

  @Override
  public MessageCode type() {
    return MessageCode.CALL;
  }

  @Override
  public MessageCode answer() {
    return MessageCode.RESULT;
  }

  @Override
  public boolean answered(WampMessage message) {
    Result answer = (Result) message;
    Options details = answer.details();
    Arguments arguments = Arguments.received(answer.payload());
    if (!details.is(Keys.PROGRESS)) {
      stopWaiting();
      result.tryComplete(arguments);
      return true;
    }
    if (options.onProgress() != null && !result.future().isComplete()) {
      if (timer != null && options.timeout() != null) {
        await(caller.home(), options.timeout());
      }
      caller.home().guard("progress handler", options.onProgress(), arguments);
    }
    return false;
  }

  @Override
  public void failed(RuntimeException cause) {
    stopWaiting();
    result.tryFail(cause);
  }
}
