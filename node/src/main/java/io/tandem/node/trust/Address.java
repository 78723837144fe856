package io.tandem.node.trust;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of Ethereum, by which the holder of a key is known. Immutable.
 *
 * @param digits 40 hexadecimal digits in lower case
 */
public record Address(String digits) {

  /** In octets. */
  static final int LENGTH = 20;

  private static final Pattern FORM = Pattern.compile("0x[0-9a-fA-F]{40}");

  /** An address as people write it, 0x and 40 digits in either case; null for what is none. */
  public static @Nullable Address of(String text) {
    return FORM.matcher(text).matches()
        ? new Address(text.substring(2).toLowerCase(Locale.ROOT))
        : null;
  }

  /** Of a public key, the 64 octets of its point. */
  static Address ofKey(byte[] point) {
    byte[] hash = Ethereum.keccak(point);
    return new Address(HexFormat.of().formatHex(hash, hash.length - LENGTH, hash.length));
  }

  byte[] octets() {
    return HexFormat.of().parseHex(digits);
  }

  /** With the upper-case letters that make mistakes show (EIP-55), as Autobahn writes it. */
  @Override
  public String toString() {
    byte[] hash = Ethereum.keccak(digits.getBytes(StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < digits.length(); i++) {
      int half = (i & 1) == 0 ? hash[i / 2] >> 4 : hash[i / 2];
      text.append((half & 8) == 0 ? digits.charAt(i) : Character.toUpperCase(digits.charAt(i)));
    }
    return text.toString();
  }
}
