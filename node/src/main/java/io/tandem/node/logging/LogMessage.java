package io.tandem.node.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tandem.protocol.wire.OneLine;

/**
 * The message of a log line, which may quote a client: it stays on its line, and that ends. Any
 * thread.
 */
public final class LogMessage extends MessageConverter {

  /** In characters: more than a line of ours needs, and less than a client may say. */
  private static final int LONGEST = 4_000;

  @Override
  public String convert(ILoggingEvent event) {
    return line(super.convert(event));
  }

  static String line(String message) {
    String line = OneLine.of(message.substring(0, Math.min(message.length(), LONGEST)));
    return message.length() > LONGEST ? line + "..." : line;
  }

  /** The text, which ends as a message does. */
  static String cut(String text) {
    return cut(text, LONGEST);
  }

  static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) + "..." : text;
  }
}
