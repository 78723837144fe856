package io.tandem.node.router;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The features that a client announced and that change what it is sent. What a client did not
 * announce counts as absent, and so does a value that is not a boolean (FEAT-03).
 *
 * @param callCanceling whether its callee role takes INTERRUPT (QRK-07)
 * @param progressiveResults whether its callee role can yield in parts
 * @param callTimeout whether its callee role watches timeouts itself
 */
public record ClientFeatures(
    boolean callCanceling, boolean progressiveResults, boolean callTimeout) {

  /** Reads {@code HELLO.Details.roles}. */
  public static ClientFeatures of(Map<String, @Nullable Object> roles) {
    Map<?, ?> callee = map(map(roles.get("callee")).get("features"));
    return new ClientFeatures(
        // Both spellings are in use (FEAT-04).
        is(callee, "call_canceling") || is(callee, "call_cancelling"),
        is(callee, "progressive_call_results"),
        is(callee, "call_timeout"));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static boolean is(Map<?, ?> features, String name) {
    return Boolean.TRUE.equals(features.get(name));
  }
}
