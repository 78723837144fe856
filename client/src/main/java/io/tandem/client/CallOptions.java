package io.tandem.client;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a procedure is called. Immutable; start with {@link #DEFAULT}.
 *
 * @param onProgress gets the partial results, on the session's context; null asks for none
 * @param timeout longest wait for an answer, or between two partial results (RPC-PROG-10); null for
 *     no limit. Kept by the router where it can ({@code call_timeout}), else by the session. The
 *     call then fails with {@code wamp.error.timeout}
 * @param discloseMe asks the router to tell the callee who calls
 */
public record CallOptions(
    @Nullable Consumer<Arguments> onProgress, @Nullable Duration timeout, boolean discloseMe) {

  /** One result, no timeout, no disclosure. */
  public static final CallOptions DEFAULT = new CallOptions(null, null, false);

  public CallOptions {
    if (timeout != null) {
      Timeouts.check("timeout", timeout);
    }
  }

  public CallOptions withProgress(Consumer<Arguments> handler) {
    return new CallOptions(handler, timeout, discloseMe);
  }

  public CallOptions withTimeout(Duration limit) {
    return new CallOptions(onProgress, limit, discloseMe);
  }

  public CallOptions withDisclosure() {
    return new CallOptions(onProgress, timeout, true);
  }
}
