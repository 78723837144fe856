package io.tandem.registry.testaments;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The wills of sessions, kept where they outlive the sessions' node, if there is another one. Of
 * one session one thing is done at a time. Any thread; never blocks, and completes on any thread.
 */
public interface Wills {

  /**
   * Keeps the will in the place of the session's earlier one. Completes when it outlives this node.
   * Fails where that is not known; then either of the two is kept until another one is.
   */
  CompletionStage<@Nullable Void> keep(Will will);

  /**
   * Takes out what is kept of a session of this node that is over: whoever is given it publishes
   * it, and nobody else is. Tries for as long as the node is there; null where there is nothing.
   */
  CompletionStage<@Nullable Will> take(long session);
}
