package io.tandem.node.auth;

import io.tandem.node.credentials.Ed25519;
import io.tandem.node.credentials.Hashes;
import io.tandem.node.trust.TrustRoot;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * WAMP-Cryptosign: admits who signs a challenge with the private half of a key that is known
 * (AUTH-CS-01 to AUTH-CS-12), or for which somebody trusted vouches (AUTH-CS-13), and proves to the
 * client which router it is if it asks. Who is not known is challenged as well, and gets the same
 * answer after the same work (AUTH-06). The signature of a challenge is checked on the lane: it
 * takes a fraction of what a handshake of TLS takes there. Those of certificates take longer, and
 * are checked by the {@link AuthPool}. Immutable.
 */
public final class CryptosignAuthenticator implements Authenticator {

  public static final String METHOD = "cryptosign";

  private static final int CHALLENGE_LENGTH = 32;
  private static final String TLS_EXPORTER = TlsPeer.Binding.TLS_EXPORTER.wireName();

  /** Which the platform never has, see {@link TlsPeer#binding}. */
  private static final String TLS_UNIQUE = "tls-unique";

  private static final Pattern KEY = Pattern.compile("[0-9a-fA-F]{64}");
  private static final HexFormat HEX = HexFormat.of();

  private static final AuthStep.Refused DENIED =
      refused("the authid, the key or the signature is wrong");

  /**
   * What the configuration says of an authid.
   *
   * @param keys public keys, each {@value Ed25519#KEY_LENGTH} octets in lower-case hex, at least
   *     one
   */
  public record Holder(String role, List<String> keys) {
    public Holder {
      keys = List.copyOf(keys);
    }
  }

  /** Somebody known, found by authid or by key. */
  private record Known(String authid, Holder holder) {}

  private final Map<String, Known> byAuthid = new HashMap<>();

  /** Without those that several share: such a key alone does not say who it is (AUTH-CS-03). */
  private final Map<String, Known> byKey = new HashMap<>();

  private final Map<String, PublicKey> keys = new HashMap<>();

  /** What the signatures of those are compared with whose key is none. */
  private final PublicKey decoy;

  private final TrustedRoots roots;
  private final SecureRandom random = new SecureRandom();

  /** What the router proves itself with; null where it does not. */
  private final Ed25519.@Nullable Pair router;

  /**
   * @throws IllegalArgumentException where a key is none
   */
  public CryptosignAuthenticator(Map<String, Holder> holders) {
    this(holders, Map.of(), null);
  }

  /**
   * The same of a router that trusts somebody to vouch for others, or proves which one it is.
   *
   * @param roots whom it trusts, with the roles of those others; their addresses are unique
   * @param router its key; null where it has none
   */
  public CryptosignAuthenticator(
      Map<String, Holder> holders, Map<TrustRoot, String> roots, Ed25519.@Nullable Pair router) {
    this.roots = new TrustedRoots(roots);
    this.router = router;
    Map<String, Integer> times = new HashMap<>();
    holders.forEach(
        (authid, holder) -> {
          Known known = new Known(authid, holder);
          byAuthid.put(authid, known);
          for (String key : holder.keys()) {
            PublicKey decoded = Ed25519.key(HEX.parseHex(key));
            if (decoded == null) {
              throw new IllegalArgumentException("no public key of Ed25519: " + key);
            }
            keys.put(key, decoded);
            byKey.put(key, known);
            times.merge(key, 1, Integer::sum);
          }
        });
    byKey.keySet().removeIf(key -> times.getOrDefault(key, 0) > 1);
    this.decoy = keys.isEmpty() ? madeUp() : keys.values().iterator().next();
  }

