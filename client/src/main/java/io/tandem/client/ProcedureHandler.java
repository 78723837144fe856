package io.tandem.client;

import io.vertx.core.Future;

/** The code behind a registered procedure. */
@FunctionalInterface
public interface ProcedureHandler {

  /**
   * Answers a call. Runs on the session's context and must not block; the future may be completed
   * on any thread.
   *
   * <p>A {@link WampException}, thrown or in the future, becomes the ERROR the caller gets.
   * Anything else is logged and becomes {@code wamp.error.runtime_error} without its message, which
   * is none of the caller's business.
   */
  Future<Arguments> handle(Invocation invocation) throws Exception;
}
