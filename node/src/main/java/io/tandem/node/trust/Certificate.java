package io.tandem.node.trust;

import static io.tandem.node.trust.MemberType.ADDRESS;
import static io.tandem.node.trust.MemberType.BYTES32;
import static io.tandem.node.trust.MemberType.STRING;
import static io.tandem.node.trust.MemberType.UINT256;
import static io.tandem.node.trust.MemberType.UINT64;

import io.tandem.node.trust.StructType.Member;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A certificate and its signature, of the right form and not verified by that. Immutable. */
final class Certificate {

  /** Says that a key is its signer's. */
  static final StructType DELEGATE =
      StructType.of(
          "EIP712DelegateCertificate",
          new Member("chainId", UINT256),
          new Member("verifyingContract", ADDRESS),
          new Member("validFrom", UINT256),
          new Member("delegate", ADDRESS),
          new Member("csPubKey", BYTES32),
          new Member("bootedAt", UINT64),
          new Member("meta", STRING));

  /** Says that its issuer, who signs it, vouches for its subject. */
  static final StructType AUTHORITY =
      StructType.of(
          "EIP712AuthorityCertificate",
          new Member("chainId", UINT256),
          new Member("verifyingContract", ADDRESS),
          new Member("validFrom", UINT256),
          new Member("issuer", ADDRESS),
          new Member("subject", ADDRESS),
          new Member("realm", ADDRESS),
          new Member("capabilities", UINT64),
          new Member("meta", STRING));

  /** The capability of those who may issue certificates of authorities. */
  private static final long INTERMEDIATE_CA = 1 << 1;

  private static final Pattern SIGNATURE =
      Pattern.compile("[0-9a-fA-F]{" + 2 * Ethereum.SIGNATURE_LENGTH + "}");

  private final StructType type;
  private final Map<String, Object> members;
  private final byte[] signature;

  private Certificate(StructType type, Map<String, Object> members, byte[] signature) {
    this.type = type;
    this.members = members;
    this.signature = signature;
  }

  /**
   * A certificate as HELLO has it: a list of data and signature. Autobahn came to write a hash
   * before them, or null; it says nothing that the data does not, and is not looked at (AMB-33).
   *
   * @return null for what is none of the type
   */
  static @Nullable Certificate read(StructType type, @Nullable Object shown) {
    if (!(shown instanceof List<?> parts) || parts.size() < 2 || parts.size() > 3) {
      return null;
    }
    Map<String, Object> members = type.read(parts.get(parts.size() - 2));
    return members != null
            && parts.get(parts.size() - 1) instanceof String text
            && SIGNATURE.matcher(text).matches()
        ? new Certificate(type, members, HexFormat.of().parseHex(text))
        : null;
  }

  boolean isOf(long chainId, Address verifyingContract) {
    return number("chainId") == chainId && address("verifyingContract").equals(verifyingContract);
  }

  /** Also where it is a delegate's, which names no realm. */
  boolean isOfRealm(Address realm) {
    return type == DELEGATE || address("realm").equals(realm);
  }

  /** Who has to have signed it: a delegate vouches for its key itself. */
  Address issuer() {
    return address(type == DELEGATE ? "delegate" : "issuer");
  }

  /** For whom an authority vouches. */
  Address subject() {
    return address("subject");
  }

  /** The key of a delegate. */
  String key() {
    return (String) member("csPubKey");
  }

  /**
   * Whether this, an authority's, bears the other, which its subject has issued: it is no younger,
   * and gives what the other gives on.
   */
  boolean bears(Certificate other) {
    return subject().equals(other.issuer())
        && number("validFrom") <= other.number("validFrom")
        && (other.type == DELEGATE
            || (other.number("capabilities") & ~number("capabilities")) == 0);
  }

  /** Whether its subject may vouch for others, and not only for keys of its own. */
  boolean isOfAuthority() {
    return (number("capabilities") & INTERMEDIATE_CA) != 0;
  }

  /** Whether its issuer has signed it; takes some tenths of a millisecond. */
  boolean isSigned() {
    return issuer().equals(Ethereum.signer(type.signed(members), signature));
  }

  private long number(String name) {
    return (long) member(name);
  }

  private Address address(String name) {
    return (Address) member(name);
  }

  private Object member(String name) {
    return Objects.requireNonNull(members.get(name), name);
  }
}
