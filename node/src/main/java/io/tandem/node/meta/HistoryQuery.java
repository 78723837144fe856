package io.tandem.node.meta;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.delivery.Stamps;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which of the events of a subscription are asked for (PS-HIST-05 to PS-HIST-09); all conditions
 * hold together, and one that is null was not given.
 *
 * @param limit how many
 */
record HistoryQuery(
    boolean reverse,
    int limit,
    @Nullable Instant fromTime,
    @Nullable Instant afterTime,
    @Nullable Instant beforeTime,
    @Nullable Instant untilTime,
    @Nullable String topic,
    @Nullable Long fromPublication,
    @Nullable Long afterPublication,
    @Nullable Long beforePublication,
    @Nullable Long untilPublication) {

  static HistoryQuery of(Arguments arguments) {
    Boolean reverse = arguments.bool("reverse");
    Long limit = arguments.number("limit");
    if (limit != null && limit < 1) {
      throw Arguments.invalid("limit has to be above 0");
    }
    return new HistoryQuery(
        reverse != null && reverse,
        limit == null ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE),
        time(arguments, "from_time"),
        time(arguments, "after_time"),
        time(arguments, "before_time"),
        time(arguments, "until_time"),
        arguments.string("topic"),
        arguments.number("from_publication"),
        arguments.number("after_publication"),
        arguments.number("before_publication"),
        arguments.number("until_publication"));
  }

  private static @Nullable Instant time(Arguments arguments, String name) {
    String text = arguments.string(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
    } catch (DateTimeException e) {
      throw Arguments.invalid(name + " has to be a time as of RFC 3339");
    }
  }

  /**
   * Those of the history, in the order in which they are asked for. Publications are found by their
   * place in it, since their IDs are random.
   */
  List<Publication> chosen(List<Publication> history) {
    int from = 0;
    int to = history.size();
    if (fromPublication != null) {
      from = place(history, fromPublication);
    }
    if (afterPublication != null) {
      from = Math.max(from, place(history, afterPublication) + 1);
    }
    if (beforePublication != null) {
      to = place(history, beforePublication);
    }
    if (untilPublication != null) {
      to = Math.min(to, place(history, untilPublication) + 1);
    }
    List<Publication> chosen = new ArrayList<>();
    for (int place = from; place < to; place++) {
      if (meets(history.get(place))) {
        chosen.add(history.get(place));
      }
    }
    if (reverse) {
      Collections.reverse(chosen);
    }
    return chosen;
  }

  private static int place(List<Publication> history, long publication) {
    for (int place = 0; place < history.size(); place++) {
      if (history.get(place).id() == publication) {
        return place;
      }
    }
    throw Arguments.invalid("no publication " + publication + " is kept of this subscription");
  }

  private boolean meets(Publication publication) {
    Instant time = Instant.ofEpochMilli(Stamps.millis(publication.stamp()));
    return (topic == null || topic.equals(publication.topic()))
        && (fromTime == null || !time.isBefore(fromTime))
        && (afterTime == null || time.isAfter(afterTime))
        && (beforeTime == null || time.isBefore(beforeTime))
        && (untilTime == null || !time.isAfter(untilTime));
  }
}
