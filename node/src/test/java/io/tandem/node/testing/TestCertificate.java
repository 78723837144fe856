package io.tandem.node.testing;

import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for 127.0.0.1 that signs itself, made by the JDK's own tool.
 *
 * @param certificate PEM
 * @param key PEM, PKCS #8
 */
public record TestCertificate(Path certificate, Path key, KeyStore store) {

  private static final String PASSWORD = "not a secret";
  private static final String NAME = "node";

  /** Makes one with its files in the directory. */
  public static TestCertificate in(Path directory) {
    return named(directory, NAME, "CN=127.0.0.1", "-ext", "SAN=ip:127.0.0.1");
  }

  /**
   * Makes one of somebody.
   *
   * @param name of its files
   * @param subject its holder
   * @param more for keytool, such as {@code -ext SAN=dns:a.example.com}
   */
  public static TestCertificate named(Path directory, String name, String subject, String... more) {
    Path file = directory.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                NAME,
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    command.addAll(List.of(more));
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new AssertionError(said);
      }
      KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
      return new TestCertificate(
          pem(
              directory.resolve(name + ".crt"),
              "CERTIFICATE",
              store.getCertificate(NAME).getEncoded()),
          pem(
              directory.resolve(name + ".key"),
              "PRIVATE KEY",
              store.getKey(NAME, PASSWORD.toCharArray()).getEncoded()),
          store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Path pem(Path file, String type, byte[] content) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }

  /** Trusts this certificate and no other. */
  public PemTrustOptions trust() {
    return new PemTrustOptions().addCertPath(certificate.toString());
  }

  /** A TLS connection on loopback that trusts this certificate. */
  public ByteClient.Line connect(int port) {
    try {
      return over(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** TLS over a connection that is open; the client has this certificate too. */
  public ByteClient.Line over(Socket plain) {
    try {
      return ByteClient.Line.of(
          context().getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** TLS of somebody who has this certificate, and trusts it and no other. */
  public SSLContext context() {
    return context(store);
  }

  private SSLContext context(KeyStore trusted) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** TLS of the holder of this certificate, who trusts the other one and no more. */
  public SSLContext contextTrusting(TestCertificate other) {
    return context(other.store);
  }

  /** The certificate itself. */
  public X509Certificate x509() {
    try {
      return (X509Certificate) store.getCertificate(NAME);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** How it is signed, such as {@code SHA256withRSA}. */
  public String signature() {
    return x509().getSigAlgName();
  }
}
