package io.tandem.registry.match;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Wildcard patterns and what stands under them. A match looks once into each {@link WildcardShape}
 * of as many components as the URI has, and finds at most one pattern there: its cost is the number
 * of these shapes, however many patterns there are and whatever they say. See
 * docs/decisions/0016-match-cost.md.
 *
 * <p>One thread writes, any thread reads.
 */
final class WildcardPatterns<V> {

  private static final WildcardShape<?>[] NONE = new WildcardShape<?>[0];

  /** By the number of components; each array in the order of RPC-PAT-05, the best shape first. */
  private final Map<Integer, WildcardShape<V>[]> shapes = new ConcurrentHashMap<>();

  @Nullable V get(String pattern) {
    WildcardShape<V> shape = shapeOf(pattern);
    return shape == null ? null : shape.patterns().get(pattern);
  }

  void put(String pattern, V value) {
    WildcardShape<V> shape = shapeOf(pattern);
    if (shape == null) {
      shape = new WildcardShape<>(WildcardShape.places(pattern));
      shape.patterns().put(pattern, value);
      add(shape);
    } else {
      shape.patterns().put(pattern, value);
    }
  }

  void remove(String pattern) {
    WildcardShape<V> shape = shapeOf(pattern);
    if (shape != null) {
      shape.patterns().remove(pattern);
      if (shape.patterns().isEmpty()) {
        drop(shape);
      }
    }
  }

  /** The shape of the pattern, or null where there is no pattern of that shape. */
  @Nullable WildcardShape<V> shapeOf(String pattern) {
    if (shapes.isEmpty()) {
      return null;
    }
    String places = WildcardShape.places(pattern);
    WildcardShape<V>[] candidates = of(places.length());
    int slot = slot(candidates, places);
    return slot < 0 ? null : candidates[slot];
  }

  /** All shapes that a URI with so many components is held against, the most specific first. */
  @SuppressWarnings("unchecked") // the empty array holds shapes of any type
  WildcardShape<V>[] of(int components) {
    return shapes.getOrDefault(components, (WildcardShape<V>[]) NONE);
  }

  /** Calls back for every match, the most specific first. */
  void match(String uri, Consumer<? super V> visitor) {
    for (WildcardShape<V> shape : candidates(uri)) {
      V value = shape.match(uri);
      if (value != null) {
        visitor.accept(value);
      }
    }
  }

  /** The same with the patterns. */
  void matching(String uri, BiConsumer<String, ? super V> visitor) {
    for (WildcardShape<V> shape : candidates(uri)) {
      String pattern = shape.pattern(uri);
      V value = shape.patterns().get(pattern);
      if (value != null) {
        visitor.accept(pattern, value);
      }
    }
  }

  /** What stands under the most specific match, or null. */
  @Nullable V best(String uri) {
    for (WildcardShape<V> shape : candidates(uri)) {
      V value = shape.match(uri);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Calls back for every pattern, in no particular order. */
  void forEach(BiConsumer<String, ? super V> visitor) {
    for (WildcardShape<V>[] same : shapes.values()) {
      for (WildcardShape<V> shape : same) {
        shape.patterns().forEach(visitor);
      }
    }
  }

  private WildcardShape<V>[] candidates(String uri) {
    return of(shapes.isEmpty() ? 0 : WildcardShape.components(uri));
  }

  private void add(WildcardShape<V> shape) {
    WildcardShape<V>[] before = of(shape.places().length());
    int slot = -slot(before, shape.places()) - 1;
    WildcardShape<V>[] now = Arrays.copyOf(before, before.length + 1);
    System.arraycopy(before, slot, now, slot + 1, before.length - slot);
    now[slot] = shape;
    shapes.put(shape.places().length(), now);
  }

  private void drop(WildcardShape<V> shape) {
    WildcardShape<V>[] before = of(shape.places().length());
    if (before.length == 1) {
      shapes.remove(shape.places().length());
      return;
    }
    int slot = slot(before, shape.places());
    WildcardShape<V>[] now = Arrays.copyOf(before, before.length - 1);
    System.arraycopy(before, slot + 1, now, slot, now.length - slot);
    shapes.put(shape.places().length(), now);
  }

  /** Where the shape with these places is, or {@code -(where it would be) - 1}. */
  private static int slot(WildcardShape<?>[] shapes, String places) {
    int low = 0;
    int high = shapes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int difference = shapes[middle].places().compareTo(places);
      if (difference == 0) {
        return middle;
      } else if (difference < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
