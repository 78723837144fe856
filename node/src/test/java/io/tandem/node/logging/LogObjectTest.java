package io.tandem.node.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/** What the node's own logging writes for programs. */
class LogObjectTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void configure() throws Exception {
    context.putProperty(LogFormat.VARIABLE, "json");
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogObjectTest.class.getResource("/logback.xml"));
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private String written(
      @Nullable Throwable failure, List<KeyValuePair> about, String format, Object... arguments) {
    ConsoleAppender<ILoggingEvent> appender =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    LoggingEvent event =
        new LoggingEvent(
            "x", context.getLogger("io.tandem.Test"), Level.WARN, format, failure, arguments);
    event.setKeyValuePairs(about);
    return new String(appender.getEncoder().encode(event), StandardCharsets.US_ASCII);
  }

  private static JsonNode parsed(String line) throws Exception {
    assertThat(line).endsWith("}\n").matches("[ -\\x7f]*\n");
    return JSON.readTree(line);
  }

  @Test
  void aLineIsAnObjectWithWhatItIsAbout() throws Exception {
    Instant before = Instant.now();
    LogFormat.ofNode("shop-1");

    JsonNode line =
        parsed(
            written(
                null,
                List.of(
                    new KeyValuePair("realm", "com.example.shop"),
                    new KeyValuePair("session", 9007199254740992L),
                    new KeyValuePair("cause", "slow_reader")),
                "{} has ended: {}",
                "Session 1",
                "slow_reader"));

    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly(
            "time", "level", "logger", "thread", "node", "message", "realm", "session", "cause");
    assertThat(Instant.parse(line.get("time").asText())).isBetween(before, Instant.now());
    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("logger").asText()).isEqualTo("io.tandem.Test");
    assertThat(line.get("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(line.get("node").asText()).isEqualTo("shop-1");
    assertThat(line.get("message").asText()).isEqualTo("Session 1 has ended: slow_reader");
    assertThat(line.get("realm").asText()).isEqualTo("com.example.shop");
    assertThat(line.get("session").longValue()).isEqualTo(9007199254740992L);
    assertThat(line.get("cause").asText()).isEqualTo("slow_reader");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\",\"level\":\"INFO\",\"node\":\"forged",
        "a\"}\n{\"time\":\"2026-01-01T00:00:00Z\",\"message\":\"all is well\"}",
        "\u001b[2J\u0085\u2028\u2029\u202e\u0000\u007f\\",
        "h\u00e4lf \ud83d and \ude00, whole \ud83d\ude00"
      })
  void wordsOfAClientStayInTheirField(String words) throws Exception {
    Exception failure = new IllegalStateException(words, new RuntimeException(words));

    JsonNode line =
        parsed(written(failure, List.of(new KeyValuePair("realm", words)), "refused: {}", words));

    assertThat(line.get("message").asText()).isEqualTo("refused: " + words);
    assertThat(line.get("realm").asText()).isEqualTo(words);
    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("exception").asText()).contains("\n\tat io.tandem.node.logging.");
    assertThat(line.get("exception").asText().lines())
        .filteredOn(trace -> !trace.startsWith("\tat ") && !trace.startsWith("\t... "))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("java.lang.IllegalStateException: ");
  }

  @Test
  void wordsOfAClientHaveAnEnd() throws Exception {
    String much = "x".repeat(1 << 20);
    RuntimeException failure = new RuntimeException(much);
    for (int i = 0; i < 100; i++) {
      failure = new RuntimeException(much, failure);
    }

    String line = written(failure, List.of(new KeyValuePair("realm", much)), "{}", much);

    assertThat(parsed(line).get("message").asText()).hasSizeLessThan(5_000).endsWith("xxx...");
    assertThat(parsed(line).get("realm").asText()).hasSizeLessThan(5_000).endsWith("xxx...");
    assertThat(line).hasSizeLessThan(100_000);
  }

  @Test
  void aFormatIsOneOfTwoWords() {
    assertThat(LogFormat.of("text")).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.of("json")).isEqualTo(LogFormat.JSON);
    assertThatThrownBy(() -> LogFormat.of("JSON"))
        .hasMessage("TANDEM_LOG_FORMAT must be text or json, not 'JSON'");
  }
}
