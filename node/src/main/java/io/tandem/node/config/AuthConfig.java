package io.tandem.node.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One method by which the clients of a realm prove who they are. A realm has each once at most. */
public sealed interface AuthConfig {

  /** Its secrets, by the paths of their keys below {@code auth}. */
  default Map<String, Secret> secrets() {
    return Map.of();
  }

  /**
   * Admits clients of whom a procedure says who they are (AUTH-12).
   *
   * @param method by which they prove it
   * @param realm whose procedure it is, one that the node serves
   * @param procedure its URI
   * @param timeout how long it may take, 5 s unless configured
   * @param allowPlainText whether tickets are taken where others can read along (AUTH-TKT-04); off
   *     unless configured
   */
  record Dynamic(
      Method method, String realm, String procedure, Duration timeout, boolean allowPlainText)
      implements AuthConfig {

    /** What procedures can be asked about. */
    public enum Method {
      ANONYMOUS,
      TICKET,
      WAMPCRA,
      SCRAM,
      CRYPTOSIGN
    }
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
   * Admits clients that prove their password by WAMP-SCRAM (AUTH-SCRAM-01).
   *
   * @param decoySecret as for {@link WampCra}
   * @param principals who has a password, at least one; authids unique, also by SASLprep
   */
  record Scram(@Nullable Secret decoySecret, List<Scram.Holder> principals) implements AuthConfig {

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
        secrets.put("scram.principals[" + i + "].record", principals.get(i).record());
      }
      if (decoySecret != null) {
        secrets.put("scram.decoySecret", decoySecret);
      }
      return secrets;
    }
  }

  /**
   * Admits clients that sign a challenge with a key that is known (AUTH-CS-01).
   *
   * @param principals who has keys, at least one; authids unique
   */
  record Cryptosign(List<Cryptosign.Holder> principals) implements AuthConfig {

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
    }
  }
}
