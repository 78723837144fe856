package io.tandem.node.auth;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What an {@link Authorizer} says: its decision, or how there will be one. */
public sealed interface Answer permits Decision, Answer.Later, Answer.Ask {

  /**
   * The decision is not known yet.
   *
   * @param decision completes on any thread; a failure counts as one of the authorizer (AZ-03)
   */
  record Later(CompletionStage<Decision> decision) implements Answer {}

  /**
   * A procedure of the realm decides (AZ-08), or has decided for this session already.
   *
   * @param timeout how long it may take; beyond that it has failed (AZ-03)
   */
  record Ask(String procedure, Duration timeout) implements Answer {}
}
