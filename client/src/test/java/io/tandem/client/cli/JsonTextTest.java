package io.tandem.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @Test
  void jsonBecomesItsValue() {
    assertThat(JsonText.valueOf("5")).isEqualTo(5L);
    assertThat(JsonText.valueOf(" -1.5 ")).isEqualTo(-1.5);
    assertThat(JsonText.valueOf("true")).isEqualTo(true);
    assertThat(JsonText.valueOf("null")).isNull();
    assertThat(JsonText.valueOf("\"5\"")).isEqualTo("5");
    assertThat(JsonText.valueOf("[1, {\"a\": null}]"))
        .isEqualTo(List.of(1L, java.util.Collections.singletonMap("a", null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "word",
        "two words",
        "1,2",
        "5 6",
        "[1",
        "1]",
        "],[",
        "1],{\"a\":1",
        "1],{\"a\":[1",
        "{a:1}",
        "'x'",
        "\\",
        "\"",
        "@file",
        "01",
        "a\nb"
      })
  void anythingElseStaysText(String text) {
    assertThat(JsonText.valueOf(text)).isEqualTo(text);
  }

  @Test
  void documentIsAnArrayAnObjectOrBoth() {
    assertThat(JsonText.document(Arguments.none())).isEqualTo("[]");
    assertThat(JsonText.document(Arguments.of(1, "two", null))).isEqualTo("[1,\"two\",null]");
    assertThat(JsonText.document(Arguments.none().with("a", 1))).isEqualTo("{\"a\":1}");
    assertThat(JsonText.document(Arguments.of(1).with("a", List.of())))
        .isEqualTo("{\"args\":[1],\"kwargs\":{\"a\":[]}}");
  }

  @Test
  void wordsBecomeArguments() {
    Arguments arguments =
        JsonText.arguments(Arrays.asList("1", "x", "null"), Map.of("k", "{\"a\":1}"));
    assertThat(arguments.args()).isEqualTo(Arrays.asList(1L, "x", null));
    assertThat(arguments.kwargs()).isEqualTo(Map.of("k", Map.of("a", 1L)));
  }
}
