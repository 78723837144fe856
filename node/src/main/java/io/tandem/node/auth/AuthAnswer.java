package io.tandem.node.auth;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** What an {@link Authenticator} says: what to do next, or how that will be known. */
public sealed interface AuthAnswer permits AuthStep, AuthAnswer.Later, AuthAnswer.Blocking {

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
   */
  record Blocking(Callable<? extends AuthStep> work) implements AuthAnswer {}
}
