package io.tandem.node.login;

import io.tandem.node.auth.AnonymousAuthenticator;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.CraAuthenticator;
import io.tandem.node.auth.CryptosignAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator.Source;
import io.tandem.node.auth.ScramAuthenticator;
import io.tandem.node.auth.ScramDialect;
import io.tandem.node.auth.TicketAuthenticator;
import io.tandem.node.auth.TicketAuthenticator.Ticket;
import io.tandem.node.auth.TlsAuthenticator;
import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.ClaimsConfig;
import io.tandem.node.config.Secret;
import io.tandem.node.config.TrustRootConfig;
import io.tandem.node.credentials.ClientCertificate;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.credentials.VerificationKeys;
import io.tandem.node.tokens.FetchedKeys;
import io.tandem.node.tokens.JwtAuthenticator;
import io.tandem.node.tokens.KeySource;
import io.tandem.node.tokens.TokenRules;
import java.net.URI;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes authenticators of what a configuration says: each method has its factory here. */
public final class Authenticators {

  private Authenticators() {}

  /**
   * One for each name under which clients ask for the method.
   *
   * @param providers where those are open whom plugins know
   */
  public static List<Authenticator> of(AuthConfig method, OpenProviders providers) {
    return method instanceof AuthConfig.Jwt jwt ? jwt(jwt) : List.of(one(method, providers));
  }

  private static Authenticator one(AuthConfig method, OpenProviders providers) {
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
      return dynamic(dynamic, source(dynamic, providers));
    } else if (method instanceof AuthConfig.Tls tls) {
      return tls(tls);
    }
    throw new IllegalArgumentException("no authenticator is made of " + method);
  }

  private static Source source(AuthConfig.Dynamic config, OpenProviders providers) {
    if (config.source() instanceof AuthConfig.Dynamic.Procedure asked) {
      return new Source.Procedure(asked.realm(), asked.procedure(), config.timeout());
    }
    AuthConfig.Dynamic.Provider provider = (AuthConfig.Dynamic.Provider) config.source();
    return new Source.Provider(provider.name(), providers.of(provider), config.timeout());
  }

  private static Authenticator dynamic(AuthConfig.Dynamic config, Source source) {
    return switch (config.method()) {
      case ANONYMOUS -> DynamicAuthenticator.anonymous(source);
      case TICKET -> DynamicAuthenticator.ticket(source, config.allowPlainText());
      case WAMPCRA -> DynamicAuthenticator.wampCra(source, InstantSource.system());
      case SCRAM -> DynamicAuthenticator.scram(source);
      case CRYPTOSIGN -> DynamicAuthenticator.cryptosign(source);
      case TLS -> DynamicAuthenticator.tls(source, InstantSource.system());
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
        value(config.decoySecret()),
        switch (config.dialect()) {
          case WAMP -> ScramDialect.WAMP;
          case AUTOBAHN -> ScramDialect.AUTOBAHN;
        });
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
                    holder -> new CryptosignAuthenticator.Holder(holder.role(), holder.keys()))),
        config.trustRoots().stream()
            .collect(Collectors.toMap(TrustRootConfig::root, TrustRootConfig::role)),
        config.routerKey() == null
            ? null
            : Ed25519.Pair.of(HexFormat.of().parseHex(config.routerKey().value())));
  }

  private static Authenticator tls(AuthConfig.Tls config) {
    return new TlsAuthenticator(
        config.principals().stream()
            .collect(Collectors.toMap(AuthConfig.Tls.Holder::authid, Authenticators::tlsHolder)),
        InstantSource.system());
  }

  private static TlsAuthenticator.Holder tlsHolder(AuthConfig.Tls.Holder holder) {
    return new TlsAuthenticator.Holder(
        holder.role(),
        holder.fingerprints(),
        holder.subjects().stream()
            .map(text -> Objects.requireNonNull(ClientCertificate.subject(text)))
            .collect(Collectors.toSet()),
        holder.names().stream()
            .map(text -> Objects.requireNonNull(ClientCertificate.name(text)))
            .collect(Collectors.toSet()));
  }

  private static List<Authenticator> jwt(AuthConfig.Jwt config) {
    ClaimsConfig claims = config.claims();
    TokenRules rules =
        new TokenRules(
            config.issuer(),
            config.audience(),
            config.algorithms(),
            config.leeway(),
            claims.authid(),
            claims.role(),
            claims.roles().stream()
                .sorted(Comparator.comparingInt(ClaimsConfig.RoleOf::rank))
                .map(each -> Map.entry(each.value(), each.role()))
                .toList(),
            claims.defaultRole(),
            claims.realm());
    AuthConfig.Jwt.KeyFile file = config.keys().file();
    KeySource keys =
        file == null
            ? FetchedKeys.of(URI.create(Objects.requireNonNull(config.keys().url())))
            : KeySource.of(
                Objects.requireNonNull(VerificationKeys.parse(file.text()), "checked when read"));
    return config.methods().stream()
        .<Authenticator>map(
            method ->
                new JwtAuthenticator(
                    method.name().toLowerCase(Locale.ROOT),
                    config.allowPlainText(),
                    rules,
                    keys,
                    InstantSource.system()))
        .toList();
  }

  private static @Nullable String value(@Nullable Secret secret) {
    return secret == null ? null : secret.value();
  }
}
