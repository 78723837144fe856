package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.credentials.Ed25519;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.testing.Conformance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
