package io.tandem.node.config;

import io.tandem.node.config.AuthConfig.Scram.Dialect;
import io.tandem.node.credentials.ClientCertificate;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.credentials.Sasl;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.trust.Address;
import io.tandem.node.trust.TrustRoot;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The mapping from the keys of a realm's {@code auth} to {@link AuthConfig}. */
final class AuthReader {

  private static final int MAX_AUTHID = 256;
  private static final int MIN_SECRET_LENGTH = 8;
  private static final int MIN_DECOY_SECRET_LENGTH = 16;
  private static final int PRIVATE_KEY_DIGITS = 64;

  private static final Type<String> AUTHID =
      Type.text(
          "an authid of at most " + MAX_AUTHID + " characters",
          text -> !text.isBlank() && text.length() <= MAX_AUTHID);

  private static final Type<String> SALT =
      Type.text("1 to 100 characters", text -> !text.isEmpty() && text.length() <= 100);

  private static final Type<String> PUBLIC_KEY =
      Type.text("a public key of Ed25519, 64 hexadecimal digits", AuthReader::isPublicKey);

  private static final Type<String> FINGERPRINT =
      Type.text(
          "the SHA-256 of a certificate, 64 hexadecimal digits, with colons or without",
          text -> ClientCertificate.fingerprint(text) != null);

  private static final Type<String> SUBJECT =
      Type.text(
          "a subject such as CN=pump 7,O=Example", text -> ClientCertificate.subject(text) != null);

  private static final Type<String> NAME =
      Type.text(
          "an alternative name that begins with DNS:, URI:, email: or IP:",
          text -> ClientCertificate.name(text) != null);

  private static final String NOBODYS_ADDRESS = "0x" + "0".repeat(40);

  private static final Type<String> ADDRESS =
      Type.text(
          "an address of Ethereum, 0x and 40 hexadecimal digits", text -> Address.of(text) != null);

  /** As large as a number that everybody can write. */
  private static final Type<Long> CHAIN_ID = Type.number(1, 1L << 53);

  private final Surroundings surroundings;
  private final Set<String> roles;

  /**
   * @param roles the names of the realm's
   */
  AuthReader(Surroundings surroundings, Set<String> roles) {
    this.surroundings = surroundings;
    this.roles = roles;
  }

  List<AuthConfig> methods(Section auth) {
    return Stream.<@Nullable AuthConfig>of(
            auth.optionalSection("anonymous", this::anonymous),
            auth.optionalSection("cookie", AuthReader::cookie),
            auth.optionalSection("ticket", this::ticket),
            auth.optionalSection("wampcra", this::wampCra),
            auth.optionalSection("scram", scram -> scram(Dialect.WAMP, scram)),
            auth.optionalSection("autobahnScram", scram -> scram(Dialect.AUTOBAHN, scram)),
            auth.optionalSection("cryptosign", this::cryptosign),
            auth.optionalSection("tls", this::tls),
            auth.optionalSection("jwt", new TokenReader(surroundings, roles)::jwt))
        .filter(Objects::nonNull)
        .toList();
  }

  private static AuthConfig.Cookie cookie(Section cookie) {
    return new AuthConfig.Cookie(
        cookie.value("maxAge", CookieReader.AGE, AuthConfig.Cookie.MAX_AGE),
        cookie.value("allowPlainText", Type.bool(), false));
  }

  private AuthConfig.Anonymous anonymous(Section anonymous) {
    String role = anonymous.value("role", RealmReader.ROLE_NAME, AuthConfig.Anonymous.ROLE);
    checkRole(anonymous, role);
    return new AuthConfig.Anonymous(role);
  }

  private AuthConfig.Ticket ticket(Section ticket) {
    Set<String> authids = new HashSet<>();
    return new AuthConfig.Ticket(
        ticket.value("allowPlainText", Type.bool(), false),
        ticket.sections(
            "principals",
            1,
            holder ->
                new AuthConfig.Ticket.Holder(
                    authid(holder, authids), role(holder), secret(holder, "ticket"))));
  }

  private AuthConfig.WampCra wampCra(Section wampCra) {
    Set<String> authids = new HashSet<>();
    return new AuthConfig.WampCra(
        decoySecret(wampCra),
        wampCra.sections("principals", 1, holder -> craHolder(holder, authids)));
  }

  private AuthConfig.WampCra.Holder craHolder(Section holder, Set<String> authids) {
    Secret secret = secret(holder, "secret");
    AuthConfig.WampCra.Salted salted =
        holder.optionalSection(
            "salted",
            salting ->
                new AuthConfig.WampCra.Salted(
                    salting.required("salt", SALT, ""),
                    salting.value("iterations", Type.integer(100, 10_000_000), 1_000),
                    salting.value("keyLength", Type.integer(16, 64), 32)));
    holder.check(
        salted == null
            || salted.salt().isEmpty()
            || secret.value().isEmpty()
            || isKey(secret.value(), salted.keyLength()),
        "secret",
        "is not the key that a salted secret needs: " + KEYGEN + "wampcra makes one",
        "salted");
    return new AuthConfig.WampCra.Holder(authid(holder, authids), role(holder), secret, salted);
  }

  private AuthConfig.Scram scram(Dialect dialect, Section scram) {
    Set<String> authids = new HashSet<>();
    return new AuthConfig.Scram(
        dialect,
        decoySecret(scram),
        scram.sections("principals", 1, holder -> scramHolder(dialect, holder, authids)));
  }

