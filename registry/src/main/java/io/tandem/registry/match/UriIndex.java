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
 * called procedure. The same string under two policies is two entries (RPC-PAT-08, PS-PAT-05).
 *
 * <p>One thread writes; any thread reads at any time, without locks. Exact entries are in a hash
 * map, patterns in two immutable trees of which the current root is swapped by each change. So a
 * reader finds every entry whose {@code put} happened before, and never a change half done. A match
 * costs one hash lookup, then the length of the URI and the branches that fit it, however many
 * patterns there are; without patterns the hash lookup is all.
 *
 * <p>The caller has checked URIs and patterns; a visitor may change the index and does not see it.
 */
public final class UriIndex<V> {

  /** One entry of an index. */
  public record Item<V>(MatchPolicy match, String uri, V value) {}

  private final Map<String, V> exact = new ConcurrentHashMap<>();
  private volatile PatternTree<V> prefixes = PatternTree.empty();
  private volatile PatternTree<V> wildcards = PatternTree.empty();
  private final AtomicInteger size = new AtomicInteger();

  /** What was put under exactly this policy and string, or null. */
  public @Nullable V get(MatchPolicy match, String uri) {
    return switch (match) {
      case EXACT -> exact.get(uri);
      case PREFIX -> value(prefixes.get(uri));
      case WILDCARD -> value(wildcards.get(WildcardSearch.key(uri)));
    };
  }

  /** Adds or replaces an entry and returns what was there. Only for the writer. */
  public @Nullable V put(MatchPolicy match, String uri, V value) {
    V previous = get(match, uri);
    switch (match) {
      case EXACT -> exact.put(uri, value);
      case PREFIX -> prefixes = prefixes.with(uri, new PatternTree.Entry<>(uri, value));
      case WILDCARD ->
          wildcards = wildcards.with(WildcardSearch.key(uri), new PatternTree.Entry<>(uri, value));
    }
    if (previous == null) {
      size.incrementAndGet();
    }
    return previous;
  }

  /** Takes an entry out and returns what was there. Only for the writer. */
  public @Nullable V remove(MatchPolicy match, String uri) {
    V previous = get(match, uri);
    if (previous != null) {
      switch (match) {
        case EXACT -> exact.remove(uri);
        case PREFIX -> prefixes = prefixes.without(uri);
        case WILDCARD -> wildcards = wildcards.without(WildcardSearch.key(uri));
      }
      size.decrementAndGet();
    }
    return previous;
  }

  /** How many entries there are. */
  public int size() {
    return size.get();
  }

  /**
   * All entries, in no particular order, at the reader's pace: what is there from the beginning to
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
    wildcards.forEach(e -> items.add(new Item<>(MatchPolicy.WILDCARD, e.pattern(), e.value())));
    return items;
  }

  /**
   * Visits every entry that matches: the exact one, then prefixes, the shortest first, then
   * wildcards, the most specific first (PS-PAT-02).
   */
  public void match(String uri, Consumer<? super V> visitor) {
    V same = exact.get(uri);
    if (same != null) {
      visitor.accept(same);
    }
    prefixes.forEachPrefixOf(uri, visitor);
    WildcardSearch<V> search = new WildcardSearch<>(wildcards, uri);
    for (PatternTree.Entry<V> e = search.next(); e != null; e = search.next()) {
      visitor.accept(e.value());
    }
  }

  /**
   * The one entry that a call goes to: the exact one, else the longest prefix, else the wildcard
   * whose literal runs, compared from the left, are the longest; null where nothing matches
   * (RPC-PAT-03 to RPC-PAT-05).
   */
  public @Nullable V best(String uri) {
    V same = exact.get(uri);
    if (same != null) {
      return same;
    }
    V prefix = value(prefixes.longestPrefixOf(uri));
    return prefix != null ? prefix : value(new WildcardSearch<>(wildcards, uri).next());
  }

  private static <V> @Nullable V value(PatternTree.@Nullable Entry<V> entry) {
    return entry == null ? null : entry.value();
  }
}
