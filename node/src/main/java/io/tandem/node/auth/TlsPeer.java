package io.tandem.node.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What TLS tells of a client, as of its handshake. Worked out when it is asked for. Any thread. */
public interface TlsPeer {

  /** What ties a proof to the connection on which it is given (RFC 5056). */
  enum Binding {
    /** RFC 9266. */
    TLS_EXPORTER("tls-exporter"),
    /** RFC 5929, 4. */
    TLS_SERVER_END_POINT("tls-server-end-point");

    private final String wireName;

    Binding(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /**
   * The client's certificate, then those that vouch for it, all verified against the listener's
   * authorities. Empty where the client has shown none. Their sizes are bounded by TLS.
   */
  List<X509Certificate> certificates();

  /**
   * The octets of a channel binding; null where the platform does not tell them: {@code
   * tls-exporter} takes JDK 25 and TLS 1.3, and {@code tls-unique} is never there.
   */
  byte @Nullable [] binding(Binding type);
}