  private AuthConfig.Scram.Holder scramHolder(
      Dialect dialect, Section holder, Set<String> authids) {
    String authid = authid(holder, authids);
    String prepared = Sasl.prepare(authid);
    holder.check(prepared != null, "authid", "holds characters that SASLprep (RFC 4013) prohibits");
    holder.check(
        prepared == null || prepared.equals(authid) || authids.add(prepared),
        "authid",
        "another principal has this authid, by SASLprep (RFC 4013)");
    Secret record = secret(holder, "record");
    ScramRecord parsed = ScramRecord.parse(record.value());
    boolean isAutobahns = dialect == Dialect.AUTOBAHN;
    holder.check(
        record.value().isEmpty() || (parsed != null && parsed.kdf().isAutobahns() == isAutobahns),
        "record",
        "is no record of a password: "
            + KEYGEN
            + (isAutobahns ? "scram --dialect autobahn" : "scram")
            + " makes one");
    return new AuthConfig.Scram.Holder(authid, role(holder), record);
  }

  private AuthConfig.Cryptosign cryptosign(Section cryptosign) {
    Set<String> authids = new HashSet<>();
    Set<Address> addresses = new HashSet<>();
    Secret routerKey =
        cryptosign.optionalSection(
            "routerKey", secret -> surroundings.secret(secret, PRIVATE_KEY_DIGITS));
    cryptosign.check(
        routerKey == null || routerKey.value().isEmpty() || isPrivateKey(routerKey.value()),
        "routerKey",
        "is no private key of Ed25519 in hexadecimal digits: " + KEYGEN + "cryptosign makes one");
    cryptosign.check(
        cryptosign.has("principals") || cryptosign.has("trustRoots"),
        "principals",
        "nobody could log in: one of principals and trustRoots is needed");
    return new AuthConfig.Cryptosign(
        routerKey,
        cryptosign.optionalSections(
            "principals",
            holder ->
                new AuthConfig.Cryptosign.Holder(
                    authid(holder, authids),
                    role(holder),
                    holder.required("keys", Type.someOf(PUBLIC_KEY), Set.of()).stream()
                        .map(key -> key.toLowerCase(Locale.ROOT))
                        .distinct()
                        .toList())),
        cryptosign.optionalSections("trustRoots", root -> trustRoot(root, addresses)));
  }

  private TrustRootConfig trustRoot(Section root, Set<Address> taken) {
    Address address = address(root, "address");
    root.check(taken.add(address), "address", "another trust root has this address");
    return new TrustRootConfig(
        new TrustRoot(
            address,
            root.required("chainId", CHAIN_ID, 0L),
            address(root, "verifyingContract"),
            address(root, "realm")),
        role(root));
  }

  private static Address address(Section section, String key) {
    return Objects.requireNonNull(Address.of(section.required(key, ADDRESS, NOBODYS_ADDRESS)));
  }

  private AuthConfig.Tls tls(Section tls) {
    Set<String> authids = new HashSet<>();
    return new AuthConfig.Tls(
        tls.sections("principals", 1, holder -> certificateHolder(holder, authids)));
  }

  private AuthConfig.Tls.Holder certificateHolder(Section holder, Set<String> authids) {
    Set<String> fingerprints = holder.optional("fingerprints", Type.someOf(FINGERPRINT));
    Set<String> subjects = holder.optional("subjects", Type.someOf(SUBJECT));
    Set<String> names = holder.optional("names", Type.someOf(NAME));
    String authid = authid(holder, authids);
    holder.check(
        holder.has("fingerprints") || holder.has("subjects") || holder.has("names"),
        "authid",
        "has no certificate: one of fingerprints, subjects and names is needed");
    return new AuthConfig.Tls.Holder(
        authid,
        role(holder),
        Objects.requireNonNullElse(fingerprints, Set.<String>of()).stream()
            .map(text -> Objects.requireNonNull(ClientCertificate.fingerprint(text)))
            .collect(Collectors.toSet()),
        Objects.requireNonNullElse(subjects, Set.of()),
        Objects.requireNonNullElse(names, Set.of()));
  }

  // ---- what principals have in common ----

  private static final String KEYGEN = "./tandem keygen ";

  private static String authid(Section holder, Set<String> taken) {
    String authid = holder.required("authid", AUTHID, "");
    holder.check(taken.add(authid), "authid", "another principal has this authid");
    return authid;
  }

  private String role(Section holder) {
    String role = holder.required("role", RealmReader.ROLE_NAME, "");
    checkRole(holder, role);
    return role;
  }

  private void checkRole(Section section, String role) {
    section.check(roles.contains(role), "role", "the realm has no role of this name");
  }

  private Secret secret(Section holder, String key) {
    return holder.requiredSection(
        key, secret -> surroundings.secret(secret, MIN_SECRET_LENGTH), new Secret(""));
  }

  private @Nullable Secret decoySecret(Section method) {
    return method.optionalSection(
        "decoySecret", secret -> surroundings.secret(secret, MIN_DECOY_SECRET_LENGTH));
  }

  private static boolean isPrivateKey(String text) {
    return text.matches("[0-9a-fA-F]{" + PRIVATE_KEY_DIGITS + "}");
  }

  private static boolean isPublicKey(String text) {
    try {
      return Ed25519.key(HexFormat.of().parseHex(text)) != null;
    } catch (IllegalArgumentException notHex) {
      return false;
    }
  }

  /** Whether the text is that many octets in Base64. */
  private static boolean isKey(String text, int length) {
    try {
      return Base64.getDecoder().decode(text).length == length;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
