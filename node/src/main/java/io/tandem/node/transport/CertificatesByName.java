package io.tandem.node.transport;

import io.tandem.node.config.TlsConfig;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows a client the certificate of the name that it asks for (RFC 6066, 3), or the first one: when
 * it asks for none or for one that nobody has. A name as it stands goes before one with a wildcard.
 * Any thread.
 */
final class CertificatesByName extends X509ExtendedKeyManager {

  private static final int DEFAULT = 0;

  /**
   * Whatever a client asks for. Where an engine has one, the JDK keeps with a session the name that
   * it was for, and resumes it for no other, as RFC 6066 wants it.
   */
  private static final SNIMatcher ANY =
      new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
        @Override
        public boolean matches(SNIServerName asked) {
          return true;
        }
      };

  /** Each with the certificates of one entry, the default first. */
  private final List<X509ExtendedKeyManager> entries = new ArrayList<>();

  /** Which entry a name has; the rest of one with a wildcard begins with a dot. */
  private final Map<String, Integer> names = new HashMap<>();

  CertificatesByName(X509ExtendedKeyManager byDefault) {
    entries.add(byDefault);
  }

  void add(TlsConfig.Named named, X509ExtendedKeyManager keys) {
    named.names().forEach(name -> names.put(withoutStar(name), entries.size()));
    entries.add(keys);
  }

  private static String withoutStar(String name) {
    return name.startsWith("*.") ? name.substring(1) : name;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    int entry = entry(engine.getHandshakeSession());
    String alias = entries.get(entry).chooseEngineServerAlias(keyType, issuers, engine);
    return alias == null ? null : entry + ":" + alias;
  }

  private int entry(@Nullable SSLSession session) {
    String name = session instanceof ExtendedSSLSession asked ? name(asked) : null;
    if (name == null) {
      return DEFAULT;
    }
    Integer exact = names.get(name);
    int dot = name.indexOf('.');
    return exact != null || dot < 1
        ? (exact == null ? DEFAULT : exact)
        : names.getOrDefault(name.substring(dot), DEFAULT);
  }

  private static @Nullable String name(ExtendedSSLSession session) {
    for (SNIServerName asked : session.getRequestedServerNames()) {
      if (asked.getType() == StandardConstants.SNI_HOST_NAME) {
        try {
          return new SNIHostName(asked.getEncoded()).getAsciiName().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException noName) {
          return null;
        }
      }
    }
    return null;
  }

  /** To be called with each engine that uses these. */
  static void rememberNames(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setSNIMatchers(List.of(ANY));
    engine.setSSLParameters(parameters);
  }

  // ---- what was chosen ----

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return chosen(alias).getCertificateChain(own(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return chosen(alias).getPrivateKey(own(alias));
  }

  private X509ExtendedKeyManager chosen(String alias) {
    return entries.get(Integer.parseInt(alias.substring(0, alias.indexOf(':'))));
  }

  private static String own(String alias) {
    return alias.substring(alias.indexOf(':') + 1);
  }

  // ---- what an engine of a server does not ask for ----

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
