package io.tandem.node.auth;

import java.util.concurrent.CompletionStage;

/** What an {@link Authorizer} says: its decision, or that there will be one. */
public sealed interface Answer permits Decision, Answer.Later {

  /**
   * The decision is not known yet.
   *
   * @param decision completes on any thread; a failure counts as one of the authorizer (AZ-03)
   */
  record Later(CompletionStage<Decision> decision) implements Answer {}
}
