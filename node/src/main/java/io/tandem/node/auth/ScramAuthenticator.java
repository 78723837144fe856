package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.node.credentials.Sasl;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * WAMP-SCRAM, and Autobahn's dialect of it: admits who proves its password to a node that does not
 * have it, and proves to the client that the node knows of it (AUTH-SCRAM-01 to AUTH-SCRAM-17). Who
 * is not known gets a challenge like those of others, and the same answer after the same work
 * (AUTH-06). Immutable.
 */
public final class ScramAuthenticator implements Authenticator {

  public static final String METHOD = "wamp-scram";

  /** What no channel binding is called in the message that is signed. */
  static final String UNBOUND = "biws";

  private static final int NONCE_LENGTH = 18;

  /** What the configuration says of an authid. */
  public record Holder(String role, ScramRecord record) {}

  /** By the authid as SASLprep writes it, which is how a client writes it into its proof. */
  private final Map<String, Known> holders = new HashMap<>();

  private final Decoys<Holder> decoys;
  private final ScramDialect dialect;
  private final Supplier<String> nonces;

  private record Known(String authid, Holder holder) {}

  /**
   * @param holders by authid, at least one
   * @param decoySecret what the salts of the unknown are made of, see {@link Decoys}
   * @throws IllegalArgumentException where an authid cannot be one by SASLprep, or two are the
   *     same, and for a record of another dialect
   */
  public ScramAuthenticator(Map<String, Holder> holders, @Nullable String decoySecret) {
    this(holders, decoySecret, ScramDialect.WAMP);
  }

  /**
   * The same in some dialect.
   *
   * @param dialect of which the records of all holders are
   */
  public ScramAuthenticator(
      Map<String, Holder> holders, @Nullable String decoySecret, ScramDialect dialect) {
    this(holders, decoySecret, dialect, ScramAuthenticator::randomNonce);
  }

  ScramAuthenticator(
      Map<String, Holder> holders,
      @Nullable String decoySecret,
      ScramDialect dialect,
      Supplier<String> nonces) {
    this.dialect = dialect;
    holders.forEach(
        (authid, holder) -> {
          String prepared = Sasl.prepare(authid);
          if (prepared == null || this.holders.put(prepared, new Known(authid, holder)) != null) {
            throw new IllegalArgumentException("no authid of its own: " + authid);
          }
          if (holder.record().kdf().isAutobahns() != (dialect == ScramDialect.AUTOBAHN)) {
            throw new IllegalArgumentException("a record of the other dialect: " + authid);
          }
        });
    this.decoys = new Decoys<>(decoySecret, holders);
    this.nonces = nonces;
  }

  private static String randomNonce() {
    byte[] octets = new byte[NONCE_LENGTH];
    new SecureRandom().nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }

  @Override
  public String method() {
    return dialect.method();
  }

  @Override
  public byte @Nullable [] standing(Principal principal) {
    String prepared = Sasl.prepare(principal.authid());
    Known known = prepared == null ? null : holders.get(prepared);
    return known != null && known.holder().role().equals(principal.authrole())
        ? Hashes.utf8(known.holder().record().text())
        : null;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    AuthStep.Refused lack = lack(request, dialect);
    if (lack != null) {
      return lack;
    }
    String prepared = Objects.requireNonNull(authid(request));
    String nonce = (String) Objects.requireNonNull(extra(request).get("nonce"));
    Channel channel = Objects.requireNonNull(channel(request, dialect));
    Known known = holders.get(prepared);
    ScramRecord record = known == null ? decoy(request.realm(), prepared) : known.holder().record();
    Conversation conversation =
        new Conversation(
            dialect, prepared, nonce, dialect.joined(nonce, nonces.get()), record, channel);
    Principal principal =
        known == null
            ? null
            : new Principal(
                request.realm(),
                known.authid(),
                known.holder().role(),
                method(),
                Principal.STATIC,
                null);
    return new AuthStep.Challenged(
        new Challenge(method(), conversation.challenge()),
        proof -> conversation.judge(principal, proof));
  }

  /** What HELLO has to say, whoever it is (AUTH-SCRAM-02, AUTH-SCRAM-03); null where it does. */
  static AuthStep.@Nullable Refused lack(AuthRequest request, ScramDialect dialect) {
    String authid = request.details().get(Keys.AUTHID);
    if (authid == null || authid.length() > CraAuthenticator.LONGEST_AUTHID) {
      return refused("the method " + dialect.method() + " needs an authid in HELLO");
    }
    if (authid(request) == null) {
      return refused("the authid holds characters that SASLprep prohibits");
    }
    if (!(extra(request).get("nonce") instanceof String nonce && dialect.isNonce(nonce))) {
      return refused("authextra.nonce is no " + dialect.nonce());
    }
    return channel(request, dialect) == null
        ? refused("this channel binding is not supported here") // AUTH-SCRAM-03
        : null;
  }

