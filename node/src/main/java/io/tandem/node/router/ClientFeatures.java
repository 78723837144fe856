package io.tandem.node.router;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The features that a client announced and that change how it is served. What a client did not
 * announce counts as absent, and so does a value that is not a boolean (FEAT-03).
 *
 * @param callCanceling whether its callee role takes INTERRUPT (QRK-07)
 * @param progressiveResults whether its callee role can yield in parts
 * @param callTimeout whether its callee role watches timeouts itself
 * @param passthru its roles that know payload passthru mode (PPT-05 to PPT-07)
 * @param more the others
 */
public record ClientFeatures(
    boolean callCanceling,
    boolean progressiveResults,
    boolean callTimeout,
    Set<ClientRole> passthru,
    Set<ClientFeature> more) {

  /** Those of a client that knows nothing of the features without a name here. */
  public ClientFeatures(
      boolean callCanceling,
      boolean progressiveResults,
      boolean callTimeout,
      Set<ClientRole> passthru) {
    this(callCanceling, progressiveResults, callTimeout, passthru, Set.of());
  }

  /** Those of a client that knows nothing of payload passthru mode. */
  public ClientFeatures(boolean callCanceling, boolean progressiveResults, boolean callTimeout) {
    this(callCanceling, progressiveResults, callTimeout, Set.of());
  }

  /** Reads {@code HELLO.Details.roles}. */
  public static ClientFeatures of(Map<String, @Nullable Object> roles) {
    Map<?, ?> callee = of(ClientRole.CALLEE, roles);
    Set<ClientRole> passthru = EnumSet.noneOf(ClientRole.class);
    for (ClientRole role : ClientRole.values()) {
      if (is(of(role, roles), "payload_passthru_mode")) {
        passthru.add(role);
      }
    }
    Set<ClientFeature> more = EnumSet.noneOf(ClientFeature.class);
    for (ClientFeature feature : ClientFeature.values()) {
      if (is(of(feature.role(), roles), feature.wireName())) {
        more.add(feature);
      }
    }
    return new ClientFeatures(
        // Both spellings are in use (FEAT-04).
        is(callee, "call_canceling") || is(callee, "call_cancelling"),
        is(callee, "progressive_call_results"),
        is(callee, "call_timeout"),
        passthru,
        more);
  }

  /** Whether the client announced the feature, for the role that has it. */
  public boolean has(ClientFeature feature) {
    return more.contains(feature);
  }

  private static Map<?, ?> of(ClientRole role, Map<String, @Nullable Object> roles) {
    return map(map(roles.get(role.wireName())).get("features"));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static boolean is(Map<?, ?> features, String name) {
    return Boolean.TRUE.equals(features.get(name));
  }
}
