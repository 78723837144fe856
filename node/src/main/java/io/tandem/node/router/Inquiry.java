package io.tandem.node.router;

import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How the router asks a procedure of a realm about clients of a lane, in its own name. Belongs to
 * the lane.
 */
@FunctionalInterface
public interface Inquiry {

  /** Before there is one: asking fails. */
  Inquiry NONE =
      (procedure, options, arguments) ->
          CompletableFuture.failedFuture(new IllegalStateException("nobody can be asked yet"));

  /**
   * Calls the procedure. Called on the lane, where the result completes; fails where the router
   * answers with ERROR.
   */
  CompletionStage<Payload> call(String procedure, Options options, Payload arguments);
}
