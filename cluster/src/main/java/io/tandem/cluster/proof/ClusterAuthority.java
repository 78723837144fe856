package io.tandem.cluster.proof;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates for the nodes of one cluster and for nobody else, with a key on P-256. For
 * development, tests, and clusters whose owner has no other authority. Any thread.
 */
public final class ClusterAuthority {

  /** Clocks of nodes may be behind. */
  private static final Duration SLACK = Duration.ofHours(1);

  private static final Duration OWN_LIFE = Duration.ofDays(3650);
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;

  private ClusterAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * A certificate with its key, both in PEM form.
   *
   * @param key a secret
   */
  public record Pem(String certificate, String key) {

    @Override
    public String toString() {
      return certificate;
    }
  }

  /** A new one, which lasts for ten years. */
  public static ClusterAuthority create() {
    KeyPair pair = pair();
    X500Principal name = new X500Principal("CN=Tandem cluster " + number().toString(16));
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              number(),
              Date.from(now.minus(SLACK)),
              Date.from(now.plus(OWN_LIFE)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return new ClusterAuthority(signed(builder, pair.getPrivate()), pair.getPrivate());
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One that was made before.
   *
   * @throws IOException when this is none
   */
  public static ClusterAuthority of(Pem pem) throws IOException {
    try {
      byte[] encoded =
          Base64.getMimeDecoder().decode(pem.key().replaceAll("-----[A-Z ]+-----", ""));
      return new ClusterAuthority(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(
                          pem.certificate().getBytes(StandardCharsets.US_ASCII))),
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("it is no authority with a key on P-256", e);
    }
  }

  /** What nodes need in order to believe those that this signs for, and what it signs with. */
  public Pem pem() {
    return pem(certificate, key);
  }

  /**
   * A certificate for a node.
   *
   * @param name one host name; it is for those who read it, nodes do not look at it
   * @param life from now on; it may be over already
   */
  public Pem issue(String name, Duration life) {
    KeyPair pair = pair();
    Instant end = Instant.now().plus(life);
    Instant begin = Instant.now().isBefore(end) ? Instant.now() : end;
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              certificate.getSubjectX500Principal(),
              number(),
              Date.from(begin.minus(SLACK)),
              Date.from(end),
              new X500Principal("CN=" + name),
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      return pem(signed(builder, key), pair.getPrivate());
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey by) {
    try {
      byte[] encoded = builder.build(new JcaContentSignerBuilder(ALGORITHM).build(by)).getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("every Java platform has these", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    }
  }

  private static BigInteger number() {
    return new BigInteger(120, RANDOM);
  }

  private static Pem pem(X509Certificate certificate, PrivateKey key) {
    try {
      return new Pem(
          pem("CERTIFICATE", certificate.getEncoded()), pem("PRIVATE KEY", key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it was read from octets", e);
    }
  }

  private static String pem(String label, byte[] octets) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, lines);
  }
}
