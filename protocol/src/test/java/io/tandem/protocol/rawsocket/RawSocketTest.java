package io.tandem.protocol.rawsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.rawsocket.RawSocketHandshake.Refusal;
import io.tandem.protocol.wire.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The octets of RawSocket, as the specification draws them. */
class RawSocketTest {

  private static int octets(String hex) {
    return Integer.parseUnsignedInt(hex, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "JSON, 16777216, 7ff10000, 16777216, 16777215",
    "MSGPACK, 1000, 7f020000, 512, 512",
    "CBOR, 1024, 7f130000, 1024, 1024"
  })
  void handshakeAnnouncesSerializerAndThePowerOfTwoBelowTheLimit(
      Serializer serializer, int limit, String hex, int announced, int sendLimit) {
    RawSocketHandshake handshake = RawSocketHandshake.of(serializer, limit);
    assertThat(handshake.octets()).isEqualTo(octets(hex));
    assertThat(handshake.isRawSocket()).isTrue();
    assertThat(handshake.hasReservedOctets()).isFalse();
    assertThat(handshake.serializer()).isEqualTo(serializer);
    assertThat(handshake.limit()).isEqualTo(announced);
    assertThat(handshake.sendLimit()).isEqualTo(sendLimit);
  }

  @ParameterizedTest
  @CsvSource({
    "SERIALIZER, 7f100000, serializer not supported",
    "LENGTH, 7f200000, maximum message length not acceptable",
    "RESERVED, 7f300000, reserved bits used",
    "CONNECTIONS, 7f400000, connection limit reached"
  })
  void refusalHasItsCodeAndWords(Refusal refusal, String hex, String words) {
    RawSocketHandshake handshake = RawSocketHandshake.refusing(refusal);
    assertThat(handshake.octets()).isEqualTo(octets(hex));
    assertThat(handshake.serializerNumber()).isZero();
    assertThat(handshake.refusal()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"7f000000, error code 0", "7f500000, error code 5", "7ff00000, error code 15"})
  void refusalOfAnotherKindIsToldByItsCode(String hex, String words) {
    assertThat(new RawSocketHandshake(octets(hex)).refusal()).isEqualTo(words);
  }

  @Test
  void whatTheHandshakeDoesNotSpeakIsSeen() {
    assertThat(new RawSocketHandshake(octets("48545450")).isRawSocket()).isFalse();
    assertThat(new RawSocketHandshake(octets("7ff40000")).serializer()).isNull();
    assertThat(new RawSocketHandshake(octets("7ff10001")).hasReservedOctets()).isTrue();
    assertThat(new RawSocketHandshake(octets("7ff10100")).hasReservedOctets()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "00000000, MESSAGE, 0",
    "00000102, MESSAGE, 258",
    "00ffffff, MESSAGE, 16777215",
    "08000000, MESSAGE, 16777216",
    "01000003, PING, 3",
    "02000000, PONG, 0",
    "0a000000, PONG, 16777216"
  })
  void headTellsTypeAndLength(String hex, FrameType type, int length) {
    int head = octets(hex);
    assertThat(FrameHead.isValid(head)).isTrue();
    assertThat(FrameHead.type(head)).isEqualTo(type);
    assertThat(FrameHead.length(head)).isEqualTo(length);
    if (length < FrameHead.LONGEST) {
      assertThat(FrameHead.of(type, length)).isEqualTo(head);
    }
  }

  @ParameterizedTest
  @CsvSource({"10000001", "80000000", "03000001", "07000000", "08000001", "0b000000"})
  void headWithReservedBitsOrBeyondTheLongestIsNone(String hex) {
    assertThat(FrameHead.isValid(octets(hex))).isFalse();
  }
}
