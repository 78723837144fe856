package io.tandem.registry.sessions;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of the cluster, as every node can look them up: none of this is on the path of a
 * message, and WELCOME does not wait for it. Any thread; never blocks.
 */
public interface SessionDirectory extends SessionIds {

  /**
   * A session of this node is established under the ID that was claimed for it. Completes when
   * every node can find it; fails only when the session, or this life of the node, has ended
   * before.
   */
  CompletionStage<@Nullable Void> enter(SessionDetails session);

  /**
   * What is known of a session that was entered is another thing now. Completes when every node
   * finds it so; fails only when the session, or this life of the node, has ended before.
   */
  CompletionStage<@Nullable Void> change(SessionDetails session);

  /**
   * The session is over, and its ID may be drawn again. Completes when no node finds it any more;
   * fails when it could be found by none.
   */
  CompletionStage<@Nullable Void> leave(long session);

  /** What is known of a session; null when there is none with this ID. */
  CompletionStage<@Nullable SessionDetails> find(long session);

  /**
   * Visits every session, on a thread that may block. Sessions of this node are visited exactly
   * when they are there; those of others that come or go meanwhile may be met or not.
   */
  CompletionStage<@Nullable Void> forEach(Consumer<? super SessionDetails> visitor);
}
