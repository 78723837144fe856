package io.tandem.cluster.proof;

import javax.net.ssl.SSLException;

/** The other side of a connection proves not to be a node of this cluster; the message says why. */
public final class NotProvedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String key;

  /** By the secret. */
  NotProvedException(String message) {
    super(message);
    this.key = "cluster.secret";
  }

  /** By its certificate, or because it does not believe ours. */
  NotProvedException(SSLException refused) {
    super("TLS fails: " + refused.getMessage(), refused);
    this.key = "cluster.tls";
  }

  /** What is configured in another way there. */
  public String key() {
    return key;
  }
}
