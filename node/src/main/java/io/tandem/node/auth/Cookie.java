package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What is kept of the cookie that a client shows: digests of its value, which is a secret of 256
 * bits and of the client alone. Immutable.
 */
public final class Cookie {

  /** The name of the method that admits by it. */
  public static final String METHOD = "cookie";

  private static final int OCTETS = 32;
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int ID_DIGITS = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final byte[] sealing;

  private Cookie(String value) {
    byte[] secret = Hashes.utf8(value);
    this.name = HexFormat.of().formatHex(Hashes.sha256(secret));
    this.sealing = Hashes.hmac(secret, "seal");
  }

  /** A value that nobody has yet. */
  public static String freshValue() {
    byte[] octets = new byte[OCTETS];
    RANDOM.nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  /** Whether it has the form of a value. */
  public static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }

  /** The cookie with this value, see {@link #isValue}. */
  public static Cookie of(String value) {
    return new Cookie(value);
  }

  /**
   * What tells the cookie from others; whoever knows it cannot show the cookie. 32 hexadecimal
   * digits.
   */
  public String id() {
    return name.substring(0, ID_DIGITS);
  }

  /** Under which the cluster remembers what belongs to it. */
  String name() {
    return name;
  }

  /**
   * A digest of the octets that nobody can try guesses against who does not have the cookie's
   * value, which is nowhere but with the client.
   */
  String seal(byte[] octets) {
    return HexFormat.of().formatHex(Hashes.hmac(sealing, octets));
  }

  @Override
  public String toString() {
    return "Cookie " + id();
  }
}
