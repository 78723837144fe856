package io.tandem.cluster.proof;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * TLS between nodes: what a node shows, and whom it believes. Both sides of a connection show a
 * certificate that the cluster's authority has signed; whose address it is does not matter, since
 * that authority signs for nodes alone. TLS 1.3, without resumption. Any thread.
 */
public final class NodeTls {

  /** Of a handshake; each side has two or three. */
  private static final int MOST_TURNS = 10;

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
   * @throws IOException when something in them cannot be read as such, and when a node with them
   *     would not even believe itself: the key is another one's, the certificate has expired, or
   *     none of the authorities has signed it; the message names no file
   */
  public static NodeTls of(Path certificate, Path key, Path authority) throws IOException {
    NodeTls tls = unchecked(certificate, key, authority);
    tls.meetItself();
    return tls;
  }

  static NodeTls unchecked(Path certificate, Path key, Path authority) throws IOException {
    return new NodeTls(read(certificate, key, authority));
  }

  /** Shows and believes the same as the other one, on connections that are made from now on. */
  public void become(NodeTls other) {
    context = other.context;
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

  private void meetItself() throws IOException {
    shake(engine(true), engine(false));
  }

  /** Lets two sides make their handshake. */
  static void shake(SSLEngine calls, SSLEngine answers) throws IOException {
    ByteBuffer there = ByteBuffer.allocate(2 * calls.getSession().getPacketBufferSize());
    ByteBuffer back = ByteBuffer.allocate(there.capacity());
    calls.beginHandshake();
    answers.beginHandshake();
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      goOn(calls, back, there);
      goOn(answers, there, back);
      if (isDone(calls) && isDone(answers)) {
        return;
      }
    }
    throw new IOException("its handshake does not end");
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  /** Says and hears what there is; both buffers are ready to be written into. */
  private static void goOn(SSLEngine engine, ByteBuffer heard, ByteBuffer said) throws IOException {
    ByteBuffer nothing = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), said);
        case NEED_UNWRAP -> {
          heard.flip();
          int octets = engine.unwrap(heard, nothing).bytesConsumed();
          heard.compact();
          if (octets == 0 && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            return;
          }
        }
        default -> {
          return;
        }
      }
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
