package io.tandem.client;

import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that reached a procedure of this session. Any thread may use it. */
public final class Invocation {

  private final Callee callee;
  private final Registration registration;
  private final io.tandem.protocol.message.Invocation message;
  private final Arguments arguments;

  // Touched on the session's context alone.
  private boolean awaitsParts;
  private @Nullable Consumer<CallPart> partHandler;
  private @Nullable Consumer<CancelMode> interruptHandler;
  private @Nullable CancelMode interrupted;

  Invocation(
      Callee callee, Registration registration, io.tandem.protocol.message.Invocation message) {
    this.callee = callee;
    this.registration = registration;
    this.message = message;
    this.arguments = Arguments.received(message.payload());
    this.awaitsParts = message.details().is(Keys.PROGRESS);
  }

  /** The URI that was called, also where a pattern is registered. */
  public String procedure() {
    return message.details().get(Keys.PROCEDURE, registration.procedure());
  }

  /** What the caller sent; of a call in parts, with the first one. */
  public Arguments arguments() {
    return arguments;
  }

  /** Everything else the router told. */
  public Options details() {
    return message.details();
  }

  /** The session that calls, where it was disclosed. */
  public @Nullable Long caller() {
    return message.details().get(Keys.CALLER);
  }

  /** Whether the caller takes partial results; others must not be sent (RPC-PROG-07). */
  public boolean wantsProgress() {
    return message.details().is(Keys.RECEIVE_PROGRESS);
  }

  /**
   * Sends a partial result; completes when it is written to the socket, which is the moment to send
   * the next one.
   *
   * @return fails with {@link IllegalStateException} when the caller takes none or the invocation
   *     is over, and with {@link LimitExceededException}
   */
  public Future<Void> progress(Arguments part) {
    if (!wantsProgress()) {
      return Future.failedFuture(new IllegalStateException("the caller takes no partial results"));
    }
    return callee.home().call(() -> callee.answer(this, Options.of(Keys.PROGRESS, true), part));
  }

  /** Whether the caller sends its arguments in parts, of which further ones are to come. */
  public boolean isInParts() {
    return message.details().is(Keys.PROGRESS);
  }

  /**
   * Runs the handler on the session's context for each further part, in order. To be called before
   * {@link ProcedureHandler#handle} returns: a call in parts of which the procedure would not hear
   * the rest fails with {@code wamp.error.feature_not_supported}. The procedure may answer before
   * the last one, and hears no more of them then.
   */
  public void onPart(Consumer<CallPart> handler) {
    callee.home().run(() -> partHandler = handler);
  }

  /**
   * Runs the handler on the session's context when the caller gives up or the session ends; at once
   * when that has happened. The procedure should then stop and fail with {@code
   * wamp.error.canceled}; its answer reaches the caller in mode {@link CancelMode#KILL} alone.
   */
  public void onInterrupt(Consumer<CancelMode> handler) {
    callee
        .home()
        .run(
            () -> {
              interruptHandler = handler;
              if (interrupted != null) {
                callee.home().guard("interrupt handler", handler, interrupted);
              }
            });
  }

  long id() {
    return message.request();
  }

  /** Whether a message with its ID may come that is more of it. */
  boolean awaitsParts() {
    return awaitsParts;
  }

  /** Whether parts come that nobody listens for. */
  boolean wouldMissParts() {
    return awaitsParts && partHandler == null;
  }

  /** More of it. */
  void received(io.tandem.protocol.message.Invocation part) {
    awaitsParts = part.details().is(Keys.PROGRESS);
    if (partHandler != null) {
      CallPart received = new CallPart(Arguments.received(part.payload()), !awaitsParts);
      callee.home().guard("part handler", partHandler, received);
    }
  }

  void interrupted(CancelMode mode) {
    interrupted = mode;
    if (interruptHandler != null) {
      callee.home().guard("interrupt handler", interruptHandler, mode);
    }
  }
}
