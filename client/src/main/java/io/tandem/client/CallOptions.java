package io.tandem.client;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a procedure is called. Immutable; start with {@link #DEFAULT}.
 *
 * @param onProgress gets the partial results, on the session's context; null asks for none
 * @param timeout longest wait for an answer, or from one part of the arguments or of the result to
 *     the next (RPC-PROG-10); null for no limit. Kept by the router where it can ({@code
 *     call_timeout}), else by the session. The call then fails with {@code wamp.error.timeout}
 * @param discloseMe asks the router to tell the callee who calls
 * @param inParts whether further arguments follow, see {@link Call#part}. Takes a router that
 *     announces {@code progressive_call_invocations}, and a callee that does; the call fails with
 *     {@code wamp.error.feature_not_supported} otherwise
 */
public record CallOptions(
    @Nullable Consumer<Arguments> onProgress,
    @Nullable Duration timeout,
    boolean discloseMe,
    boolean inParts) {

  /** One result, no timeout, no disclosure, all arguments at once. */
  public static final CallOptions DEFAULT = new CallOptions(null, null, false, false);

  public CallOptions {
    if (timeout != null) {
      Timeouts.check("timeout", timeout);
    }
  }

  public CallOptions withProgress(Consumer<Arguments> handler) {
    return new CallOptions(handler, timeout, discloseMe, inParts);
  }

  public CallOptions withTimeout(Duration limit) {
    return new CallOptions(onProgress, limit, discloseMe, inParts);
  }

  public CallOptions withDisclosure() {
    return new CallOptions(onProgress, timeout, true, inParts);
  }

  public CallOptions withParts() {
    return new CallOptions(onProgress, timeout, discloseMe, true);
  }
}
