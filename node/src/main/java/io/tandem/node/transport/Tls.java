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
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * TLS on the connections of a listener. Not the HTTP server's own, which shows a connection only
 * when its handshake is done: until then nobody would count it, nor time it. Any thread.
 */
final class Tls {

  /** Sessions kept for clients that come back; each some KiB. */
  private static final int REMEMBERED = 1_024;

  /** How keys of each kind sign. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private static final String REFUSES_AGAIN = "jdk.tls.rejectClientInitiatedRenegotiation";

  static {
    // A handshake costs the node far more than its client, and before TLS 1.3 a client could ask
    // for one after the other on a connection. The JDK looks at this once, before its first one.
    if (System.getProperty(REFUSES_AGAIN) == null) {
      System.setProperty(REFUSES_AGAIN, "true");
    }
  }

  private final SslContext context;
  private final boolean byName;

  private Tls(SslContext context, boolean byName) {
    this.context = context;
    this.byName = byName;
  }

  /**
   * Reads the files, which blocks.
   *
   * @throws Exception when they are no certificates or key after all, or not each other's
   */
  static Tls of(TlsConfig config, Vertx vertx) throws Exception {
    SslContextBuilder builder =
        SslContextBuilder.forServer(keys(config, vertx))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .sessionCacheSize(REMEMBERED);
    if (config.clientCa() != null) {
      builder
          .clientAuth(
              config.clients() == TlsConfig.Clients.REQUIRED
                  ? ClientAuth.REQUIRE
                  : ClientAuth.OPTIONAL)
          .trustManager(
              new PemTrustOptions()
                  .addCertPath(config.clientCa().toString())
                  .getTrustManagerFactory(vertx));
    }
    return new Tls(builder.build(), !config.byName().isEmpty());
  }

  private static KeyManager keys(TlsConfig config, Vertx vertx) throws Exception {
    X509ExtendedKeyManager first = keys(config.certificate(), config.key(), vertx);
    if (config.byName().isEmpty()) {
      return first;
    }
    CertificatesByName all = new CertificatesByName(first);
    for (TlsConfig.Named named : config.byName()) {
      all.add(named, keys(named.certificate(), named.key(), vertx));
    }
    return all;
  }

  private static X509ExtendedKeyManager keys(Path certificate, Path key, Vertx vertx)
      throws Exception {
    KeyManagerFactory factory =
        new PemKeyCertOptions()
            .setCertPath(certificate.toString())
            .setKeyPath(key.toString())
            .getKeyManagerFactory(vertx);
    for (KeyManager manager : factory.getKeyManagers()) {
      if (manager instanceof X509ExtendedKeyManager pairs) {
        checkPairs(pairs, certificate, key);
        return pairs;
      }
    }
    throw new GeneralSecurityException("this JDK cannot use " + key);
  }

  /** The JDK would find out with the first client, who would be told of a broken handshake. */
  private static void checkPairs(X509KeyManager pairs, Path certificate, Path key)
      throws GeneralSecurityException {
    for (String kind : SIGNATURES.keySet()) {
      String[] aliases = pairs.getServerAliases(kind, null);
      for (String alias : aliases == null ? new String[0] : aliases) {
        PublicKey known = pairs.getCertificateChain(alias)[0].getPublicKey();
        if (!isPair(pairs.getPrivateKey(alias), known)) {
          throw new GeneralSecurityException(key + " is not the key of " + certificate);
        }
      }
    }
  }

  private static boolean isPair(PrivateKey key, PublicKey known) throws GeneralSecurityException {
    String algorithm = SIGNATURES.get(key.getAlgorithm());
    if (algorithm == null) {
      return true; // nobody can tell
    } else if (!key.getAlgorithm().equals(known.getAlgorithm())) {
      return false;
    }
    byte[] any = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(any);
    byte[] signed = signature.sign();
    signature.initVerify(known);
    signature.update(any);
    return signature.verify(signed);
  }

  /** Puts it on a fresh connection, whose handshake others have to time. */
  void install(Channel channel) {
    SslHandler handler = context.newHandler(channel.alloc());
    if (byName) {
      CertificatesByName.rememberNames(handler.engine());
    }
    handler.setHandshakeTimeoutMillis(0);
    channel.pipeline().addFirst(handler);
  }
}
