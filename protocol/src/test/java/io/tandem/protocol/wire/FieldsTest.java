package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields at the bounds of what each can say. */
class FieldsTest {

  private final ByteSink sink = new ByteSink();
  private final FieldWriter out = new FieldWriter(sink);

  private FieldReader in() {
    byte[] bytes = sink.toByteArray();
    return new FieldReader(bytes, 0, bytes.length);
  }

  private static FieldReader reader(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return new FieldReader(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "127, 1",
    "128, 2",
    "16383, 2",
    "16384, 3",
    "9223372036854775807, 9",
    "-1, 10",
    "-9223372036854775808, 10"
  })
  void numberTakesAnOctetForSevenBits(long value, int octets) throws Exception {
    out.number(value);
    assertThat(sink.length()).isEqualTo(octets);
    FieldReader in = in();
    assertThat(in.number()).isEqualTo(value);
    assertThat(in.atEnd()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "-1, 1",
    "63, 1",
    "-64, 1",
    "64, 2",
    "-65, 2",
    "9223372036854775807, 10",
    "-9223372036854775808, 10"
  })
  void signedNumberIsShortOnBothSidesOfZero(long value, int octets) throws Exception {
    out.signed(value);
    assertThat(sink.length()).isEqualTo(octets);
    assertThat(in().signed()).isEqualTo(value);
  }

  @Test
  void numberOfMoreThanTenOctetsIsNone() {
    int[] octets = new int[11];
    Arrays.fill(octets, 0x80);
    assertThatThrownBy(() -> reader(octets).number()).hasMessage("a number is too long");
  }

  @Test
  void fieldThatIsCutOffIsNone() {
    assertThatThrownBy(() -> reader().octet()).hasMessage("a field is cut off");
    assertThatThrownBy(() -> reader(0x80).number()).hasMessage("a field is cut off");
  }

  @Test
  void flagIsOneOfTwo() throws Exception {
    assertThat(reader(0).flag()).isFalse();
    assertThat(reader(1).flag()).isTrue();
    assertThatThrownBy(() -> reader(2).flag()).hasMessage("a flag is out of range");
  }

  @Test
  void numberIsBelowItsBoundAndNotNegative() throws Exception {
    assertThat(reader(0).below(5, "it")).isZero();
    assertThat(reader(4).below(5, "it")).isEqualTo(4);
    assertThatThrownBy(() -> reader(5).below(5, "it")).hasMessage("it is out of range");
    out.number(-1);
    assertThatThrownBy(() -> in().below(5, "it")).hasMessage("it is out of range");
  }

  @Test
  void sliceEndsWhereItsPieceEnds() throws Exception {
    FieldReader in = reader(2, 7, 8, 9);
    FieldReader piece = in.slice();
    assertThat(piece.remaining()).isEqualTo(2);
    assertThat(piece.octet()).isEqualTo(7);
    assertThat(piece.octet()).isEqualTo(8);
    assertThat(piece.atEnd()).isTrue();
    assertThatThrownBy(piece::octet).hasMessage("a field is cut off");
    assertThat(in.octet()).isEqualTo(9);

    assertThat(reader(1, 7).slice().remaining()).isEqualTo(1);
    assertThatThrownBy(() -> reader(2, 7).slice()).hasMessage("a length points beyond the end");
  }

  @Test
  void numbersAreAsManyAsTheySay() throws Exception {
    assertThat(reader(2, 7, 8, 9).numbers()).containsExactly(7, 8);
    assertThat(reader(0).numbers()).isEmpty();
    assertThatThrownBy(() -> reader(2, 7).numbers()).hasMessage("a count points beyond the end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "größe €"})
  void textIsUtf8(String text) throws Exception {
    out.text(text);
    out.flag(true);
    FieldReader in = in();
    assertThat(in.text()).isEqualTo(text);
    assertThat(in.flag()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, 0x0102030405060708L})
  void bitsAreEightOctets(long value) throws Exception {
    out.bits(value);
    assertThat(sink.length()).isEqualTo(8);
    assertThat(in().bits()).isEqualTo(value);
    assertThatThrownBy(() -> reader(1, 2, 3).bits()).hasMessage("a field is cut off");
  }

  @Test
  void constantIsItsPlaceInTheList() throws Exception {
    List<Serializer> constants = List.of(Serializer.CBOR, Serializer.JSON);
    out.constant(constants, Serializer.JSON);
    assertThat(sink.toByteArray()).containsExactly(1);
    assertThat(in().constant(constants)).isEqualTo(Serializer.JSON);
    assertThatThrownBy(() -> reader(2).constant(constants))
        .hasMessage("a constant is out of range");
  }
}
