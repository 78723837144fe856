package io.tandem.registry.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The index against a list that is searched from end to end, by the words of the requirements. */
class UriIndexPropertiesTest {

  /** Of the strings below; the letters beyond ASCII begin alike. */
  private static final String ALPHABET = "ab.\u20ac\u20ad\u30ac\u00e9\ud83d\ude00\ude01";

  record Key(MatchPolicy match, String uri) {}

  /** Adds the key, or takes it out. */
  record Change(boolean add, Key key) {}

  @Property(tries = 2_000)
  @Conformance({"PS-PAT-01", "PS-PAT-02"})
  void matchFindsWhatAFullSearchFinds(
      @ForAll("changes") List<Change> changes, @ForAll("uris") List<String> uris) {
    Twins twins = new Twins();
    changes.forEach(twins::apply);
    for (String uri : uris) {
      List<Key> found = new ArrayList<>();
      twins.index.match(uri, found::add);
      assertThat(found).containsExactlyInAnyOrderElementsOf(twins.matches(uri));
      assertThat(found).extracting(Key::match).isSorted();
    }
  }

  @Property(tries = 2_000)
  @Conformance({"RPC-PAT-03", "RPC-PAT-04", "RPC-PAT-05"})
  void bestIsWhatComparingAllMatchesFinds(
      @ForAll("changes") List<Change> changes, @ForAll("uris") List<String> uris) {
    Twins twins = new Twins();
    changes.forEach(twins::apply);
    for (String uri : uris) {
      assertThat(twins.index.best(uri)).isEqualTo(twins.best(uri));
    }
  }

  @Property(tries = 2_000)
  @Conformance({"PS-PAT-05", "RPC-PAT-08"})
  void indexHoldsWhatAMapHolds(@ForAll("changes") List<Change> changes) {
    Twins twins = new Twins();
    for (Change change : changes) {
      assertThat(twins.index.get(change.key.match, change.key.uri))
          .isEqualTo(twins.naive.get(change.key));
      twins.apply(change);
      assertThat(twins.index.size()).isEqualTo(twins.naive.size());
    }
    Map<Key, Key> visited = new HashMap<>();
    twins
        .index
        .iterator()
        .forEachRemaining(item -> visited.put(new Key(item.match(), item.uri()), item.value()));
    assertThat(visited).isEqualTo(twins.naive);
  }

  @Property(tries = 2_000)
  void noBranchOfATreeIsInVain(@ForAll("changes") List<Change> changes) {
    PatternTree<Boolean> tree = PatternTree.empty();
    for (Change change : changes) {
      String key = change.key.uri;
      tree = change.add ? tree.with(key, new PatternTree.Leaf<>(key, true)) : tree.without(key);
      assertNoneInVain(tree);
    }
    for (Change change : changes) {
      tree = tree.without(change.key.uri);
    }
    assertThat(tree.isEmpty()).isTrue();
  }

  private static void assertNoneInVain(PatternTree<Boolean> node) {
    int children = 0;
    for (int first : PatternTree.units(ALPHABET).chars().distinct().toArray()) {
      PatternTree<Boolean> child = node.child((char) first);
      if (child != null) {
        children++;
        assertNoneInVain(child);
      }
    }
    if (!node.label.isEmpty() && node.leaf == null) {
      assertThat(children).as(node.label).isGreaterThanOrEqualTo(2);
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Key> keys =
        Combinators.combine(Arbitraries.of(MatchPolicy.class), strings()).as(Key::new);
    return Combinators.combine(Arbitraries.of(true, true, false), keys)
        .as(Change::new)
        .list()
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<List<String>> uris() {
    return strings().list().ofSize(10);
  }

  /** One to five components over a tiny alphabet, so that strings often meet. */
  private static Arbitrary<String> strings() {
    return Arbitraries.of(
            "",
            "",
            "a",
            "a",
            "b",
            "ab",
            "ba",
            "\u20ac",
            "\u20ad",
            "\u20ac\u30ac",
            "\u00e9",
            "\ud83d\ude00",
            "\ud83d\ude01")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(components -> String.join(".", components));
  }

  /** An index and a map that went through the same changes. */
  private static final class Twins {
    final UriIndex<Key> index = new UriIndex<>();
    final Map<Key, Key> naive = new HashMap<>();

    void apply(Change change) {
      Key key = change.key;
      if (change.add) {
        assertThat(index.put(key.match, key.uri, key)).isEqualTo(naive.put(key, key));
      } else {
        assertThat(index.remove(key.match, key.uri)).isEqualTo(naive.remove(key));
      }
    }

    List<Key> matches(String uri) {
      return naive.keySet().stream().filter(key -> Uris.matches(key.match, key.uri, uri)).toList();
    }

    @Nullable Key best(String uri) {
      Comparator<Key> fewerFirst =
          Comparator.comparing(Key::match)
              .reversed()
              .thenComparing(UriIndexPropertiesTest::compareWithinPolicy);
      return matches(uri).stream().max(fewerFirst).orElse(null);
    }
  }

  private static int compareWithinPolicy(Key one, Key other) {
    if (one.match != MatchPolicy.WILDCARD) {
      return Integer.compare(one.uri.length(), other.uri.length());
    }
    List<Integer> runs = literalRuns(one.uri);
    List<Integer> otherRuns = literalRuns(other.uri);
    for (int i = 0; i < Math.min(runs.size(), otherRuns.size()); i++) {
      int order = runs.get(i).compareTo(otherRuns.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** How many literal components stand before, between and after the wildcards. */
  private static List<Integer> literalRuns(String pattern) {
    List<Integer> runs = new ArrayList<>();
    int run = 0;
    for (String component : pattern.split("\\.", -1)) {
      if (component.isEmpty()) {
        runs.add(run);
        run = 0;
      } else {
        run++;
      }
    }
    runs.add(run);
    return runs;
  }
}
