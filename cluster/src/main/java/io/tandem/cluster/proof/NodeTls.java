package io.tandem.cluster.proof;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * TLS between nodes: what a node shows, and whom it believes. Both sides of a connection show a
 * certificate that the cluster's authority has signed; whose address it is does not matter, since
 * that authority signs for nodes alone. TLS 1.3, without resumption. Any thread.
 */
public final class NodeTls {

  private static final String[] VERSIONS = {"TLSv1.3"};

  private volatile SSLContext context;

  private NodeTls(SSLContext context) {
    this.context = context;
  }

  /**
   * Reads files in PEM form; blocks.
   *
   * @param certificate the node's, followed by its chain
   * @param key its private key, PKCS #8 and not encrypted
   * @param authority the certificates of those whose nodes are believed
   * @throws IOException when something in them cannot be read as such; the message names no file
   */
  public static NodeTls of(Path certificate, Path key, Path authority) throws IOException {
    return new NodeTls(read(certificate, key, authority));
  }

  /**
   * Shows and believes something else on connections that are made from now on; blocks.
   *
   * @throws IOException as {@link #of} does, with nothing changed
   */
  public void renew(Path certificate, Path key, Path authority) throws IOException {
    context = read(certificate, key, authority);
  }

  private static SSLContext read(Path certificate, Path key, Path authority) throws IOException {
    try {
      return ((JdkSslContext)
              SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                  .trustManager(authority.toFile())
                  .sslProvider(SslProvider.JDK)
                  .build())
          .context();
    } catch (RuntimeException unreadable) {
      throw new IOException(unreadable.getMessage(), unreadable);
    }
  }

  /**
   * One side of a connection.
   *
   * @param calls whether it is the side that has begun the connection
   */
  SSLEngine engine(boolean calls) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(calls);
    engine.setEnabledProtocols(VERSIONS);
    if (!calls) {
      engine.setNeedClientAuth(true);
    }
    return engine;
  }
}