  /** A key whose private half nobody has. */
  private PublicKey madeUp() {
    byte[] seed = new byte[Ed25519.KEY_LENGTH];
    random.nextBytes(seed);
    Ed25519.Pair pair = Objects.requireNonNull(Ed25519.Pair.of(seed));
    return Objects.requireNonNull(Ed25519.key(pair.publicKey()));
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  public byte @Nullable [] standing(Principal principal) {
    if (TrustedRoots.haveVouchedFor(principal)) {
      return roots.standing(principal);
    }
    Known known = byAuthid.get(principal.authid());
    return known != null && known.holder().role().equals(principal.authrole())
        ? Hashes.utf8(String.join("\n", known.holder().keys()))
        : null;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    AuthStep.Refused lack = lack(request);
    if (lack != null) {
      return lack;
    }
    Object wanted = extra(request).get("channel_binding");
    String authid = request.details().get(Keys.AUTHID);
    String announced =
        extra(request).get("pubkey") instanceof String text ? text.toLowerCase(Locale.ROOT) : null;
    TrustedRoots.Shown shown = roots.shown(extra(request), announced, authid);
    lack = shown == null ? null : shown.lack(extra(request));
    if (lack != null) {
      return lack;
    }
    Object asked = extra(request).get("challenge");
    byte[] challenge = new byte[CHALLENGE_LENGTH];
    random.nextBytes(challenge);
    byte[] channel = TLS_EXPORTER.equals(wanted) ? channel(request.evidence()) : null;
    Map<String, @Nullable Object> told = new HashMap<>();
    told.put("challenge", HEX.formatHex(challenge));
    told.put("channel_binding", channel == null ? null : wanted);
    if (asked instanceof String text && router != null) {
      byte[] octets = HEX.parseHex(text);
      byte[] message = channel == null ? octets : xor(octets, channel);
      told.put("pubkey", HEX.formatHex(router.publicKey()));
      told.put("signature", HEX.formatHex(router.sign(message)) + HEX.formatHex(message));
    }
    String realm = request.realm();
    byte[] expected = channel == null ? challenge : xor(challenge, channel);
    Claim claim = shown == null ? claim(authid, announced) : unknown(announced);
    return new AuthStep.Challenged(
        new Challenge(METHOD, told),
        shown == null
            ? proof -> judge(realm, claim, expected, proof)
            : proof -> judge(realm, claim, shown, expected, proof));
  }

  /** What HELLO has to say, whoever it is (AUTH-CS-02, AUTH-CS-10); null where it does. */
  static AuthStep.@Nullable Refused lack(AuthRequest request) {
    Object pubkey = extra(request).get("pubkey");
    Object wanted = extra(request).get("channel_binding");
    if (pubkey == null && request.details().get(Keys.AUTHID) == null) {
      return refused("the method cryptosign needs authextra.pubkey or an authid in HELLO");
    }
    if (pubkey != null && !(pubkey instanceof String text && KEY.matcher(text).matches())) {
      return refused("authextra.pubkey is not 64 hexadecimal digits");
    }
    if (wanted != null && !wanted.equals(TLS_EXPORTER) && !wanted.equals(TLS_UNIQUE)) {
      return refused("authextra.channel_binding is neither tls-exporter nor tls-unique");
    }
    Object asked = extra(request).get("challenge");
    return asked == null || (asked instanceof String text && KEY.matcher(text).matches())
        ? null
        : refused("authextra.challenge is not 64 hexadecimal digits");
  }

  private static Map<String, @Nullable Object> extra(AuthRequest request) {
    return request.details().get(Keys.AUTHEXTRA, Map.<String, @Nullable Object>of());
  }

  /** What ties the proof to this transport, where the platform tells it (AUTH-CS-10). */
  private static byte @Nullable [] channel(Evidence evidence) {
    TlsPeer tls = evidence.tls();
    byte[] octets = tls == null ? null : tls.binding(TlsPeer.Binding.TLS_EXPORTER);
    return octets == null || octets.length != CHALLENGE_LENGTH ? null : octets;
  }

  /**
   * Who a client says it is.
   *
   * @param known null when it is nobody's key, or not that authid's
   * @param key what has to verify its signature
   * @param hasKey whether that is a key of the client, rather than one for the form's sake
   */
  private record Claim(@Nullable Known known, PublicKey key, boolean hasKey) {}

  private Claim claim(@Nullable String authid, @Nullable String announced) {
    Known known =
        authid != null ? byAuthid.get(authid) : announced != null ? byKey.get(announced) : null;
    String name = announced;
    if (name == null && known != null && known.holder().keys().size() == 1) {
      name = known.holder().keys().get(0);
    }
    PublicKey own = name == null ? null : keys.get(name);
    if (own != null && known != null && known.holder().keys().contains(name)) {
      return new Claim(known, own, true);
    }
    return unknown(announced);
  }

  private Claim unknown(@Nullable String announced) {
    PublicKey strange = announced == null ? null : Ed25519.key(HEX.parseHex(announced));
    return new Claim(null, strange == null ? decoy : strange, strange != null);
  }

  private static AuthStep judge(String realm, Claim claim, byte[] expected, Authenticate proof) {
    boolean matches = matches(claim.key(), expected, proof);
    Known known = claim.known();
    return matches && known != null
        ? new AuthStep.Accepted(
            new Principal(
                realm, known.authid(), known.holder().role(), METHOD, Principal.STATIC, null))
        : DENIED;
  }

  /** Who has no key of its own to prove does not have the node look at certificates. */
  private AuthAnswer judge(
      String realm, Claim claim, TrustedRoots.Shown shown, byte[] expected, Authenticate proof) {
    if (!matches(claim.key(), expected, proof) || !claim.hasKey()) {
      return DENIED;
    }
    return new AuthAnswer.Blocking(
        () -> {
          Principal delegate = roots.delegate(realm, shown);
          return delegate == null ? DENIED : new AuthStep.Accepted(delegate);
        });
  }

  private static boolean matches(PublicKey key, byte[] expected, Authenticate proof) {
    byte[] shown = octets(proof.signature());
    return shown != null
        // An old signature of another challenge is genuine, too.
        && MessageDigest.isEqual(
            expected, Arrays.copyOfRange(shown, Ed25519.SIGNATURE_LENGTH, shown.length))
        && Ed25519.verifies(key, expected, Arrays.copyOf(shown, Ed25519.SIGNATURE_LENGTH));
  }

  /** The octets of a signature and of what it signs; null where they are something else. */
  private static byte @Nullable [] octets(String signature) {
    if (signature.length() != 2 * (Ed25519.SIGNATURE_LENGTH + CHALLENGE_LENGTH)) {
      return null;
    }
    try {
      return HEX.parseHex(signature);
    } catch (IllegalArgumentException notHex) {
      return null;
    }
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] both = new byte[one.length];
    for (int i = 0; i < both.length; i++) {
      both[i] = (byte) (one[i] ^ other[i]);
    }
    return both;
  }

  static AuthStep.Refused refused(String message) {
    return new AuthStep.Refused(WampUri.AUTHENTICATION_DENIED, message);
  }
}
