package io.tandem.node.tokens;

import io.tandem.node.credentials.VerificationKeys;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where the keys are by which tokens are judged. Any thread, and never blocks. */
@FunctionalInterface
public interface KeySource {

  /**
   * The keys of now; fails where none can be had.
   *
   * @param id the {@code kid} of a token: somebody may have to look whether there is such a key; or
   *     null
   */
  CompletionStage<VerificationKeys> keys(@Nullable String id);

  /** Keys that do not change. */
  static KeySource of(VerificationKeys keys) {
    CompletionStage<VerificationKeys> known = CompletableFuture.completedStage(keys);
    return id -> known;
  }
}
