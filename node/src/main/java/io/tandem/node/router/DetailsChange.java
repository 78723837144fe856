package io.tandem.node.router;

import io.tandem.registry.sessions.SessionDetails;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What shall be said of a session from now on. Immutable.
 *
 * @param authrole its role; null for that which it has
 * @param more what is to be said of it by name; an empty text takes back what was said
 */
public record DetailsChange(@Nullable String authrole, Map<String, String> more) {

  public DetailsChange {
    more = Map.copyOf(more);
  }

  /** What is said then of a session of which this was said; null where that is too much. */
  @Nullable Map<String, String> applied(Map<String, String> before) {
    Map<String, String> after = new LinkedHashMap<>(before);
    more.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            after.remove(name);
          } else {
            after.put(name, value);
          }
        });
    return after.size() > SessionDetails.MOST_MORE ? null : after;
  }
}
