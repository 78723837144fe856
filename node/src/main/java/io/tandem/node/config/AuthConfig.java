package io.tandem.node.config;

import org.jspecify.annotations.Nullable;

/**
 * The authentication methods of a realm. A realm without any admits nobody.
 *
 * @param anonymous clients that show no credentials, or null to refuse them
 */
public record AuthConfig(@Nullable Anonymous anonymous) {

  /**
   * Admits clients that show no credentials.
   *
   * @param role the role they get, one of the realm's
   */
  public record Anonymous(String role) {
    static final String ROLE = "anonymous";
  }
}
