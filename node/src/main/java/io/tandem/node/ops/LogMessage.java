package io.tandem.node.ops;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tandem.protocol.wire.OneLine;

/** The message of a log line, which may quote a client: it stays on its line. Any thread. */
public final class LogMessage extends MessageConverter {

  @Override
  public String convert(ILoggingEvent event) {
    return OneLine.of(super.convert(event));
  }
}
