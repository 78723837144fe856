package io.tandem.node.trust;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/** Ethereum's hash, and its signatures, which tell who has signed. Any thread. */
final class Ethereum {

  /** In octets: r, s, and which of two keys it is. */
  static final int SIGNATURE_LENGTH = 65;

  private static final int SCALAR_LENGTH = 32;
  private static final int HASH_LENGTH = 32;

  /** What stands at the end of a signature whose point has an even y; one more for an odd one. */
  private static final int EVEN = 27;

  /** The same at the beginning of a point (SEC 1, 2.3.3). */
  private static final int COMPRESSED_EVEN = 2;

  private static final X9ECParameters SECP256K1 = CustomNamedCurves.getByName("secp256k1");

  private Ethereum() {}

  /** Keccak-256, which is SHA-3 before it was a standard, of all parts as one. */
  static byte[] keccak(byte[]... parts) {
    KeccakDigest digest = new KeccakDigest(8 * HASH_LENGTH);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] hash = new byte[HASH_LENGTH];
    digest.doFinal(hash, 0);
    return hash;
  }

  /**
   * Whose key has signed the hash. Each signature of the right form has such a key, so that it has
   * to be compared. Of the two values of s that both sign, either is taken.
   *
   * @param signature {@value #SIGNATURE_LENGTH} octets
   * @return null where it is a signature of nobody
   */
  static @Nullable Address signer(byte[] hash, byte[] signature) {
    BigInteger order = SECP256K1.getN();
    BigInteger r = scalar(signature, 0);
    BigInteger s = scalar(signature, SCALAR_LENGTH);
    if (!isBelow(order, r) || !isBelow(order, s)) {
      return null;
    }
    ECPoint point = point(signature);
    if (point == null) {
      return null;
    }
    // The key is (s * point - hash * generator) / r (SEC 1, 4.1.6).
    BigInteger inverse = r.modInverse(order);
    BigInteger ofGenerator = new BigInteger(1, hash).negate().multiply(inverse).mod(order);
    BigInteger ofPoint = s.multiply(inverse).mod(order);
    ECPoint key =
        ECAlgorithms.sumOfTwoMultiplies(SECP256K1.getG(), ofGenerator, point, ofPoint).normalize();
    if (key.isInfinity()) {
      return null;
    }
    byte[] encoded = key.getEncoded(false);
    return Address.ofKey(Arrays.copyOfRange(encoded, 1, encoded.length));
  }

  private static BigInteger scalar(byte[] signature, int from) {
    return new BigInteger(1, signature, from, SCALAR_LENGTH);
  }

  private static boolean isBelow(BigInteger order, BigInteger scalar) {
    return scalar.signum() > 0 && scalar.compareTo(order) < 0;
  }

  /** The point whose x is r, and whose y is even or odd; null where that is none of the curve's. */
  private static @Nullable ECPoint point(byte[] signature) {
    byte[] compressed = new byte[1 + SCALAR_LENGTH];
    compressed[0] = (byte) (signature[SIGNATURE_LENGTH - 1] - EVEN + COMPRESSED_EVEN);
    System.arraycopy(signature, 0, compressed, 1, SCALAR_LENGTH);
    try {
      return SECP256K1.getCurve().decodePoint(compressed);
    } catch (IllegalArgumentException neitherEvenNorOdd) { // or not on the curve
      return null;
    }
  }
}
