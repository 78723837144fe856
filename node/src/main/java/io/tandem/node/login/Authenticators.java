package io.tandem.node.login;

import io.tandem.node.auth.AnonymousAuthenticator;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.CraAuthenticator;
import io.tandem.node.auth.CryptosignAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator.Source;
import io.tandem.node.auth.ScramAuthenticator;
import io.tandem.node.auth.TicketAuthenticator;
import io.tandem.node.auth.TicketAuthenticator.Ticket;
import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.Secret;
import io.tandem.node.credentials.ScramRecord;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes authenticators of what a configuration says: each method has its factory here. */
public final class Authenticators {

  private Authenticators() {}

  public static Authenticator of(AuthConfig method) {
    if (method instanceof AuthConfig.Anonymous anonymous) {
      return new AnonymousAuthenticator(anonymous.role());
    } else if (method instanceof AuthConfig.Ticket ticket) {
      return ticket(ticket);
    } else if (method instanceof AuthConfig.WampCra wampCra) {
      return wampCra(wampCra);
    } else if (method instanceof AuthConfig.Scram scram) {
      return scram(scram);
    } else if (method instanceof AuthConfig.Cryptosign cryptosign) {
      return cryptosign(cryptosign);
    } else if (method instanceof AuthConfig.Dynamic dynamic) {
      return dynamic(dynamic);
    }
    throw new IllegalArgumentException("no authenticator is made of " + method);
  }

  private static Authenticator dynamic(AuthConfig.Dynamic config) {
    Source source = new Source(config.realm(), config.procedure(), config.timeout());
    return switch (config.method()) {
      case ANONYMOUS -> DynamicAuthenticator.anonymous(source);
      case TICKET -> DynamicAuthenticator.ticket(source, config.allowPlainText());
      case WAMPCRA -> DynamicAuthenticator.wampCra(source, InstantSource.system());
      case SCRAM -> DynamicAuthenticator.scram(source);
      case CRYPTOSIGN -> DynamicAuthenticator.cryptosign(source);
    };
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

  private static Authenticator wampCra(AuthConfig.WampCra config) {
    return new CraAuthenticator(
        config.principals().stream()
            .collect(
                Collectors.toMap(AuthConfig.WampCra.Holder::authid, Authenticators::craHolder)),
        value(config.decoySecret()),
        InstantSource.system());
  }

  private static CraAuthenticator.Holder craHolder(AuthConfig.WampCra.Holder holder) {
    AuthConfig.WampCra.Salted salted = holder.salted();
    return new CraAuthenticator.Holder(
        holder.role(),
        holder.secret().value(),
        salted == null
            ? null
            : new CraAuthenticator.Salting(salted.salt(), salted.iterations(), salted.keyLength()));
  }

  private static Authenticator scram(AuthConfig.Scram config) {
    return new ScramAuthenticator(
        config.principals().stream()
            .collect(
                Collectors.toMap(AuthConfig.Scram.Holder::authid, Authenticators::scramHolder)),
        value(config.decoySecret()));
  }

  private static ScramAuthenticator.Holder scramHolder(AuthConfig.Scram.Holder holder) {
    ScramRecord record = ScramRecord.parse(holder.record().value());
    return new ScramAuthenticator.Holder(
        holder.role(), Objects.requireNonNull(record, "checked where it was read"));
  }

  private static Authenticator cryptosign(AuthConfig.Cryptosign config) {
    return new CryptosignAuthenticator(
        config.principals().stream()
            .collect(
                Collectors.toMap(
                    AuthConfig.Cryptosign.Holder::authid,
                    holder -> new CryptosignAuthenticator.Holder(holder.role(), holder.keys()))));
  }

  private static @Nullable String value(@Nullable Secret secret) {
    return secret == null ? null : secret.value();
  }
}
