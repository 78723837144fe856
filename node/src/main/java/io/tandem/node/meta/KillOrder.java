package io.tandem.node.meta;

import io.tandem.node.router.Session;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of a realm are to end, as one lane tells the others, and what they hear of it.
 * Immutable.
 *
 * @param which says which, with {@code value}
 * @param value a session ID, an authid, an authrole, or null for all
 * @param reason a URI
 * @param message for people; null for none
 * @param by the session that wants it, which is never one of them
 * @param byAuthid whose session that is
 */
record KillOrder(
    Which which,
    @Nullable Object value,
    String reason,
    @Nullable String message,
    long by,
    String byAuthid) {

  /** By what they are chosen. */
  enum Which {
    SESSION,
    AUTHID,
    AUTHROLE,
    ALL
  }

  /** Reads what {@link #args} has made. */
  static KillOrder of(List<@Nullable Object> args) {
    return new KillOrder(
        Which.valueOf(text(args, 0)),
        args.get(1),
        text(args, 2),
        (String) args.get(3),
        (Long) Objects.requireNonNull(args.get(4)),
        text(args, 5));
  }

  private static String text(List<@Nullable Object> args, int place) {
    return (String) Objects.requireNonNull(args.get(place));
  }

  List<@Nullable Object> args() {
    return Arrays.asList(which.name(), value, reason, message, by, byAuthid);
  }

  boolean means(Session session) {
    if (session.id() == by) {
      return false;
    }
    return switch (which) {
      case SESSION -> Objects.equals(value, session.id());
      case AUTHID -> Objects.equals(value, session.principal().authid());
      case AUTHROLE -> Objects.equals(value, session.principal().authrole());
      case ALL -> true;
    };
  }

  /** Whether nobody else is told that they have ended (META-SES-13). */
  boolean isSilent() {
    return which == Which.ALL;
  }

  Goodbye goodbye() {
    return new Goodbye(Options.EMPTY.withNullable(Keys.MESSAGE, message), reason);
  }
}
