package io.tandem.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One method by which the clients of a realm prove who they are. A realm has each once at most. */
public sealed interface AuthConfig {

  /** Its secrets, by the paths of their keys below {@code auth}. */
  default Map<String, Secret> secrets() {
    return Map.of();
  }

  /**
   * Whether a login by it is remembered by a cookie: not where nothing is proved, nor where the
   * proof has a time of its own or is there with each connection.
   */
  default boolean isRemembered() {
    if (this instanceof Dynamic dynamic) {
      return dynamic.method() != Dynamic.Method.ANONYMOUS && dynamic.method() != Dynamic.Method.TLS;
    }
    return !(this instanceof Anonymous
        || this instanceof Cookie
        || this instanceof Tls
        || this instanceof Jwt);
  }

  /**
   * Admits clients of whom a procedure or a plugin says who they are (AUTH-12).
   *
   * @param method by which they prove it
   * @param source who says so
   * @param timeout how long that may take, 5 s unless configured
   * @param allowPlainText whether tickets are taken where others can read along (AUTH-TKT-04); off
   *     unless configured
   */
  record Dynamic(Method method, Source source, Duration timeout, boolean allowPlainText)
      implements AuthConfig {

    /** Who knows the clients. */
    public sealed interface Source {}

    /**
     * A procedure.
     *
     * @param realm whose it is, one that the node serves
     * @param procedure its URI, not below {@code wamp}
     */
    public record Procedure(String realm, String procedure) implements Source {}

    /**
     * A plugin.
     *
     * @param name of a provider that is installed
     * @param settings what it has accepted; names unique, in their order
     */
    public record Provider(String name, List<Setting> settings) implements Source {
      public Provider {
        settings = List.copyOf(settings);
      }

      /** As the provider takes them, with secrets. */
      public Map<String, String> values() {
        return settings.stream()
            .collect(Collectors.toUnmodifiableMap(Setting::name, Setting::value));
      }
    }

    /**
     * A setting of a provider; one of text and secret.
     *
     * @param text what stands in the file
     * @param secret what the file refers to
     */
    public record Setting(String name, @Nullable String text, @Nullable Secret secret) {
      String value() {
        return secret == null ? Objects.requireNonNull(text) : secret.value();
      }
    }

    @Override
    public Map<String, Secret> secrets() {
      Map<String, Secret> secrets = new LinkedHashMap<>();
      if (source instanceof Provider provider) {
        for (Setting setting : provider.settings()) {
          if (setting.secret() != null) {
            secrets.put("dynamic.settings." + setting.name(), setting.secret());
          }
        }
      }
      return secrets;
    }

    /** What procedures and plugins can be asked about. */
    public enum Method {
      ANONYMOUS,
      TICKET,
      WAMPCRA,
      SCRAM,
      CRYPTOSIGN,
      TLS
    }
  }

  /**
   * Admits clients that have logged in by another method, on a connection with the same cookie.
   *
   * @param maxAge how long after: 1 min to 400 days, 7 days unless configured
   * @param allowPlainText whether also where others can read along; off unless configured
   */
  record Cookie(Duration maxAge, boolean allowPlainText) implements AuthConfig {
    static final Duration MAX_AGE = Duration.ofDays(7);
  }

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
  record Ticket(boolean allowPlainText, List<Ticket.Holder> principals) implements AuthConfig {

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

    @Override
    public Map<String, Secret> secrets() {
      Map<String, Secret> secrets = new LinkedHashMap<>();
      for (int i = 0; i < principals.size(); i++) {
        secrets.put("ticket.principals[" + i + "].ticket", principals.get(i).ticket());
      }
      return secrets;
    }
  }

  /**
   * Admits clients that sign a challenge with the secret of their authid (AUTH-CRA-01).
   *
   * @param decoySecret what the salts of the unknown are made of, at least 16 characters; null has
   *     each process make up one
   * @param principals who has a secret, at least one; authids unique
   */
  record WampCra(@Nullable Secret decoySecret, List<WampCra.Holder> principals)
      implements AuthConfig {

    /**
     * Somebody who has a secret.
     *
     * @param authid 1 to 256 characters
     * @param role the role they get, one of the realm's
     * @param secret the password, at least 8 characters; where it is salted the key derived from
     *     it, in Base64
     * @param salted null where it is not
     */
    public record Holder(String authid, String role, Secret secret, @Nullable Salted salted) {}

    /**
     * How clients derive the key (AUTH-CRA-05).
     *
     * @param salt 1 to 100 characters
     * @param iterations 100 to 10,000,000
     * @param keyLength 16 to 64 octets
     */
    public record Salted(String salt, int iterations, int keyLength) {}

    public WampCra {
      principals = List.copyOf(principals);
    }

    @Override
    public Map<String, Secret> secrets() {
      Map<String, Secret> secrets = new LinkedHashMap<>();
      for (int i = 0; i < principals.size(); i++) {
        secrets.put("wampcra.principals[" + i + "].secret", principals.get(i).secret());
      }
      if (decoySecret != null) {
        secrets.put("wampcra.decoySecret", decoySecret);
      }
      return secrets;
    }
  }

