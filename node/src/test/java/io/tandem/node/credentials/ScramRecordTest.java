package io.tandem.node.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramRecordTest {

  private static final String RECORD =
      "kdf=pbkdf2,iterations=4096,salt=W22ZaJ0SNY7soEsUEjb6gQ=="
          + ",storedKey=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
          + ",serverKey=wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

  /** RFC 7677, 3; and one of the catalogue. */
  @ParameterizedTest
  @Conformance({"AUTH-SCRAM-07", "AUTH-SCRAM-08"})
  @CsvSource({
    "W22ZaJ0SNY7soEsUEjb6gQ==, WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
        + " wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    "aBc+fx0NAVA=, 0fCr7EYY8YwoS0VQMtES7YBGB7DlELfCsFIeOvlTzkc=,"
        + " aCtxeIoGuHVmsyd50QLzSXZWPgYI9rjZqGZ7ldyNmc4="
  })
  void knownRecordsAreMade(String salt, String storedKey, String serverKey) {
    byte[] octets = Base64.getDecoder().decode(salt);
    byte[] salted = Kdf.PBKDF2.stretch("pencil", octets, 4096, 0, 32);
    assertThat(ScramRecord.of(Kdf.PBKDF2, 4096, 0, octets, salted).text())
        .isEqualTo(
            "kdf=pbkdf2,iterations=4096,salt="
                + salt
                + ",storedKey="
                + storedKey
                + ",serverKey="
                + serverKey);
  }

  /** Made by the reference implementation: argon2 somesalt -id -v 13 -t 2 -k 65536 -p 1 -l 32. */
  @Test
  @Conformance("AUTH-SCRAM-06")
  void argonIsThatOfOthers() {
    assertThat(
            HexFormat.of()
                .formatHex(
                    Kdf.ARGON2ID13.stretch("password", Hashes.utf8("somesalt"), 2, 65_536, 32)))
        .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
  }

  @Test
  void textIsReadAsItIsWritten() {
    assertThat(Objects.requireNonNull(ScramRecord.parse(RECORD + "\n")).text()).isEqualTo(RECORD);
    String argon = RECORD.replace("pbkdf2,iterations=4096", "argon2id13,iterations=3,memory=65536");
    assertThat(Objects.requireNonNull(ScramRecord.parse(argon)).text()).isEqualTo(argon);
    assertThat(ScramRecord.parse(RECORD)).isEqualTo(ScramRecord.parse(RECORD));
    assertThat(String.valueOf(ScramRecord.parse(RECORD))).doesNotContain("WG5d8o", "wfPLwc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pencil",
        "kdf=pbkdf2",
        "kdf=pbkdf2,iterations=4095",
        "kdf=pbkdf2,iterations=10000001",
        "kdf=pbkdf2,iterations=many",
        "kdf=pbkdf2,iterations=4096,memory=8",
        "kdf=argon2id13,iterations=3",
        "kdf=argon2id13,iterations=3,memory=7",
        "kdf=argon2i,iterations=3,memory=8",
        "kdf=pbkdf2,kdf=pbkdf2,iterations=4096",
        "kdf=pbkdf2,iterations=4096,cost=1",
        "kdf=pbkdf2,iterations=4096,"
      })
  void whatIsNoRecordIsNotRead(String head) {
    String rest = RECORD.substring(RECORD.indexOf(",salt="));
    assertThat(ScramRecord.parse("kdf=pbkdf2,iterations=4096" + rest)).isNotNull();
    assertThat(ScramRecord.parse(head + rest)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "salt=W22ZaJ0SNY7soEsUEjb6gQ==, salt=W22Z",
    "salt=W22ZaJ0SNY7soEsUEjb6gQ==, salt=W22ZaJ0SNY7soEsUEj%6gQ==",
    "storedKey=WG5d8oPm, storedKey=",
    "storedKey=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=, serverKey=wfPLwcE6nTWhTAmQ"
  })
  void recordThatIsDamagedIsNotRead(String part, String damaged) {
    assertThat(ScramRecord.parse(RECORD.replace(part, damaged))).isNull();
  }

  @Test
  @Conformance("AUTH-SCRAM-15")
  void namesAndPasswordsAreComparedBySaslPrep() {
    assertThat(Sasl.prepare("I\u00adX")).isEqualTo("IX");
    assertThat(Sasl.prepare("\u2168")).isEqualTo("IX");
    assertThat(Sasl.prepare("user")).isEqualTo("user");
    assertThat(Sasl.prepare("USER")).isEqualTo("USER");
    assertThat(Sasl.prepare("\u00aa")).isEqualTo("a");
    assertThat(Sasl.prepare("\u0007")).isNull();
    assertThat(Sasl.prepare("\u06271")).isNull();
  }
}
