package io.tandem.registry.match;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The wildcard patterns of one shape: as many components as each other, and the wildcards at the
 * same places. A URI with its components at these places left out is the one pattern of the shape
 * that can match it, so one look into a hash map finds it.
 *
 * <p>One thread writes, any thread reads.
 */
final class WildcardShape<V> {

  static final char LITERAL = 'l';
  static final char WILDCARD = 'w';

  /** One letter for each component. */
  private final String places;

  private final Map<String, V> patterns = new ConcurrentHashMap<>();

  WildcardShape(String places) {
    this.places = places;
  }

  /** The letters of a pattern. */
  static String places(String pattern) {
    StringBuilder places = new StringBuilder();
    int end;
    for (int from = 0; from <= pattern.length(); from = end + 1) {
      end = endOfComponent(pattern, from);
      places.append(end == from ? WILDCARD : LITERAL);
    }
    return places.toString();
  }

  static int components(String uri) {
    int components = 1;
    for (int dot = uri.indexOf('.'); dot >= 0; dot = uri.indexOf('.', dot + 1)) {
      components++;
    }
    return components;
  }

  private static int endOfComponent(String uri, int from) {
    int dot = uri.indexOf('.', from);
    return dot < 0 ? uri.length() : dot;
  }

  /**
   * Letters of the same number are in the order of RPC-PAT-05: at the first component in which two
   * patterns that match one URI differ, the one with the literal has the longer run there.
   */
  String places() {
    return places;
  }

  Map<String, V> patterns() {
    return patterns;
  }

  /** What stands under the pattern that matches this URI of as many components. */
  @Nullable V match(String uri) {
    return patterns.get(pattern(uri));
  }

  /** The one pattern of this shape that matches a URI of as many components. */
  String pattern(String uri) {
    if (places.indexOf(WILDCARD) < 0) {
      return uri;
    }
    StringBuilder pattern = new StringBuilder(uri.length());
    int from = 0;
    for (int component = 0; component < places.length(); component++) {
      int end = endOfComponent(uri, from);
      if (component > 0) {
        pattern.append('.');
      }
      if (places.charAt(component) == LITERAL) {
        pattern.append(uri, from, end);
      }
      from = end + 1;
    }
    return pattern.toString();
  }
}
