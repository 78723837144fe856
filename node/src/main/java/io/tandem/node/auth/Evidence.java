package io.tandem.node.auth;

import io.tandem.node.credentials.ClientCertificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transport knows of its client, before the client has said who it is. Kept until the client
 * is judged, and no longer: idle sessions are many.
 *
 * @param address the network address, or the path of the Unix socket
 * @param network what clients of the same origin have alike, see {@code Frontier}: the address
 *     without its port, of IPv6 its network of 64 bits
 * @param secure whether the transport is encrypted, or does not leave this machine
 * @param tls what TLS tells of the client; null without it
 * @param opening the HTTP request that the transport began with; null where there was none, as on
 *     RawSocket, and for a further session on a transport, whose opening is forgotten
 * @param cookie the one that the client has shown, or was given, as the transport opened; null
 *     where the listener has none
 * @param entrance whom the listener lets in
 */
public record Evidence(
    String address,
    String network,
    boolean secure,
    @Nullable TlsPeer tls,
    @Nullable Opening opening,
    @Nullable Cookie cookie,
    Entrance entrance) {

  /** What procedures are told that judge the client (AUTH-10); no secrets. */
  public Map<String, Object> told() {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("peer", address);
    told.put("secure", secure);
    if (cookie != null) {
      told.put("cookie", cookie.id());
    }
    ClientCertificate certificate = certificate();
    if (certificate != null) {
      told.put("auth", certificate.details());
    }
    return told;
  }

  /** The certificate of the client, verified; null where it has shown none. */
  public @Nullable ClientCertificate certificate() {
    List<X509Certificate> chain = tls == null ? List.of() : tls.certificates();
    return chain.isEmpty() ? null : new ClientCertificate(chain.get(0));
  }

  /** For logs; nothing of what the client has shown. */
  @Override
  public String toString() {
    return "Client " + address;
  }
}
