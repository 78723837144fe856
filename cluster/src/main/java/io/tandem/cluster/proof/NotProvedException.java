package io.tandem.cluster.proof;

import io.netty.handler.ssl.NotSslRecordException;
import javax.net.ssl.SSLException;

/** The other side of a connection proves not to be a node of this cluster; the message says why. */
public final class NotProvedException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MOST = 200;

  private final String key;

  /** By the secret. */
  NotProvedException(String message) {
    super(message);
    this.key = "cluster.secret";
  }

  /** By its certificate, or because it does not believe ours. */
  NotProvedException(SSLException refused) {
    super("TLS fails: " + brief(refused), refused);
    this.key = "cluster.tls";
  }

  /** Without what a stranger has said, which may be long. */
  private static String brief(SSLException refused) {
    if (refused instanceof NotSslRecordException) {
      return "it does not begin with TLS";
    }
    String message = String.valueOf(refused.getMessage());
    return message.length() <= MOST ? message : message.substring(0, MOST) + "...";
  }

  /** What is configured in another way there. */
  public String key() {
    return key;
  }
}