  /** As SASLprep writes it; null where it is missing or none. */
  private static @Nullable String authid(AuthRequest request) {
    String authid = request.details().get(Keys.AUTHID);
    return authid == null ? null : Sasl.prepare(authid);
  }

  private static Map<String, @Nullable Object> extra(AuthRequest request) {
    return request.details().get(Keys.AUTHEXTRA, Map.<String, @Nullable Object>of());
  }

  /** What the unknown are told; nothing proves its keys. */
  private ScramRecord decoy(String realm, String authid) {
    ScramRecord like = decoys.model(realm, authid).record();
    byte[] salt = decoys.octets(realm, authid, "scram salt", like.salt().length);
    byte[] nobodys = Decoys.nobodysKey();
    return new ScramRecord(like.kdf(), like.iterations(), like.memory(), salt, nobodys, nobodys);
  }

  /** What the proof is bound to, if the transport has it; null where it has not. */
  private static @Nullable Channel channel(AuthRequest request, ScramDialect dialect) {
    Object wanted = extra(request).get("channel_binding");
    if (wanted == null || dialect == ScramDialect.AUTOBAHN) {
      return Channel.NONE;
    }
    TlsPeer tls = request.evidence().tls();
    for (TlsPeer.Binding type : TlsPeer.Binding.values()) {
      byte[] octets = tls == null || !type.wireName().equals(wanted) ? null : tls.binding(type);
      if (octets != null) {
        return Channel.of(type.wireName(), octets);
      }
    }
    return null;
  }

  /**
   * A channel binding.
   *
   * @param type null for none
   * @param inMessage as it stands in the message that is signed (AUTH-SCRAM-10)
   * @param repeated as the client has to repeat it; null for none
   */
  private record Channel(@Nullable String type, String inMessage, @Nullable String repeated) {

    static final Channel NONE = new Channel(null, UNBOUND, null);

    static Channel of(String type, byte[] octets) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(Hashes.utf8("p=" + type + ",,"));
      whole.writeBytes(octets);
      Base64.Encoder base64 = Base64.getEncoder();
      return new Channel(
          type, base64.encodeToString(whole.toByteArray()), base64.encodeToString(octets));
    }
  }

  /** What both sides know of one challenge. */
  private record Conversation(
      ScramDialect dialect,
      String authid,
      String clientNonce,
      String nonce,
      ScramRecord record,
      Channel channel) {

    Map<String, @Nullable Object> challenge() {
      Map<String, @Nullable Object> extra = new HashMap<>();
      extra.put("nonce", nonce);
      extra.put("salt", salt());
      extra.put("kdf", record.kdf().wireName());
      extra.put("iterations", (long) record.iterations());
      extra.put("memory", record.memory() == 0 ? null : (long) record.memory());
      return extra;
    }

    private String salt() {
      return Base64.getEncoder().encodeToString(record.salt());
    }

    /** What both sign (AUTH-SCRAM-09). */
    private String message() {
      return "n="
          + dialect.inMessage(authid)
          + ",r="
          + clientNonce
          + ",r="
          + nonce
          + ",s="
          + salt()
          + ",i="
          + record.iterations()
          + ",c="
          + (dialect == ScramDialect.WAMP ? channel.inMessage() : "")
          + ",r="
          + nonce;
    }

    /** AUTH-SCRAM-12; what the client repeats is no secret, so its order matters to nobody. */
    AuthStep judge(@Nullable Principal principal, Authenticate proof) {
      String message = message();
      boolean repeats =
          dialect == ScramDialect.AUTOBAHN
              || (nonce.equals(proof.extra().get("nonce"))
                  && Objects.equals(channel.type(), proof.extra().get("channel_binding"))
                  && Objects.equals(channel.repeated(), proof.extra().get("cbind_data")));
      boolean matches = record.isProvedBy(octets(proof.signature()), message);
      return repeats && matches && principal != null
          ? new AuthStep.Accepted(
              new Principal(
                  principal.realm(),
                  principal.authid(),
                  principal.authrole(),
                  principal.authmethod(),
                  Principal.STATIC,
                  Map.of(dialect.verifier(), record.verifier(message))))
          : refused("the authid or the password is wrong");
    }

    /** Octets in canonical Base64; none where it is something else (AUTH-SCRAM-15). */
    private static byte[] octets(String base64) {
      try {
        byte[] octets = Base64.getDecoder().decode(base64);
        return Base64.getEncoder().encodeToString(octets).equals(base64) ? octets : new byte[0];
      } catch (IllegalArgumentException notBase64) {
        return new byte[0];
      }
    }
  }

  private static AuthStep.Refused refused(String message) {
    return new AuthStep.Refused(WampUri.AUTHENTICATION_DENIED, message);
  }
}
