package io.tandem.node.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.node.credentials.Hashes;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * WAMP-CRA: admits who signs a challenge with the secret that belongs to its authid, which the wire
 * never sees (AUTH-CRA-01 to AUTH-CRA-09). Who is not known gets a challenge like those of others,
 * and the same answer after the same work (AUTH-06). Immutable.
 */
public final class CraAuthenticator implements Authenticator {

  public static final String METHOD = "wampcra";

  /** Longer ones belong to nobody. */
  static final int LONGEST_AUTHID = 256;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NONCE_LENGTH = 18;

  /**
   * How clients make the key of their password (AUTH-CRA-05).
   *
   * @param salt any text
   * @param iterations of PBKDF2
   * @param keyLength octets that it gives, before they are written in Base64
   */
  public record Salting(String salt, int iterations, int keyLength) {}

  /**
   * What the configuration says of an authid.
   *
   * @param secret what signs: with salting the derived key, in Base64 (AUTH-CRA-06), otherwise the
   *     password itself
   */
  public record Holder(String role, String secret, @Nullable Salting salting) {

    @Override
    public String toString() {
      return "Holder in " + role;
    }
  }

  private final Map<String, Holder> holders;
  private final Decoys<Holder> decoys;
  private final String provider;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /** Stands for all who are not known. */
  private final byte[] nobodysKey = Decoys.nobodysKey();

  /**
   * @param holders by authid, at least one
   * @param decoySecret what the salts of the unknown are made of, see {@link Decoys}
   */
  public CraAuthenticator(
      Map<String, Holder> holders, @Nullable String decoySecret, InstantSource clock) {
    this(holders, decoySecret, Principal.STATIC, clock);
  }

  private CraAuthenticator(
      Map<String, Holder> holders,
      @Nullable String decoySecret,
      String provider,
      InstantSource clock) {
    this.holders = Map.copyOf(holders);
    this.decoys = new Decoys<>(decoySecret, this.holders);
    this.provider = provider;
    this.clock = clock;
  }

  /** Of one client, who is known to somebody else, whom the challenge names. */
  static CraAuthenticator knowing(
      String authid, Holder holder, String provider, InstantSource clock) {
    return new CraAuthenticator(Map.of(authid, holder), null, provider, clock);
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  public byte @Nullable [] standing(Principal principal) {
    Holder holder = holders.get(principal.authid());
    return holder != null && holder.role().equals(principal.authrole())
        ? Hashes.utf8(holder.secret() + "\n" + holder.salting())
        : null;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    AuthStep.Refused lack = lack(request);
    if (lack != null) {
      return lack;
    }
    String authid = Objects.requireNonNull(request.details().get(Keys.AUTHID));
    String realm = request.realm();
    Holder model = decoys.model(realm, authid);
    Salting decoy = salting(realm, authid, model);
    Holder known = holders.get(authid);
    Holder shown = known == null ? model : known;
    Salting salting = known == null ? decoy : known.salting();
    String challenge = challenge(authid, shown.role(), request.session());
    byte[] key = known == null ? nobodysKey : Hashes.utf8(known.secret());
    Principal principal =
        known == null ? null : new Principal(realm, authid, known.role(), METHOD, provider, null);
    return new AuthStep.Challenged(
        new Challenge(METHOD, extra(challenge, salting)),
        proof -> judge(principal, signature(key, challenge), proof));
  }

  /** What HELLO has to say, whoever it is (AUTH-CRA-01); null where it does. */
  static AuthStep.@Nullable Refused lack(AuthRequest request) {
    String authid = request.details().get(Keys.AUTHID);
    return authid == null || authid.length() > LONGEST_AUTHID
        ? new AuthStep.Refused(
            WampUri.AUTHENTICATION_DENIED, "the method wampcra needs an authid in HELLO")
        : null;
  }

  /** How the unknown are told to make their keys. */
  private @Nullable Salting salting(String realm, String authid, Holder model) {
    Salting like = model.salting();
    return like == null
        ? null
        : new Salting(
            decoys.likeText(realm, authid, "cra salt", like.salt()),
            like.iterations(),
            like.keyLength());
  }

  /** What is signed, octet by octet as it is sent (AUTH-CRA-02, AUTH-CRA-03). */
  private String challenge(String authid, String role, long session) {
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("authid", authid);
    fields.put("authrole", role);
    fields.put("authmethod", METHOD);
    fields.put("authprovider", provider);
    fields.put("nonce", Base64.getUrlEncoder().encodeToString(nonce));
    fields.put("timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    fields.put("session", session);
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new AssertionError("texts and numbers", e);
    }
  }

  private static Map<String, @Nullable Object> extra(String challenge, @Nullable Salting salting) {
    Map<String, @Nullable Object> extra = new HashMap<>();
    extra.put("challenge", challenge);
    if (salting != null) {
      extra.put("salt", salting.salt());
      extra.put("iterations", (long) salting.iterations());
      extra.put("keylen", (long) salting.keyLength());
    }
    return extra;
  }

  /** Base64 of the HMAC under the key. */
  static String signature(byte[] key, String challenge) {
    return Base64.getEncoder().encodeToString(Hashes.hmac(key, challenge));
  }

  private static AuthStep judge(
      @Nullable Principal principal, String expected, Authenticate proof) {
    boolean matches = MessageDigest.isEqual(Hashes.utf8(expected), Hashes.utf8(proof.signature()));
    return matches && principal != null
        ? new AuthStep.Accepted(principal)
        : new AuthStep.Refused(WampUri.AUTHENTICATION_DENIED, "the authid or the secret is wrong");
  }
}
