package io.tandem.node.router;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import io.tandem.registry.match.UriIndex;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much a session holds of one kind, subscriptions or registrations, what it has asked for
 * included. Owned by the session's lane.
 */
final class Holdings {

  /** What the URIs may have on average, in characters, and what they may have in any case. */
  private static final long AVERAGE_URI = 128;

  private static final long ANY_URIS = 64 << 10;

  /**
   * In how many lengths its prefixes may come. Of those of one length one matches a URI at most, so
   * this bounds what an event costs that matches as many of them as can be.
   */
  private static final int MOST_LENGTHS = 128;

  private final String kind;
  private int count;
  private long characters;

  /** How many of them are patterns of each wildcard shape. */
  private final Map<String, Integer> shapes = new HashMap<>(0);

  /** How many of them are prefixes of each length. */
  private final Map<Integer, Integer> lengths = new HashMap<>(0);

  /**
   * @param kind what they are called towards the client
   */
  Holdings(String kind) {
    this.kind = kind;
  }

  /**
   * Why the session may not hold one more, in words for the client, or null where it may.
   *
   * @param most how many it may hold
   * @param mostShapes of how many wildcard shapes
   */
  @Nullable String excess(Resource further, int most, int mostShapes) {
    if (count >= most) {
      return "a session may hold at most " + most + " " + kind;
    }
    long mostCharacters = Math.max(most * AVERAGE_URI, ANY_URIS);
    if (characters + further.uri().length() > mostCharacters) {
      return "the URIs of a session's " + kind + " may have " + mostCharacters + " characters";
    }
    if (further.match() == MatchPolicy.WILDCARD
        && shapes.size() >= mostShapes
        && !shapes.containsKey(UriIndex.shape(further.uri()))) {
      return "wildcards may stand in at most " + mostShapes + " ways in a session's " + kind;
    }
    if (further.match() == MatchPolicy.PREFIX
        && lengths.size() >= MOST_LENGTHS
        && !lengths.containsKey(further.uri().length())) {
      return "the prefixes of a session's " + kind + " may have " + MOST_LENGTHS + " lengths";
    }
    return null;
  }

  void add(Resource resource) {
    count++;
    characters += resource.uri().length();
    switch (resource.match()) {
      case WILDCARD -> shapes.merge(UriIndex.shape(resource.uri()), 1, Integer::sum);
      case PREFIX -> lengths.merge(resource.uri().length(), 1, Integer::sum);
      case EXACT -> {}
    }
  }

  void remove(Resource resource) {
    count--;
    characters -= resource.uri().length();
    switch (resource.match()) {
      case WILDCARD -> shapes.computeIfPresent(UriIndex.shape(resource.uri()), Holdings::less);
      case PREFIX -> lengths.computeIfPresent(resource.uri().length(), Holdings::less);
      case EXACT -> {}
    }
  }

  private static <K> @Nullable Integer less(K kind, Integer patterns) {
    return patterns == 1 ? null : patterns - 1;
  }
}
