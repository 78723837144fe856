package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.tandem.node.config.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;

/**
 * TLS on the connections of a listener. Not the HTTP server's own, which shows a connection only
 * when its handshake is done: until then nobody would count it, nor time it. Any thread.
 */
final class Tls {

  /** Sessions kept for clients that come back; each some KiB. */
  private static final int REMEMBERED = 1_024;

  private final SslContext context;

  private Tls(SslContext context) {
    this.context = context;
  }

  /**
   * Reads the files, which blocks.
   *
   * @throws Exception when they are no certificates or key after all
   */
  static Tls of(TlsConfig config, Vertx vertx) throws Exception {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                new PemKeyCertOptions()
                    .setCertPath(config.certificate().toString())
                    .setKeyPath(config.key().toString())
                    .getKeyManagerFactory(vertx))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .sessionCacheSize(REMEMBERED);
    if (config.clientCa() != null) {
      builder
          .clientAuth(ClientAuth.REQUIRE)
          .trustManager(
              new PemTrustOptions()
                  .addCertPath(config.clientCa().toString())
                  .getTrustManagerFactory(vertx));
    }
    return new Tls(builder.build());
  }

  /** Puts it on a fresh connection, whose handshake others have to time. */
  void install(Channel channel) {
    SslHandler handler = context.newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(0);
    channel.pipeline().addFirst(handler);
  }
}
