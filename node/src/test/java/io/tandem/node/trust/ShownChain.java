package io.tandem.node.trust;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/**
 * Certificates as a client shows them, which a test may change and sign anew. At first they vouch
 * for {@link #PUMP}: a delegate's, two authorities', a root's. Their signatures are those that
 * eth-account 0.14.0 has made with the same keys, and Autobahn-Python 24.4.2, too.
 */
public final class ShownChain {

  public static final String ROOT = "0x8b37c0EaF66f15D1022AAc675DAd861C18605826";
  public static final String AUTHORITY = "0xbF5e80b2946f891273b2f32b24D899945C4FB526";
  public static final String PUMP = "0x6f60801Bb120F4aEc99305747aD34c9C6623c865";
  public static final String OTHER = "0xbD50240C73087cf03977B295D6912DFd6F88872B";
  public static final long CHAIN_ID = 11155111;
  public static final String CONTRACT = "0x34A20b3817556C57fA3392c0547A5F89242b8AD7";
  public static final String REALM = "0x3fF849540f0D3E2784aC8b1543A09F557D4930e5";

  /** The key for Cryptosign, and what it is the public half of. */
  public static final String KEY =
      "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";

  public static final String PRIVATE_KEY =
      "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";

  /** The SHA-256 of "tandem test root" and so on. */
  private static final Map<String, String> PRIVATE_KEYS =
      Map.of(
          ROOT, "8e019a45daabf375978162bd71f675d60b8a5c4a47ef5d5101979f7a743ab408",
          AUTHORITY, "943fa617a1a94b780e6766217c81dacf4cc3905a7102b48f0486a43643eb8dcb",
          PUMP, "d1b146fe512fadd29aa6263923e804eba98b6292f8cae9572e6ea13d7cbdb416",
          OTHER, "4313f43f305276225ae512884fab4529d4b73afa6700cb9fecc52e354bd61d8f");

  static final List<String> SIGNATURES =
      List.of(
          "f14f4f0e35f52dd13e4a73865c904a4e254a1f58c8d6abe5000861c8dda4c18d"
              + "375e9116ffe2f45558d5906f5f76e5db2085b50a436c0ae49559a35f34407b481c",
          "70f031f9121d8f4657f072fb92ae2c67bd8c1a31f7f34f6a6a59c9617bccf214"
              + "085f786eea94f3d6371fe2047b0763c680a020ea8d72b9f28aac3fed34dc61ce1c",
          "c6ce7080e840c7971d32d2ee4c4176d887ff8f1996080155c9bde9e8b8b0af3b"
              + "7690212797efce170cbd8f0ce2f7982d0096b7166bd841727e2d86ee046656fb1b",
          "be4bd83fff3042ec29c2fd320e98356fce09b3f9f8c2ebe04e81c64762b70758"
              + "5c944119ec32134901ce41f98dd4af04a21b3bb1579f3dde9586fefbe9992e731b");

