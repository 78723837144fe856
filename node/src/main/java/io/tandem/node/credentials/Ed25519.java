package io.tandem.node.credentials;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/** Keys and signatures of RFC 8032 as octets, made and checked by the JDK. Any thread. */
public final class Ed25519 {

  public static final int KEY_LENGTH = 32;
  public static final int SIGNATURE_LENGTH = 64;

  /** What stands before the octets of a key where the JDK reads one (RFC 8410). */
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /**
   * Keys of small order, the sign of x left out: what they have signed anybody can make up. Those
   * that are written with a y beyond the field are no keys to the JDK.
   */
  private static final Set<String> WEAK =
      Set.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

  private Ed25519() {}

  /**
   * The key of these octets.
   *
   * @return null where they are none: of another length, no point of the curve, or of small order
   */
  public static @Nullable PublicKey key(byte[] octets) {
    if (octets.length != KEY_LENGTH) {
      return null;
    }
    byte[] unsigned = octets.clone();
    unsigned[KEY_LENGTH - 1] &= 0x7f;
    if (WEAK.contains(HexFormat.of().formatHex(unsigned))) {
      return null;
    }
    byte[] encoded = new byte[PREFIX.length + KEY_LENGTH];
    System.arraycopy(PREFIX, 0, encoded, 0, PREFIX.length);
    System.arraycopy(octets, 0, encoded, PREFIX.length, KEY_LENGTH);
    try {
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature.getInstance("Ed25519").initVerify(key); // which is where the point is looked for
      return key;
    } catch (GeneralSecurityException notOne) {
      return null;
    }
  }

  /** A private key that signs, and the octets of its public half. Immutable. */
  public static final class Pair {

    private final PrivateKey key;
    private final byte[] publicKey;

    private Pair(PrivateKey key, byte[] publicKey) {
      this.key = key;
      this.publicKey = publicKey;
    }

    /**
     * The pair of a private key, as RFC 8032 writes one.
     *
     * @return null where the octets are none, being of another length
     */
    public static @Nullable Pair of(byte[] seed) {
      if (seed.length != KEY_LENGTH) {
        return null;
      }
      try {
        PrivateKey key =
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        return new Pair(
            key, new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());
      } catch (GeneralSecurityException e) {
        throw new AssertionError("the JDK has Ed25519, whose private keys are any octets", e);
      }
    }

    public byte[] publicKey() {
      return publicKey.clone();
    }

    /** The signature of the message. */
    public byte[] sign(byte[] message) {
      try {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(key);
        signer.update(message);
        return signer.sign();
      } catch (GeneralSecurityException e) {
        throw new AssertionError("the JDK has Ed25519, and made the key", e);
      }
    }

    /** The public half alone. */
    @Override
    public String toString() {
      return "Pair of " + HexFormat.of().formatHex(publicKey);
    }
  }

  /** Whether this key has signed the message. */
  public static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the JDK has Ed25519, and made the key", e);
    }
  }
}
