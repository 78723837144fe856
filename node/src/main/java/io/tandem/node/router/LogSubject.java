package io.tandem.node.router;

import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a log line is about, for programs that read it: fields beside the words.
 *
 * @param realm null where there is none yet
 * @param session its ID; 0 where there is none
 * @param cause why it ended; null where it goes on
 */
public record LogSubject(@Nullable String realm, long session, @Nullable CloseCause cause) {

  /** Of no realm or session. */
  public static final LogSubject NONE = new LogSubject(null, 0, null);

  /** A realm, and no session of it. */
  public static LogSubject of(String realm) {
    return new LogSubject(realm, 0, null);
  }

  /** A session, or an attempt at one, that ends. */
  public LogSubject endedBy(CloseCause why) {
    return new LogSubject(realm, session, why);
  }

  /** Gives a line these fields. */
  public LoggingEventBuilder on(LoggingEventBuilder line) {
    if (realm != null) {
      line = line.addKeyValue("realm", realm);
    }
    if (session != 0) {
      line = line.addKeyValue("session", session);
    }
    return cause == null ? line : line.addKeyValue("cause", cause.label());
  }
}
