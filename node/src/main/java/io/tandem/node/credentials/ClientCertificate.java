package io.tandem.node.credentials;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a client's certificate, which TLS has verified, says of its holder. Immutable. */
public record ClientCertificate(X509Certificate certificate) {

  /** Kinds of alternative names by their numbers in RFC 5280, 4.2.1.6. */
  private static final Map<Integer, String> KINDS = Map.of(1, "email", 2, "DNS", 6, "URI", 7, "IP");

  private static final Pattern FINGERPRINT =
      Pattern.compile("[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){31}");

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** The SHA-256 of the whole certificate, 64 digits in lower case. */
  public String fingerprint() {
    try {
      return HexFormat.of().formatHex(Hashes.sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read from its encoding", e);
    }
  }

  public X500Principal subject() {
    return certificate.getSubjectX500Principal();
  }

  /** Its alternative names as {@link #name} writes them; none where they cannot be read. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> each : all == null ? List.<List<?>>of() : all) {
        String kind = KINDS.get(each.get(0));
        String name = kind != null && each.get(1) instanceof String text ? name(kind, text) : null;
        if (name != null) {
          names.add(name);
        }
      }
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
    return names;
  }

  /**
   * Whether it holds at this time. TLS asks that as well, but not of a certificate that is itself
   * among the authorities, nor of a client that comes back to an earlier connection.
   */
  public boolean isValid(Instant now) {
    try {
      certificate.checkValidity(Date.from(now));
      return true;
    } catch (CertificateExpiredException | CertificateNotYetValidException not) {
      return false;
    }
  }

  /** What procedures are told of it, as {@code transport.auth} (AUTH-10). */
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("sha256", fingerprint());
    details.put("subject", subject().getName());
    details.put("issuer", certificate.getIssuerX500Principal().getName());
    details.put("serial", certificate.getSerialNumber().toString(16));
    details.put("notBefore", certificate.getNotBefore().toInstant().toString());
    details.put("notAfter", certificate.getNotAfter().toInstant().toString());
    details.put("names", names());
    return Map.of("certificate", details);
  }

  // ---- the same as people write it ----

  /** A fingerprint in the form of {@link #fingerprint}; null for what is none. */
  public static @Nullable String fingerprint(String text) {
    return FINGERPRINT.matcher(text).matches()
        ? text.replace(":", "").toLowerCase(Locale.ROOT)
        : null;
  }

  /** A subject such as {@code CN=pump 7,O=Example} (RFC 2253); null for what is none. */
  public static @Nullable X500Principal subject(String text) {
    try {
      X500Principal subject = new X500Principal(text);
      return subject.getName().isEmpty() ? null : subject;
    } catch (IllegalArgumentException notOne) {
      return null;
    }
  }

  /**
   * An alternative name such as {@code DNS:pump-7.example.com}, {@code URI:spiffe://example/pump},
   * {@code email:joe@example.com} or {@code IP:10.0.0.7} in the form of {@link #names}; null for
   * what is none.
   */
  public static @Nullable String name(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? null : name(text.substring(0, colon), text.substring(colon + 1));
  }

  private static @Nullable String name(String kind, String value) {
    if (value.isBlank()) {
      return null;
    }
    return switch (kind) {
      case "DNS" -> "DNS:" + value.toLowerCase(Locale.ROOT);
      case "URI", "email" -> kind + ":" + value;
      case "IP" -> address(value);
      default -> null;
    };
  }

  private static @Nullable String address(String text) {
    try {
      // Of digits, dots and colons only, so that nobody is asked what it means.
      return ADDRESS.matcher(text).matches()
          ? "IP:" + InetAddress.getByName(text).getHostAddress()
          : null;
    } catch (UnknownHostException none) {
      return null;
    }
  }

  /** The subject alone. */
  @Override
  public String toString() {
    return "Certificate of " + subject().getName();
  }
}
