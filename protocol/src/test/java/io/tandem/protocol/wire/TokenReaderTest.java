package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tandem.testing.Conformance;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each serializer's reader accepts, and above all what it refuses. */
class TokenReaderTest {

  private static Object json(String text) throws MalformedException {
    return read(Serializer.JSON, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Object read(Serializer serializer, String hex) throws MalformedException {
    return read(serializer, HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static Object read(Serializer serializer, byte[] bytes) throws MalformedException {
    TokenReader reader = TokenReader.of(serializer, DecodeLimits.DEFAULT);
    reader.reset(bytes, 0, bytes.length);
    reader.next();
    Object value = JavaValues.readStrictly(reader);
    reader.finish();
    return value;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "]",
        "{",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,,2]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{1:2}",
        "{null:1}",
        "{'a':1}",
        "[1}",
        "{\"a\":1]",
        "[1][2]",
        "1 2",
        "nul",
        "nulll",
        "True",
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "+1",
        "-",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "1.e1",
        "0x10",
        "--1",
        "1_0",
        "// c\n1",
        "/* c */1",
        "\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u123g\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\uFEFF1",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud800x\"",
        "\"\\u0000not base64!\"",
        "\"\\u0000QQ\"",
        "\"\\u0000A===\"",
        "{\"a\":1,\"a\":2}",
        "\u00a01",
        "\"\\u\uff11\uff11\uff11\uff11\""
      })
  void jsonOutsideOfTheGrammarIsRefused(String text) {
    assertThatThrownBy(() -> json(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void jsonOfTheGrammarIsRead() throws Exception {
    assertThat(json(" [ 0 , -0 , 1.5e3 , 1E-2 , \"\\u00e9\\ud83d\\ude00\\/\" , { } , [ ] ] \r\n\t"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .containsExactly(0L, 0L, 1500.0, 0.01, "é😀/", java.util.Map.of(), List.of());
    assertThat(json("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(json("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
    assertThat(json("9223372036854775808")).hasToString("9223372036854775808");
    assertThat(json("-99999999999999999999")).hasToString("-99999999999999999999");
  }

  @Test
  @Conformance("SER-05")
  void jsonStringWithLeadingNulIsBinary() throws Exception {
    assertThat(json("\"\\u0000EOP/kFMHXFJvX8BtT+N82w==\""))
        .isEqualTo(HexFormat.of().parseHex("10e3ff9053075c526f5fc06d4fe37cdb"));
    assertThat(json("\"\\u0000EOP\\/kFMHXFJvX8BtT+N82w==\""))
        .isEqualTo(HexFormat.of().parseHex("10e3ff9053075c526f5fc06d4fe37cdb"));
    assertThat(json("\"\\u0000\"")).isEqualTo(new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c1",
        "91",
        "92 01",
        "81 a1 61",
        "81 01 02",
        "81 c0 02",
        "81 c4 01 61 02",
        "a2 61",
        "d9 05 61",
        "db ff ff ff ff 61",
        "dd ff ff ff ff",
        "dd 7f ff ff ff 01",
        "df ff ff ff ff",
        "c6 ff ff ff ff",
        "c9 ff ff ff ff 01",
        "c7 01 01",
        "01 02",
        "a1 80",
        "a2 c0 80",
        "a3 ed a0 80",
        "a4 f4 90 80 80",
        "a3 e0 80 80",
        "a4 f0 80 80 80",
        "a1 ff",
        "a2 c3 28",
        "cf 01",
        "cb 01",
        "82 a1 61 01 a1 61 02"
      })
  void malformedMessagePackIsRefused(String hex) {
    assertThatThrownBy(() -> read(Serializer.MSGPACK, hex)).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "81",
        "82 01",
        "a1 61 61",
        "a1 01 02",
        "a1 f6 02",
        "a1 41 61 02",
        "62 61",
        "1c",
        "1d",
        "1e",
        "1f",
        "3f",
        "df 01",
        "ff",
        "9b ff ff ff ff ff ff ff ff",
        "9a 7f ff ff ff",
        "bb 40 00 00 00 00 00 00 00",
        "5b 7f ff ff ff ff ff ff ff",
        "7b ff ff ff ff ff ff ff ff",
        "9f 01",
        "bf 61 61 ff",
        "bf 01 02 ff",
        "7f 41 61 ff",
        "5f 61 61 ff",
        "7f 7f 61 61 ff ff",
        "7f 62 c3 ff",
        "f8 00",
        "f8 1f",
        "fc",
        "fe",
        "c1",
        "c1 ff",
        "9f c1 ff",
        "61 80",
        "62 c0 80",
        "63 ed a0 80",
        "01 02",
        "a2 61 61 01 61 61 02",
        "81 ff"
      })
  void malformedCborIsRefused(String hex) {
    assertThatThrownBy(() -> read(Serializer.CBOR, hex)).isInstanceOf(MalformedException.class);
  }

  @Test
  @Conformance("SER-04")
  void cborOfIndefiniteLengthIsRead() throws Exception {
    assertThat(read(Serializer.CBOR, "9f 01 9f ff 82 02 03 bf 61 61 01 7f 61 62 61 63 ff 02 ff ff"))
        .isEqualTo(List.of(1L, List.of(), List.of(2L, 3L), java.util.Map.of("a", 1L, "bc", 2L)));
    assertThat(read(Serializer.CBOR, "5f 41 01 40 42 02 03 ff")).isEqualTo(new byte[] {1, 2, 3});
  }

  @Test
  void cborNumbersOfEveryFormAreRead() throws Exception {
    assertThat(read(Serializer.CBOR, "1b 00 00 00 00 00 00 00 05")).isEqualTo(5L);
    assertThat(read(Serializer.CBOR, "1b ff ff ff ff ff ff ff ff"))
        .hasToString("18446744073709551615");
    assertThat(read(Serializer.CBOR, "3b ff ff ff ff ff ff ff ff"))
        .hasToString("-18446744073709551616");
    assertThat(read(Serializer.CBOR, "3b 7f ff ff ff ff ff ff ff")).isEqualTo(Long.MIN_VALUE);
    assertThat(read(Serializer.CBOR, "c2 49 01 00 00 00 00 00 00 00 00"))
        .hasToString("18446744073709551616");
    assertThat(read(Serializer.CBOR, "c3 49 01 00 00 00 00 00 00 00 00"))
        .hasToString("-18446744073709551617");
    assertThat(read(Serializer.CBOR, "f9 3c 00")).isEqualTo(1.0);
    assertThat(read(Serializer.CBOR, "f9 c4 00")).isEqualTo(-4.0);
    assertThat(read(Serializer.CBOR, "f9 00 01")).isEqualTo(0x1p-24);
    assertThat(read(Serializer.CBOR, "f9 7b ff")).isEqualTo(65504.0);
    assertThat(read(Serializer.CBOR, "f9 fc 00")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(read(Serializer.CBOR, "f9 7e 00")).isEqualTo(Double.NaN);
    assertThat(read(Serializer.CBOR, "fa 47 c3 50 00")).isEqualTo(100000.0);
  }

  @Test
  void messagePackNumbersOfEveryFormAreRead() throws Exception {
    assertThat(
            read(
                Serializer.MSGPACK,
                "9b cc ff cd ff ff ce ff ff ff ff d0 ff d1 ff fe d2 ff ff ff"
                    + " fd d3 ff ff ff ff ff ff ff fc e0 7f ca 3f c0 00 00 cf 00 00 00 00 00 00 00 01"))
        .isEqualTo(List.of(255L, 65535L, 4294967295L, -1L, -2L, -3L, -4L, -32L, 127L, 1.5, 1L));
    assertThat(read(Serializer.MSGPACK, "cf ff ff ff ff ff ff ff ff"))
        .hasToString("18446744073709551615");
  }

  @Test
  @Conformance("SER-03")
  void messagePackTellsTextFromBinary() throws Exception {
    assertThat(read(Serializer.MSGPACK, "a1 61")).isEqualTo("a");
    assertThat(read(Serializer.MSGPACK, "c4 01 61")).isEqualTo(new byte[] {0x61});
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void nestingBeyondTheLimitIsRefused(String opening) {
    assertThatThrownBy(() -> json(opening.repeat(1 << 20)))
        .isInstanceOf(MalformedException.class)
        .hasMessage("nested deeper than 64");
  }

  @Test
  void nestingUpToTheLimitIsRead() throws Exception {
    assertThat(json("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
  }

  @Test
  void elementsBeyondTheLimitAreRefused() {
    DecodeLimits narrow = new DecodeLimits(8, 3, 20);
    for (var sample :
        List.of(
            new Object[] {Serializer.JSON, "[1,2,3,4]".getBytes(StandardCharsets.UTF_8)},
            new Object[] {
              Serializer.JSON, "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}".getBytes(StandardCharsets.UTF_8)
            },
            new Object[] {
              Serializer.JSON, "123456789012345678901".getBytes(StandardCharsets.UTF_8)
            },
            new Object[] {Serializer.MSGPACK, new byte[] {(byte) 0x94, 1, 2, 3, 4}},
            new Object[] {Serializer.CBOR, HexFormat.of().parseHex("9f01020304ff")},
            new Object[] {
              Serializer.CBOR, HexFormat.of().parseHex("bf616101616202616303616404ff")
            })) {
      byte[] bytes = (byte[]) sample[1];
      TokenReader reader = TokenReader.of((Serializer) sample[0], narrow);
      reader.reset(bytes, 0, bytes.length);
      assertThatThrownBy(
              () -> {
                reader.next();
                reader.skipRest();
              })
          .as("%s %s", sample[0], HexFormat.of().formatHex(bytes))
          .isInstanceOf(MalformedException.class);
    }
  }

  /** The JDK's decoder says what UTF-8 is: every pair of first octets, with endings that fit. */
  @Test
  @Conformance("SER-08")
  void textIsRefusedExactlyWhereTheJdkRefusesIt() {
    byte[][] endings = {{}, {(byte) 0x80}, {(byte) 0xBF, (byte) 0xBF}, {(byte) 0x80, 0x7F}};
    for (int first = 0; first <= 0xFFFF; first++) {
      for (byte[] ending : endings) {
        byte[] octets = Arrays.copyOf(new byte[] {(byte) (first >> 8), (byte) first}, 4);
        System.arraycopy(ending, 0, octets, 2, ending.length);
        octets = Arrays.copyOf(octets, 2 + ending.length);
        if (isAccepted(octets) != isUtf8(octets)) {
          fail(HexFormat.of().formatHex(octets));
        }
      }
    }
  }

  private static boolean isAccepted(byte[] octets) {
    try {
      Utf8.check(octets, 0, octets.length);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  private static boolean isUtf8(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).limit() > 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
