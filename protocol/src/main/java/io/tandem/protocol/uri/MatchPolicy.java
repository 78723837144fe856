package io.tandem.protocol.uri;

import java.util.Locale;

/** How the URI of a subscription, registration or permission is compared with a called one. */
public enum MatchPolicy {
  /** The same URI. */
  EXACT,
  /** Any URI that starts with this string, whatever the component borders (RPC-PAT-01). */
  PREFIX,
  /** The same number of components, the non-empty ones equal (RPC-PAT-02). */
  WILDCARD;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The value of {@code Options.match}. */
  public String wireName() {
    return wireName;
  }

  /**
   * The policy with this name.
   *
   * @throws IllegalArgumentException for any other string
   */
  public static MatchPolicy of(String wireName) {
    return switch (wireName) {
      case "exact" -> EXACT;
      case "prefix" -> PREFIX;
      case "wildcard" -> WILDCARD;
      default -> throw new IllegalArgumentException("match must be exact, prefix or wildcard");
    };
  }
}
