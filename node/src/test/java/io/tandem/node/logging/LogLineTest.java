package io.tandem.node.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the node's own logging makes of words that clients say. */
class LogLineTest {

  private static String written(@Nullable Throwable failure, String format, Object... arguments)
      throws Exception {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogLineTest.class.getResource("/logback.xml"));
    Logger logger = context.getLogger("io.tandem.Test");
    ConsoleAppender<ILoggingEvent> appender =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    byte[] line =
        appender
            .getEncoder()
            .encode(new LoggingEvent("x", logger, Level.INFO, format, failure, arguments));
    context.stop();
    return new String(line, StandardCharsets.UTF_8);
  }

  @Test
  void wordsOfAClientStayOnTheirLine() throws Exception {
    String line =
        written(null, "refused: {}", "realm\n12:00:00.000 INFO Node all is well\r\u001b[2J\u2028");

    assertThat(line.lines()).hasSize(1);
    assertThat(line)
        .endsWith("refused: realm\\n12:00:00.000 INFO Node all is well\\r\\u001b[2J\\u2028\n");
  }

  @Test
  void messagesOfFailuresStayOnTheirLinesAndStackTracesAreKept() throws Exception {
    Exception cause = new IllegalStateException("inner\n\tat forged.Frame(1)");
    Exception failure = new RuntimeException("outer\u001b[31m", cause);
    failure.addSuppressed(new RuntimeException("beside\nforged"));

    assertThat(written(failure, "failed"))
        .contains("failed\n")
        .contains("java.lang.RuntimeException: outer\\u001b[31m\n")
        .contains("Caused by: java.lang.IllegalStateException: inner\\n\\tat forged.Frame(1)\n")
        .contains("Suppressed: java.lang.RuntimeException: beside\\nforged\n")
        .contains("\n\tat io.tandem.node.logging.LogLineTest");
  }

  @Test
  void wordsOfAClientHaveAnEnd() throws Exception {
    String much = "x".repeat(1 << 20);
    String lines = written(new RuntimeException(much), "refused: {}", much);

    assertThat(lines.lines()).allMatch(line -> line.length() < 5_000);
    assertThat(lines.lines().filter(line -> line.endsWith("xxx..."))).hasSize(2);
  }
}
