package io.tandem.node.auth;

import io.tandem.protocol.message.Options;

/**
 * A HELLO that wants to become a session.
 *
 * @param realm the realm whose authenticators judge it
 * @param details what the client sent, to be trusted in nothing
 * @param session the ID that the session will have, also inside a challenge (AUTH-09)
 * @param peer who is at the other end of the transport
 */
public record AuthRequest(String realm, Options details, long session, Peer peer) {

  /**
   * The other end of a transport, as the router sees it.
   *
   * @param address the network address, or the path of the Unix socket
   * @param secure whether the transport is encrypted
   */
  public record Peer(String address, boolean secure) {}
}