  private static final ECDomainParameters SECP256K1 =
      new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));

  private final List<Map<String, Object>> messages = new ArrayList<>();
  private final List<String> signatures = new ArrayList<>(SIGNATURES);

  public ShownChain() {
    messages.add(
        message(
            6_500_000L,
            "",
            "delegate",
            PUMP,
            "csPubKey",
            KEY,
            "bootedAt",
            1_764_447_200_123_456_789L));
    messages.add(authority(6_500_000L, AUTHORITY, PUMP, 12L, "Pumpe 7 \u2013 Halle \u00e4"));
    messages.add(authority(6_000_001L, ROOT, AUTHORITY, 30L, ""));
    messages.add(authority(6_000_000L, ROOT, ROOT, 63L, "root"));
  }

  private static Map<String, Object> authority(
      long validFrom, String issuer, String subject, long capabilities, String meta) {
    return message(
        validFrom,
        meta,
        "issuer",
        issuer,
        "subject",
        subject,
        "realm",
        REALM,
        "capabilities",
        capabilities);
  }

  private static Map<String, Object> message(long validFrom, String meta, Object... others) {
    Map<String, Object> message = new HashMap<>();
    message.put("chainId", CHAIN_ID);
    message.put("verifyingContract", CONTRACT);
    message.put("validFrom", validFrom);
    message.put("meta", meta);
    for (int i = 0; i < others.length; i += 2) {
      message.put((String) others[i], others[i + 1]);
    }
    return message;
  }

  /** Whom these certificates need to be trusted. */
  public static TrustRoot root() {
    return root(ROOT, CHAIN_ID, CONTRACT, REALM);
  }

  public static TrustRoot root(String address, long chainId, String contract, String realm) {
    return new TrustRoot(
        requireNonNull(Address.of(address)),
        chainId,
        requireNonNull(Address.of(contract)),
        requireNonNull(Address.of(realm)));
  }

  /** A certificate says something else, and its issuer has signed it. */
  public ShownChain says(int index, String member, Object value) {
    messages.get(index).put(member, value);
    Object issuer = messages.get(index).get(index == 0 ? "delegate" : "issuer");
    return signedBy(index, (String) issuer);
  }

  /** Somebody has signed a certificate. */
  public ShownChain signedBy(int index, String signer) {
    signatures.set(index, sign(signer, signed(index)));
    return this;
  }

  /** A certificate is not there. */
  public ShownChain without(int index) {
    messages.remove(index);
    signatures.remove(index);
    return this;
  }

  /** A certificate is there twice. */
  public ShownChain twice(int index) {
    messages.add(index, new HashMap<>(messages.get(index)));
    signatures.add(index, signatures.get(index));
    return this;
  }

  /** As it stands in HELLO; all of it may be changed. */
  public List<Object> certificates() {
    List<Object> certificates = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      certificates.add(new ArrayList<>(List.of(data(i), signatures.get(i))));
    }
    return certificates;
  }

  private Map<String, Object> data(int index) {
    Map<String, Object> message = messages.get(index);
    String type =
        message.containsKey("delegate")
            ? "EIP712DelegateCertificate"
            : "EIP712AuthorityCertificate";
    return new HashMap<>(
        Map.of(
            "domain", new HashMap<>(Map.of("name", "WMP", "version", "1")),
            "message", new HashMap<>(message),
            "primaryType", type,
            "types",
                new HashMap<>(
                    Map.of(
                        "EIP712Domain",
                        members("name string", "version string"),
                        type,
                        message.containsKey("delegate") ? delegate() : authority()))));
  }

  private static List<Object> delegate() {
    return members(
        "chainId uint256",
        "verifyingContract address",
        "validFrom uint256",
        "delegate address",
        "csPubKey bytes32",
        "bootedAt uint64",
        "meta string");
  }

  private static List<Object> authority() {
    return members(
        "chainId uint256",
        "verifyingContract address",
        "validFrom uint256",
        "issuer address",
        "subject address",
        "realm address",
        "capabilities uint64",
        "meta string");
  }

  private static List<Object> members(String... all) {
    List<Object> members = new ArrayList<>();
    for (String each : all) {
      int space = each.indexOf(' ');
      members.add(Map.of("name", each.substring(0, space), "type", each.substring(space + 1)));
    }
    return members;
  }

  /** What is signed of a certificate. */
  byte[] signed(int index) {
    StructType type =
        messages.get(index).containsKey("delegate") ? Certificate.DELEGATE : Certificate.AUTHORITY;
    return type.signed(requireNonNull(type.read(data(index))));
  }

  /** The signature by RFC 6979, with the smaller s. */
  static String sign(String signer, byte[] hash) {
    ECDSASigner key = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    BigInteger secret = new BigInteger(requireNonNull(PRIVATE_KEYS.get(signer)), 16);
    key.init(true, new ECPrivateKeyParameters(secret, SECP256K1));
    BigInteger[] signature = key.generateSignature(hash);
    BigInteger s = signature[1].min(SECP256K1.getN().subtract(signature[1]));
    String scalars = "%064x%064x".formatted(signature[0], s);
    for (String which : List.of("1b", "1c")) {
      byte[] whole = HexFormat.of().parseHex(scalars + which);
      if (requireNonNull(Address.of(signer)).equals(Ethereum.signer(hash, whole))) {
        return scalars + which;
      }
    }
    throw new AssertionError("no key of " + signer + " signs");
  }
}
