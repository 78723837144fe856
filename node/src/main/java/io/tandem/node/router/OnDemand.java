package io.tandem.node.router;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Realms that are made when somebody joins them, and are not there before. Any thread. */
public interface OnDemand {

  /** There are none. */
  OnDemand NONE =
      new OnDemand() {
        @Override
        public @Nullable RealmSettings settings(String realm) {
          return null;
        }

        @Override
        public CompletionStage<Outcome> open(String realm) {
          return CompletableFuture.completedFuture(Outcome.UNKNOWN);
        }
      };

  /** What has become of a wish to join a realm that is not there. */
  enum Outcome {
    /** All lanes serve it. */
    OPEN,
    /** There are as many realms of its kind as there may be. */
    FULL,
    /** Nothing says how such a realm would be run. */
    UNKNOWN
  }

  /** How such a realm would be run; null where there is to be none of this name. */
  @Nullable RealmSettings settings(String realm);

  /**
   * Opens the realm, unless it is open. Only for somebody who may join it: what is open takes the
   * place of another one.
   *
   * @return completes on any thread; fails where the realm could not be opened
   */
  CompletionStage<Outcome> open(String realm);
}
