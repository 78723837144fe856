package io.tandem.client;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this client announces in HELLO, which is what it does and nothing else (FEAT-01). */
final class Features {

  static final String CALL_CANCELING = "call_canceling";
  static final String CALL_TIMEOUT = "call_timeout";
  static final String CALLS_IN_PARTS = "progressive_call_invocations";
  static final String DEALER = "dealer";

  private static final Map<String, @Nullable Object> ROLES =
      Map.of(
          "publisher",
          role("publisher_identification", "publisher_exclusion", "subscriber_blackwhite_listing"),
          "subscriber",
          role("publisher_identification", "pattern_based_subscription"),
          "caller",
          role("caller_identification", CALL_CANCELING, "progressive_call_results", CALLS_IN_PARTS),
          "callee",
          role(
              "caller_identification",
              CALL_CANCELING,
              "progressive_call_results",
              CALLS_IN_PARTS,
              "pattern_based_registration",
              "shared_registration"));

  private Features() {}

  private static Map<String, Object> role(String... features) {
    Map<String, Object> flags = new LinkedHashMap<>();
    for (String feature : features) {
      flags.put(feature, true);
    }
    return Map.of("features", flags);
  }

  /** All roles of a client. */
  static Map<String, @Nullable Object> roles() {
    return ROLES;
  }

  /** Whether a router's WELCOME announces the feature for the role. */
  static boolean announced(Options welcome, String role, String feature) {
    return welcome.get(Keys.ROLES, Map.of()).get(role) instanceof Map<?, ?> details
        && details.get("features") instanceof Map<?, ?> features
        && Boolean.TRUE.equals(features.get(feature));
  }
}
