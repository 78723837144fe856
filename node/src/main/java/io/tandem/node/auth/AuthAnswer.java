package io.tandem.node.auth;

import io.tandem.protocol.wire.Payload;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an {@link Authenticator} says: what to do next, or how that will be known. */
public sealed interface AuthAnswer
    permits AuthStep, AuthAnswer.Later, AuthAnswer.Blocking, AuthAnswer.Lookup, AuthAnswer.Consult {

  /**
   * The step is not known yet.
   *
   * @param step completes on any thread; a failure refuses the client
   * @param abandoned is run, on the lane, when nobody waits for it any more
   */
  record Later(CompletionStage<? extends AuthStep> step, Runnable abandoned) implements AuthAnswer {

    /** One whose work goes on although nobody waits for it. */
    public Later(CompletionStage<? extends AuthStep> step) {
      this(step, () -> {});
    }
  }

  /**
   * The step takes work that blocks, or computes for long: it is done by an {@link AuthPool}.
   *
   * @param work runs on a thread of the pool, and is interrupted when nobody waits for it any more;
   *     an exception refuses the client
   * @param timeout how long it may take, waiting for a thread included; null where it has the time
   *     that any authenticator has, which is never exceeded
   */
  record Blocking(Callable<? extends AuthStep> work, @Nullable Duration timeout)
      implements AuthAnswer {

    /** One that may take as long as authenticators may. */
    public Blocking(Callable<? extends AuthStep> work) {
      this(work, null);
    }
  }

  /**
   * The step depends on something that is looked up.
   *
   * @param found completes on any thread; a failure refuses the client
   * @param heard is run, on the lane, with what is found; an exception refuses the client
   */
  record Lookup<T extends @Nullable Object>(CompletionStage<T> found, Function<T, AuthAnswer> heard)
      implements AuthAnswer {}

  /**
   * The step depends on what a procedure says (AUTH-12). Where that is an error, it refuses the
   * client.
   *
   * @param realm whose procedure it is
   * @param timeout how long it may take
   * @param heard is run, on the lane, with the result; an exception refuses the client
   */
  record Consult(
      String realm,
      String procedure,
      Duration timeout,
      Payload arguments,
      Function<Payload, AuthAnswer> heard)
      implements AuthAnswer {}
}
