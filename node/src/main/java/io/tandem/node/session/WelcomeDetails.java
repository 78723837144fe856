package io.tandem.node.session;

import io.tandem.node.auth.Principal;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What WELCOME tells a client about the router and about itself (SES-07, SES-08). */
final class WelcomeDetails {

  /**
   * Both roles with a dict of features each, boolean values only: some clients insist (FEAT-02).
   */
  private static final Map<String, @Nullable Object> ROLES =
      Map.of(
          "broker",
          features(
              "event_history",
              "event_retention",
              "pattern_based_subscription",
              "payload_passthru_mode",
              "publication_trustlevels",
              "publisher_exclusion",
              "publisher_identification",
              "session_meta_api",
              "subscriber_blackwhite_listing",
              "subscription_meta_api",
              "subscription_revocation"),
          "dealer",
          features(
              "call_canceling",
              "call_reroute",
              "call_timeout",
              "call_trustlevels",
              "caller_identification",
              "pattern_based_registration",
              "payload_passthru_mode",
              "progressive_call_invocations",
              "progressive_call_results",
              "registration_meta_api",
              "registration_revocation",
              "session_meta_api",
              "shared_registration",
              "testament_meta_api"));

  private WelcomeDetails() {}

  static Options of(Principal principal) {
    return Options.of(Keys.ROLES, ROLES)
        .with(Keys.AGENT, "Tandem")
        .with(Keys.REALM, principal.realm())
        .with(Keys.AUTHID, principal.authid())
        .with(Keys.AUTHROLE, principal.authrole())
        .with(Keys.AUTHMETHOD, principal.authmethod())
        .with(Keys.AUTHPROVIDER, principal.authprovider())
        .withNullable(Keys.AUTHEXTRA, principal.authextra());
  }

  private static Map<String, Object> features(String... names) {
    Map<String, Object> features = new TreeMap<>();
    for (String name : names) {
      features.put(name, true);
    }
    return Map.of("features", features);
  }
}
