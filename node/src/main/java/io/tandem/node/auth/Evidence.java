package io.tandem.node.auth;

import org.jspecify.annotations.Nullable;

/**
 * What a transport knows of its client, before the client has said who it is. Kept until the client
 * is judged, and no longer: idle sessions are many.
 *
 * @param address the network address, or the path of the Unix socket
 * @param secure whether the transport is encrypted, or does not leave this machine
 * @param tls what TLS tells of the client; null without it
 * @param opening the HTTP request that the transport began with; null where there was none, as on
 *     RawSocket, and for a further session on a transport, whose opening is forgotten
 */
public record Evidence(
    String address, boolean secure, @Nullable TlsPeer tls, @Nullable Opening opening) {

  /** For logs; nothing of what the client has shown. */
  @Override
  public String toString() {
    return "Client " + address;
  }
}
