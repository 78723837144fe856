package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {

  @Test
  void plainTextStaysAsItIs() {
    String text = "Gr\u00fc\u00dfe, \u4f60\u597d \ud83d\ude00 \\n \"quoted\" ~";
    assertThat(OneLine.of(text)).isSameAs(text);
  }

  @Test
  void whatIsNoPlainTextIsEscaped() {
    assertThat(OneLine.of("a\r\nb\tc\u001b[31m\u0000\u007f\u009b\u0085"))
        .isEqualTo("a\\r\\nb\\tc\\u001b[31m\\u0000\\u007f\\u009b\\u0085");
    assertThat(OneLine.of("\u2028\u2029\u202e\u2066\u200f\u061c"))
        .isEqualTo("\\u2028\\u2029\\u202e\\u2066\\u200f\\u061c");
  }
}
