package io.tandem.node.router;

import io.tandem.registry.sessions.SessionDetails;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Is told who comes and goes in a lane's share of a realm, the router's own sessions apart. Called
 * on the lane.
 */
public interface Attendance {

  /** Tells nobody. */
  Attendance UNTOLD =
      new Attendance() {
        @Override
        public CompletionStage<?> joined(SessionDetails session, CompletionStage<?> entered) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public void left(SessionDetails session, CompletionStage<?> removed) {}

        @Override
        public CompletionStage<?> freed(SessionDetails session) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /**
   * A session is established.
   *
   * @param entered completes, on any thread, when every node can find it; fails when it has ended
   *     before
   * @return completes, on any thread, when others have been told
   */
  CompletionStage<?> joined(SessionDetails session, CompletionStage<?> entered);

  /**
   * A session is over, with all that it held.
   *
   * @param removed completes, on any thread, when no node finds it any more; fails when none ever
   *     could
   */
  void left(SessionDetails session, CompletionStage<?> removed);

  /**
   * A session of a node that is gone is over: this node has taken it out of the record.
   *
   * @return completes, on any thread, when others have been told
   */
  CompletionStage<?> freed(SessionDetails session);
}
