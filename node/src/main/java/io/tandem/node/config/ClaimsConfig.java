package io.tandem.node.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which claim of a token tells what.
 *
 * @param authid the claim, {@code sub} unless configured
 * @param role the claim, a text or a list; null where all get the default role
 * @param roles which value means which role, the first that a token has
 * @param defaultRole where none of them is there; null refuses
 * @param realm the claim; null where the client joins the realm that it asks for
 */
public record ClaimsConfig(
    String authid,
    @Nullable String role,
    List<RoleOf> roles,
    @Nullable String defaultRole,
    @Nullable String realm) {

  /**
   * A role for a value.
   *
   * @param rank from 0 on; the lower one decides
   */
  public record RoleOf(int rank, String value, String role) {}

  public ClaimsConfig {
    roles = List.copyOf(roles);
  }
}
