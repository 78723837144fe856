package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.proof.NodeTls;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ClusterTlsConfig;
import io.tandem.node.config.Configurations;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Conformance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What it prints is what a configuration takes. */
class KeygenCommandTest {

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int keygen(String input, String... args) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    return new CommandLine(new KeygenCommand(console, in)).execute(args);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void clusterGetsASecretAnAuthorityAndACertificateForEachNodeThatOnlyTheOwnerReads()
      throws Exception {
    Path there = directory.resolve("cluster");
    assertThat(keygen("", "cluster", there.toString(), "--node=a", "--node=b")).isZero();
    try (Stream<Path> files = Files.list(there)) {
      assertThat(files)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"))
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder(
              "secret", "ca.crt", "ca.key", "a.crt", "a.key", "b.crt", "b.key");
    }
    for (String line : printed().lines().toList()) {
      ClusterConfig cluster =
          Objects.requireNonNull(
              Configurations.parse("test.yaml", TestNode.LISTENER + TestNode.REALM + line)
                  .cluster());
      assertThat(Objects.requireNonNull(cluster.secret()).value()).hasSize(44);
      ClusterTlsConfig tls = Objects.requireNonNull(cluster.tls());
      assertThat(NodeTls.of(tls.certificate(), tls.key(), tls.ca())).isNotNull();
    }
    assertThat(printed().lines()).hasSize(2);
  }

  @Test
  void authorityThatIsThereSignsForFurtherNodesAndNothingIsWrittenOver() throws Exception {
    String there = directory.resolve("cluster").toString();
    assertThat(keygen("", "cluster", there, "--node=a")).isZero();
    String authority = Files.readString(Path.of(there, "ca.crt"));
    String secret = Files.readString(Path.of(there, "secret"));

    assertThat(keygen("", "cluster", there, "--node=b")).isZero();
    assertThat(Path.of(there, "ca.crt")).hasContent(authority);
    assertThat(Path.of(there, "secret")).hasContent(secret);
    assertThat(signer(Path.of(there, "b.crt"))).isEqualTo(signer(Path.of(there, "a.crt")));

    assertThat(keygen("", "cluster", there, "--node=c", "--node=a")).isOne();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("a.crt is there already");
    assertThat(Path.of(there, "c.crt")).doesNotExist();
    assertThat(keygen("", "cluster", there, "--node=ca")).isEqualTo(2);
    assertThat(keygen("", "cluster", there, "--node=../x")).isEqualTo(2);
  }

  private static String signer(Path certificate) throws Exception {
    try (InputStream in = Files.newInputStream(certificate)) {
      return ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in))
          .getIssuerX500Principal()
          .getName();
    }
  }

  private static ScramRecord stretched(ScramRecord like, String password) {
    return ScramRecord.of(
        like.kdf(),
        like.iterations(),
        like.memory(),
        like.salt(),
        like.kdf().stretch(password, like.salt(), like.iterations(), like.memory(), 32));
  }

  @Test
  @Conformance({"AUTH-SCRAM-06", "AUTH-SCRAM-15"})
  void recordIsThatOfThePreparedPassword() {
    assertThat(keygen("p\u00adencil\n", "scram", "--iterations=1", "--memory=64")).isZero();
    ScramRecord argon = Objects.requireNonNull(ScramRecord.parse(printed()));
    assertThat(argon.kdf()).isEqualTo(Kdf.ARGON2ID13);
    assertThat(argon).isEqualTo(stretched(argon, "pencil"));
    assertThat(printed()).doesNotContain("pencil");

    assertThat(keygen("pencil", "scram", "--kdf=pbkdf2", "--iterations=4096")).isZero();
    ScramRecord pbkdf2 = Objects.requireNonNull(ScramRecord.parse(printed()));
    assertThat(pbkdf2).isEqualTo(stretched(pbkdf2, "pencil"));
    assertThat(pbkdf2.salt()).hasSize(16).isNotEqualTo(argon.salt());
  }

  @Test
  @Conformance("AUTH-SCRAM-17")
  void recordForAutobahnIsThatOfThePasswordAsItIsTyped() {
    String password = "p\u00adencil";
    assertThat(keygen(password, "scram", "--dialect=autobahn", "--iterations=1", "--memory=64"))
        .isZero();
    ScramRecord record = Objects.requireNonNull(ScramRecord.parse(printed()));
    assertThat(record.kdf().isAutobahns()).isTrue();
    assertThat(printed()).startsWith("kdf=argon2id-13,iterations=1,memory=64,");
    assertThat(record).isEqualTo(stretched(record, password));
    assertThat(keygen(password, "scram", "--dialect=autobahn", "--kdf=pbkdf2")).isEqualTo(2);
    assertThat(keygen(password, "scram", "--kdf=argon2id-13")).isEqualTo(2);
    assertThat(keygen(password, "scram", "--dialect=crossbar")).isEqualTo(2);
  }

  @Test
  void derivedKeyIsThatOfTheTextThatIsTold() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "pencil\r\n");
    assertThat(keygen("", "wampcra", file.toString())).isZero();
    Matcher told =
        Pattern.compile("salted: \\{salt: \"(.*)\", iterations: 1000, keyLength: 32}")
            .matcher(err.toString(StandardCharsets.UTF_8));
    assertThat(told.find()).isTrue();
    byte[] salt = told.group(1).getBytes(StandardCharsets.UTF_8);
    assertThat(Base64.getDecoder().decode(printed()))
        .isEqualTo(Kdf.PBKDF2.stretch("pencil", salt, 1000, 0, 32));
  }

  @Test
  void keyPairIsOne() {
    assertThat(keygen("", "cryptosign")).isZero();
    assertThat(printed()).matches("[0-9a-f]{64}");
    String told = err.toString(StandardCharsets.UTF_8).strip();
    String key = told.substring(told.lastIndexOf(' ') + 1);
    assertThat(Ed25519.key(HexFormat.of().parseHex(key))).isNotNull();
  }

  @Test
  void whatIsNoPasswordIsRefused() {
    for (String input : new String[] {"", "\n", "two\nlines\n", "\u0007\n"}) {
      assertThat(keygen(input, "scram", "--iterations=1", "--memory=64")).isEqualTo(1);
      assertThat(printed()).isEmpty();
    }
    assertThat(keygen("pencil", "scram", "--kdf=md5")).isEqualTo(2);
    assertThat(keygen("pencil", "scram", "--kdf=pbkdf2", "--iterations=1000")).isEqualTo(2);
    assertThat(keygen("pencil", "scram", "--memory=1")).isEqualTo(2);
    assertThat(keygen("pencil", "wampcra", "--iterations=1")).isEqualTo(2);
    assertThat(keygen("", "wampcra", directory.resolve("none").toString())).isEqualTo(1);
  }
}
