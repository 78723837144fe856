package io.tandem.registry.logins;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster remembers of logins, by a name that only whoever logged in can make others look
 * up. Their number is bounded: beyond it those are forgotten first that nobody has asked for in the
 * longest time. Any thread; never blocks, and completes on any thread.
 */
public interface RememberedLogins {

  /** Logins that each node keeps, copies for others not counted. */
  int MOST = 100_000;

  /** Remembers nothing. */
  RememberedLogins NONE =
      new RememberedLogins() {
        @Override
        public CompletionStage<@Nullable RememberedLogin> find(String name) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<@Nullable Void> remember(String name, RememberedLogin login) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<@Nullable Void> forget(String name) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /** The login of this name; null where there is none, or none any more. */
  CompletionStage<@Nullable RememberedLogin> find(String name);

  /**
   * Every node finds the login from the completion on, until its time is over, in the place of an
   * earlier one of this name. Fails where that is not known.
   */
  CompletionStage<@Nullable Void> remember(String name, RememberedLogin login);

  /** No node finds it from the completion on. Fails where that is not known. */
  CompletionStage<@Nullable Void> forget(String name);
}
