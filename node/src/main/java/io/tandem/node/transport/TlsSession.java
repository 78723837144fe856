package io.tandem.node.transport;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.tandem.node.auth.TlsPeer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What the JDK tells of a TLS connection whose handshake is done; another one changes nothing. */
record TlsSession(SSLSession session) implements TlsPeer {

  private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
  private static final int EXPORTED_OCTETS = 32;

  /** From JDK 25 on; null on older ones. */
  private static final @Nullable Method EXPORTER = exporter();

  /** Null where the connection has no TLS. */
  static @Nullable TlsSession of(ChannelPipeline pipeline) {
    SslHandler handler = pipeline.get(SslHandler.class);
    return handler == null ? null : new TlsSession(handler.engine().getSession());
  }

  @Override
  public List<X509Certificate> certificates() {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
    return chain;
  }

  @Override
  public byte @Nullable [] binding(Binding type) {
    return switch (type) {
      case TLS_EXPORTER -> exported();
      case TLS_SERVER_END_POINT -> serverEndPoint();
    };
  }

  /** RFC 9266; of TLS 1.2 it would be safe with the extended master secret alone. */
  private byte @Nullable [] exported() {
    if (EXPORTER == null || !session.getProtocol().equals("TLSv1.3")) {
      return null;
    }
    try {
      return (byte[]) EXPORTER.invoke(session, EXPORTER_LABEL, new byte[0], EXPORTED_OCTETS);
    } catch (IllegalAccessException | InvocationTargetException notThere) {
      return null;
    }
  }

  private static @Nullable Method exporter() {
    try {
      return ExtendedSSLSession.class.getMethod(
          "exportKeyingMaterialData", String.class, byte[].class, int.class);
    } catch (NoSuchMethodException older) {
      return null;
    }
  }

  /** RFC 5929, 4.1: the hash of the certificate's signature, or a stronger one for the weak. */
  private byte @Nullable [] serverEndPoint() {
    Certificate[] own = session.getLocalCertificates();
    if (own == null || own.length == 0 || !(own[0] instanceof X509Certificate certificate)) {
      return null;
    }
    String hash = hash(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
    try {
      return hash == null ? null : MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    } catch (GeneralSecurityException unknown) {
      return null;
    }
  }

  /** Of names such as {@code SHA256withRSA}; null where the signature has no hash of its own. */
  private static @Nullable String hash(String signature) {
    int with = signature.indexOf("WITH");
    return switch (signature.substring(0, Math.max(0, with))) {
      case "MD5", "SHA1", "SHA", "SHA256" -> "SHA-256";
      case "SHA224" -> "SHA-224";
      case "SHA384" -> "SHA-384";
      case "SHA512" -> "SHA-512";
      default -> null;
    };
  }
}
