package io.tandem.node.trust;

import io.tandem.node.credentials.Hashes;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a member of a {@link StructType} may be: how HELLO writes it, and how it is hashed. */
enum MemberType {
  UINT256,
  UINT64,
  ADDRESS,
  BYTES32,
  STRING;

  /** In octets of UTF-8. */
  static final int LONGEST_STRING = 1 << 10;

  private static final int WORD_LENGTH = 32;
  private static final Pattern WORD = Pattern.compile("[0-9a-fA-F]{64}");

  /** As Solidity calls it. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The value: a Long, an {@link Address}, hexadecimal digits in lower case, or a text.
   *
   * @return null where what is written is none of this type; no number of WAMP has the 64 bits, or
   *     256, that the type has
   */
  @Nullable Object read(@Nullable Object written) {
    return switch (this) {
      case UINT256, UINT64 -> written instanceof Long number && number >= 0 ? number : null;
      case ADDRESS -> written instanceof String text ? Address.of(text) : null;
      case BYTES32 ->
          written instanceof String text && WORD.matcher(text).matches()
              ? text.toLowerCase(Locale.ROOT)
              : null;
      case STRING ->
          written instanceof String text && Hashes.utf8(text).length <= LONGEST_STRING
              ? text
              : null;
    };
  }

  /** The 32 octets that stand for a value that was read in the hash of its struct. */
  byte[] word(Object value) {
    return switch (this) {
      case UINT256, UINT64 -> word(ByteBuffer.allocate(Long.BYTES).putLong((long) value).array());
      case ADDRESS -> word(((Address) value).octets());
      case BYTES32 -> HexFormat.of().parseHex((String) value);
      case STRING -> Ethereum.keccak(Hashes.utf8((String) value));
    };
  }

  /** With zeros before. */
  private static byte[] word(byte[] octets) {
    byte[] word = new byte[WORD_LENGTH];
    System.arraycopy(octets, 0, word, word.length - octets.length, octets.length);
    return word;
  }
}
