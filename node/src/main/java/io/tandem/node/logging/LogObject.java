package io.tandem.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A log line as an object of JSON in ASCII: {@code time} (RFC 3339, UTC), {@code level}, {@code
 * logger}, {@code thread}, {@code node}, {@code message}, what else the line is about, such as
 * {@code realm}, {@code session} and {@code cause}, and {@code exception}. What it quotes of a
 * client can neither end the line nor the text that it is in. Any thread.
 */
public final class LogObject extends EncoderBase<ILoggingEvent> {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Marks of direction, escapes of terminals, halves of surrogates: all is plain then.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  /** In characters: stack traces of a chain of causes with hundreds of frames each. */
  private static final int LONGEST_TRACE = 64_000;

  private static final byte[] NOTHING = {};

  private final LogFailure failures = new LogFailure();

  @Override
  public void start() {
    failures.start();
    super.start();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    IThrowableProxy failure = event.getThrowableProxy();
    return encode(
        event.getInstant(),
        event.getLevel(),
        event.getLoggerName(),
        event.getThreadName(),
        String.valueOf(event.getFormattedMessage()),
        Objects.requireNonNullElse(event.getKeyValuePairs(), List.of()),
        failure == null ? null : failures.convert(event));
  }

  /** What the node says of itself, beside its log, as a line without its end. */
  public static String line(Level level, String logger, String words) {
    String thread = Thread.currentThread().getName();
    byte[] line = encode(Instant.now(), level, logger, thread, words, List.of(), null);
    return new String(line, 0, line.length - 1, StandardCharsets.US_ASCII);
  }

  private static byte[] encode(
      Instant time,
      Level level,
      String logger,
      String thread,
      String message,
      List<KeyValuePair> about,
      @Nullable String exception) {
    String node = LogFormat.node();
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", time.toString());
      json.writeStringField("level", level.toString());
      json.writeStringField("logger", logger);
      json.writeStringField("thread", thread);
      if (node != null) {
        json.writeStringField("node", node);
      }
      json.writeStringField("message", LogMessage.cut(message));
      for (KeyValuePair pair : about) {
        json.writeFieldName(pair.key);
        if (pair.value instanceof Long number) {
          json.writeNumber(number);
        } else {
          json.writeString(LogMessage.cut(String.valueOf(pair.value)));
        }
      }
      if (exception != null) {
        json.writeStringField("exception", LogMessage.cut(exception, LONGEST_TRACE));
      }
      json.writeEndObject();
    } catch (IOException never) {
      throw new UncheckedIOException("into memory", never);
    }
    line.write('\n');
    return line.toByteArray();
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
