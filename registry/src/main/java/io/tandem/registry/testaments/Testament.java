package io.tandem.registry.testaments;

import io.tandem.protocol.message.Publish;

/**
 * One thing to be published when a session ends. Immutable.
 *
 * @param publish what the session would have said; its request ID means nothing
 */
public record Testament(Scope scope, Publish publish) {

  /** When it is published. Without sessions that are resumed both are at their end (PS-TEST-05). */
  public enum Scope {
    /** When the session has lost its transport: before the others. */
    DETACHED,
    /** When the session is over. */
    DESTROYED
  }
}
