package io.tandem.node.auth;

/**
 * What a transport knows of its client, before the client has said who it is.
 *
 * @param address the network address, or the path of the Unix socket
 * @param secure whether the transport is encrypted
 */
public record Evidence(String address, boolean secure) {

  /** For logs. */
  @Override
  public String toString() {
    return "Client " + address;
  }
}
