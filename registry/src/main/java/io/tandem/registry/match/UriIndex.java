package io.tandem.registry.match;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands under (match policy, URI or pattern), and which of it matches a published topic or a
 * called procedure. The same string under two policies is two items (RPC-PAT-08, PS-PAT-05).
 *
 * <p>One thread writes; any thread reads at any time, without locks. Exact items are in a hash map,
 * prefixes in an immutable tree of which the current root is swapped by each change, wildcards in
 * one hash map for each shape. So a reader finds every item whose {@code put} happened before, and
 * never a change half done. A match costs one hash lookup, then the length of the URI, then one
 * lookup for each wildcard shape of as many components, however many patterns there are; without
 * patterns the first lookup is all.
 *
 * <p>The caller has checked URIs and patterns, and asked {@link #hasRoom} before adding a new one;
 * a visitor may change the index.
 */
public final class UriIndex<V> {

  /**
   * The most wildcard shapes that a URI should be held against. Patterns of up to six components
   * have no more of them.
   */
  public static final int MAX_SHAPES = 64;

  /** One item of an index. */
  public record Item<V>(MatchPolicy match, String uri, V value) {}

  private final Map<String, V> exact = new ConcurrentHashMap<>();
  private volatile PatternTree<V> prefixes = PatternTree.empty();
  private final WildcardPatterns<V> wildcards = new WildcardPatterns<>();
  private final AtomicInteger size = new AtomicInteger();

  /** What was put under exactly this policy and string, or null. */
  public @Nullable V get(MatchPolicy match, String uri) {
    return switch (match) {
      case EXACT -> exact.get(uri);
      case PREFIX -> value(prefixes.get(uri));
      case WILDCARD -> wildcards.get(uri);
    };
  }

  /** Adds or replaces an item and returns what was there. Only for the writer. */
  public @Nullable V put(MatchPolicy match, String uri, V value) {
    V previous = get(match, uri);
    switch (match) {
      case EXACT -> exact.put(uri, value);
      case PREFIX -> prefixes = prefixes.with(uri, new PatternTree.Leaf<>(uri, value));
      case WILDCARD -> wildcards.put(uri, value);
    }
    if (previous == null) {
      size.incrementAndGet();
    }
    return previous;
  }

  /** Takes an item out and returns what was there. Only for the writer. */
  public @Nullable V remove(MatchPolicy match, String uri) {
    V previous = get(match, uri);
    if (previous != null) {
      switch (match) {
        case EXACT -> exact.remove(uri);
        case PREFIX -> prefixes = prefixes.without(uri);
        case WILDCARD -> wildcards.remove(uri);
      }
      size.decrementAndGet();
    }
    return previous;
  }

  /** What all wildcard patterns with as many components and the same places of wildcards share. */
  public static String shape(String pattern) {
    return WildcardShape.places(pattern);
  }

  /**
   * Whether one more item leaves a match as cheap as it is, or nearly: only a wildcard pattern of a
   * further shape does not, and there may be {@value #MAX_SHAPES} for each number of components.
   */
  public boolean hasRoom(MatchPolicy match, String uri) {
    return match != MatchPolicy.WILDCARD
        || wildcards.shapeOf(uri) != null
        || wildcards.of(WildcardShape.components(uri)).length < MAX_SHAPES;
  }

  /** How many items there are. */
  public int size() {
    return size.get();
  }

  /**
   * All items, in no particular order, at the reader's pace: what is there from the beginning to
   * the end of the walk is met, what comes or goes meanwhile may be met or not. A pattern is met
   * with the value that it had at the beginning.
   */
  public Iterator<Item<V>> iterator() {
    Iterator<Map.Entry<String, V>> rest = exact.entrySet().iterator();
    Iterator<Item<V>> patterns = patterns().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rest.hasNext() || patterns.hasNext();
      }

      @Override
      public Item<V> next() {
        if (!rest.hasNext()) {
          return patterns.next();
        }
        Map.Entry<String, V> entry = rest.next();
        return new Item<>(MatchPolicy.EXACT, entry.getKey(), entry.getValue());
      }
    };
  }

  private List<Item<V>> patterns() {
    List<Item<V>> items = new ArrayList<>();
    prefixes.forEach(e -> items.add(new Item<>(MatchPolicy.PREFIX, e.pattern(), e.value())));
    wildcards.forEach((uri, value) -> items.add(new Item<>(MatchPolicy.WILDCARD, uri, value)));
    return items;
  }

  /**
   * Visits every item that matches: the exact one, then prefixes, the shortest first, then
   * wildcards, the most specific first (PS-PAT-02).
   */
  public void match(String uri, Consumer<? super V> visitor) {
    V same = exact.get(uri);
    if (same != null) {
      visitor.accept(same);
    }
    prefixes.forEachPrefixOf(uri, visitor);
    wildcards.match(uri, visitor);
  }

  /** What {@link #match} visits, with the strings under which it stands. */
  public List<Item<V>> matching(String uri) {
    List<Item<V>> items = new ArrayList<>();
    V same = exact.get(uri);
    if (same != null) {
      items.add(new Item<>(MatchPolicy.EXACT, uri, same));
    }
    prefixes.forEachLeafTo(
        uri, leaf -> items.add(new Item<>(MatchPolicy.PREFIX, leaf.pattern(), leaf.value())));
    wildcards.matching(
        uri, (pattern, value) -> items.add(new Item<>(MatchPolicy.WILDCARD, pattern, value)));
    return items;
  }

  /**
   * The one item that a call goes to: the exact one, else the longest prefix, else the wildcard
   * whose literal runs, compared from the left, are the longest; null where nothing matches
   * (RPC-PAT-03 to RPC-PAT-05).
   */
  public @Nullable V best(String uri) {
    V same = exact.get(uri);
    if (same != null) {
      return same;
    }
    V prefix = value(prefixes.longestPrefixOf(uri));
    return prefix != null ? prefix : wildcards.best(uri);
  }

  private static <V> @Nullable V value(PatternTree.@Nullable Leaf<V> leaf) {
    return leaf == null ? null : leaf.value();
  }
}
