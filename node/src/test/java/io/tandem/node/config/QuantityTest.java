package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({"500ms, 500", "5s, 5000", "90s, 90000", "2m, 120000", "1h, 3600000", "0s, 0"})
  void durationIsANumberAndItsUnit(String text, long millis) {
    assertThat(Quantity.DURATION.parse(text)).hasValue(millis);
    assertThat(Quantity.DURATION.format(millis)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0B, 0", "512B, 512", "64KiB, 65536", "1MiB, 1048576", "2GiB, 2147483648"})
  void sizeIsANumberAndItsUnit(String text, long bytes) {
    assertThat(Quantity.SIZE.parse(text)).hasValue(bytes);
    assertThat(Quantity.SIZE.format(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "5 s", "1.5s", "-5s", "+5s", "5S", "5d", "1KB", "1k", "1kib", "٣s"})
  void anythingElseIsNone(String text) {
    assertThat(Quantity.DURATION.parse(text)).isEmpty();
    assertThat(Quantity.SIZE.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"999999999h, 999999999", "1000000000h, -1"})
  void nineDigitsNeverOverflow(String text, long hours) {
    assertThat(Quantity.DURATION.parse(text).orElse(-3_600_000)).isEqualTo(hours * 3_600_000);
  }
}