  /**
   * Admits clients that prove their password by WAMP-SCRAM (AUTH-SCRAM-01), or in the way that
   * Autobahn has for it (AUTH-SCRAM-17).
   *
   * @param dialect which of the two; a realm may have both
   * @param decoySecret as for {@link WampCra}
   * @param principals who has a password, at least one; authids unique, also by SASLprep
   */
  record Scram(Dialect dialect, @Nullable Secret decoySecret, List<Scram.Holder> principals)
      implements AuthConfig {

    /** How the proof is computed. */
    public enum Dialect {
      WAMP("scram"),
      AUTOBAHN("autobahnScram");

      private final String key;

      Dialect(String key) {
        this.key = key;
      }

      /** Of the method below {@code auth}. */
      String key() {
        return key;
      }
    }

    /**
     * Somebody who has a password.
     *
     * @param authid 1 to 256 characters
     * @param role the role they get, one of the realm's
     * @param record the text of a {@link io.tandem.node.credentials.ScramRecord}
     */
    public record Holder(String authid, String role, Secret record) {}

    public Scram {
      principals = List.copyOf(principals);
    }

    @Override
    public Map<String, Secret> secrets() {
      Map<String, Secret> secrets = new LinkedHashMap<>();
      for (int i = 0; i < principals.size(); i++) {
        secrets.put(dialect.key() + ".principals[" + i + "].record", principals.get(i).record());
      }
      if (decoySecret != null) {
        secrets.put(dialect.key() + ".decoySecret", decoySecret);
      }
      return secrets;
    }
  }

  /**
   * Admits clients that sign a challenge with a key that is known (AUTH-CS-01), or for which
   * somebody trusted vouches (AUTH-CS-13).
   *
   * @param routerKey a private key of Ed25519 in hex, by which the router proves to clients which
   *     one it is (AUTH-CS-09); null where it does not
   * @param principals who has keys; authids unique
   * @param trustRoots who vouches for others, one at least of both; addresses unique
   */
  record Cryptosign(
      @Nullable Secret routerKey,
      List<Cryptosign.Holder> principals,
      List<TrustRootConfig> trustRoots)
      implements AuthConfig {

    /**
     * Somebody who has keys.
     *
     * @param authid 1 to 256 characters
     * @param role the role they get, one of the realm's
     * @param keys public keys of Ed25519 in lower-case hex, at least one
     */
    public record Holder(String authid, String role, List<String> keys) {
      public Holder {
        keys = List.copyOf(keys);
      }
    }

    public Cryptosign {
      principals = List.copyOf(principals);
      trustRoots = List.copyOf(trustRoots);
    }

    @Override
    public Map<String, Secret> secrets() {
      return routerKey == null ? Map.of() : Map.of("cryptosign.routerKey", routerKey);
    }
  }

  /**
   * Admits clients by the certificate that they have shown in the handshake of TLS.
   *
   * @param principals who has certificates, at least one; authids unique
   */
  record Tls(List<Tls.Holder> principals) implements AuthConfig {

    /**
     * Somebody who has certificates, by at least one of these.
     *
     * @param authid 1 to 256 characters
     * @param role the role they get, one of the realm's
     * @param fingerprints SHA-256 of certificates in lower-case hex
     * @param subjects names of RFC 2253
     * @param names alternative names with their kinds, such as {@code DNS:pump-7.example.com}
     */
    public record Holder(
        String authid,
        String role,
        Set<String> fingerprints,
        Set<String> subjects,
        Set<String> names) {
      public Holder {
        fingerprints = Set.copyOf(fingerprints);
        subjects = Set.copyOf(subjects);
        names = Set.copyOf(names);
      }
    }

    public Tls {
      principals = List.copyOf(principals);
    }
  }

  /**
   * Admits clients that show a token that somebody trusted has signed (RFC 7519).
   *
   * @param methods under which names clients offer one, at least one
   * @param allowPlainText whether tokens are taken where others can read along; off unless
   *     configured
   * @param issuer who has to have issued it
   * @param audience one of whom it has to be meant for, at least one
   * @param algorithms how it may be signed, at least one
   * @param leeway by how much clocks may differ, 30 s unless configured
   * @param keys what it may be signed with
   * @param claims what becomes of its claims
   */
  record Jwt(
      Set<Name> methods,
      boolean allowPlainText,
      String issuer,
      Set<String> audience,
      Set<String> algorithms,
      Duration leeway,
      Keys keys,
      ClaimsConfig claims)
      implements AuthConfig {

    /** Names in {@code authmethods}. */
    public enum Name {
      JWT,
      TICKET
    }

    /** Keys of a JWKS that is fetched, or that a file holds; one of both. */
    public record Keys(@Nullable String url, @Nullable KeyFile file) {}

    /**
     * A file as it was when the configuration was read.
     *
     * @param text a JWKS, or PEM
     */
    public record KeyFile(Path path, String text) {

      /** Without the keys: they are no secret, but long. */
      @Override
      public String toString() {
        return path.toString();
      }
    }

    public Jwt {
      methods = Set.copyOf(methods);
      audience = Set.copyOf(audience);
      algorithms = Set.copyOf(algorithms);
    }
  }
}
