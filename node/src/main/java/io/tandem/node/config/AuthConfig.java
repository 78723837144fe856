package io.tandem.node.config;

import java.util.List;

/** One method by which the clients of a realm prove who they are. A realm has each once at most. */
public sealed interface AuthConfig {

  /**
   * Admits clients that show no credentials.
   *
   * @param role the role they get, one of the realm's, {@code anonymous} unless configured
   */
  record Anonymous(String role) implements AuthConfig {
    static final String ROLE = "anonymous";
  }

  /**
   * Admits clients that show the ticket of their authid.
   *
   * @param allowPlainText whether tickets are taken where others can read along (AUTH-TKT-04); off
   *     unless configured
   * @param principals who has one, at least one; authids unique
   */
  record Ticket(boolean allowPlainText, List<Holder> principals) implements AuthConfig {

    /**
     * Somebody who has a ticket.
     *
     * @param authid 1 to 256 characters
     * @param role the role they get, one of the realm's
     * @param ticket at least 8 characters
     */
    public record Holder(String authid, String role, Secret ticket) {}

    public Ticket {
      principals = List.copyOf(principals);
    }
  }
}
