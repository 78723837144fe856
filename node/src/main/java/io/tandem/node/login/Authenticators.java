package io.tandem.node.login;

import io.tandem.node.auth.AnonymousAuthenticator;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.TicketAuthenticator;
import io.tandem.node.auth.TicketAuthenticator.Ticket;
import io.tandem.node.config.AuthConfig;
import java.util.stream.Collectors;

/** Makes authenticators of what a configuration says: each method has its factory here. */
public final class Authenticators {

  private Authenticators() {}

  public static Authenticator of(AuthConfig method) {
    if (method instanceof AuthConfig.Anonymous anonymous) {
      return new AnonymousAuthenticator(anonymous.role());
    } else if (method instanceof AuthConfig.Ticket ticket) {
      return ticket(ticket);
    }
    throw new IllegalArgumentException("no authenticator is made of " + method);
  }

  private static Authenticator ticket(AuthConfig.Ticket config) {
    return new TicketAuthenticator(
        config.principals().stream()
            .collect(
                Collectors.toMap(
                    AuthConfig.Ticket.Holder::authid,
                    holder -> new Ticket(holder.role(), holder.ticket().value()))),
        config.allowPlainText());
  }
}
