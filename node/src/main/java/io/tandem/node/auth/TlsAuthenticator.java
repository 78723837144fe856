package io.tandem.node.auth;

import io.tandem.node.credentials.ClientCertificate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Admits who has shown a certificate in the handshake of TLS, without a challenge: the handshake
 * was one. Whoever has none is told so; all other refusals are one and the same. Immutable.
 */
public final class TlsAuthenticator implements Authenticator {

  public static final String METHOD = "tls";

  static final AuthStep.Refused DENIED =
      new AuthStep.Refused(
          WampUri.AUTHENTICATION_DENIED, "the certificate does not belong to the authid");

  /**
   * By which certificates somebody is known; any of them will do.
   *
   * @param fingerprints as {@link ClientCertificate#fingerprint()} writes them
   * @param names alternative names as {@link ClientCertificate#names} writes them
   */
  public record Holder(
      String role, Set<String> fingerprints, Set<X500Principal> subjects, Set<String> names) {

    public Holder {
      fingerprints = Set.copyOf(fingerprints);
      subjects = Set.copyOf(subjects);
      names = Set.copyOf(names);
    }

    boolean has(ClientCertificate certificate) {
      return fingerprints.contains(certificate.fingerprint())
          || subjects.contains(certificate.subject())
          || certificate.names().stream().anyMatch(names::contains);
    }
  }

  private final Map<String, Holder> holders;
  private final InstantSource clock;

  /**
   * @param holders by authid
   */
  public TlsAuthenticator(Map<String, Holder> holders, InstantSource clock) {
    this.holders = Map.copyOf(holders);
    this.clock = clock;
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    AuthStep.Refused lack = lack(request, clock);
    ClientCertificate certificate = request.evidence().certificate();
    if (lack != null || certificate == null) {
      return lack == null ? DENIED : lack;
    }
    String asked = request.details().get(Keys.AUTHID);
    List<String> meant =
        holders.entrySet().stream()
            .filter(each -> asked == null || asked.equals(each.getKey()))
            .filter(each -> each.getValue().has(certificate))
            .map(Map.Entry::getKey)
            .toList();
    if (meant.size() != 1) {
      return DENIED; // one of several: such a certificate alone does not say who it is
    }
    String authid = meant.get(0);
    Holder holder = holders.get(authid);
    return holder == null
        ? DENIED
        : new AuthStep.Accepted(
            new Principal(request.realm(), authid, holder.role(), METHOD, Principal.STATIC, null));
  }

  /** What the transport has to show, whoever it is; null where it does. */
  static AuthStep.@Nullable Refused lack(AuthRequest request, InstantSource clock) {
    ClientCertificate certificate = request.evidence().certificate();
    if (certificate == null) {
      return new AuthStep.Refused(
          WampUri.AUTHENTICATION_REQUIRED,
          "the method tls needs a client certificate, and the transport has none");
    }
    return certificate.isValid(clock.instant()) ? null : DENIED;
  }
}
