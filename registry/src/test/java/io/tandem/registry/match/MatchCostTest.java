package io.tandem.registry.match;

import static io.tandem.protocol.uri.MatchPolicy.PREFIX;
import static io.tandem.protocol.uri.MatchPolicy.WILDCARD;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What patterns can make a match cost: bounded by the URI and the shapes, whatever they are. */
class MatchCostTest {

  private final UriIndex<Integer> index = new UriIndex<>();

  @Test
  void patternsThatDifferInEveryPlaceFindRoomOnlyForSoManyShapes() {
    int taken = 0;
    for (int bits = 0; bits < 65_536; bits++) {
      String pattern = binary(bits, 16) + "b";
      if (index.hasRoom(WILDCARD, pattern)) {
        index.put(WILDCARD, pattern, bits);
        taken++;
      }
    }
    assertThat(taken).isEqualTo(UriIndex.MAX_SHAPES);
    assertThat(index.hasRoom(WILDCARD, binary(0, 16) + "another")).isTrue();
    assertThat(index.hasRoom(WILDCARD, binary(0, 17) + "b")).as("other components").isTrue();
    assertThat(index.hasRoom(PREFIX, binary(3, 16))).isTrue();
  }

  @Test
  void patternsOfUpToSixComponentsAlwaysFindRoom() {
    for (int components = 1; components <= 6; components++) {
      for (int bits = 0; bits < 1 << components; bits++) {
        String pattern = binary(bits, components - 1) + (bits >> (components - 1) == 0 ? "" : "a");
        assertThat(index.hasRoom(WILDCARD, pattern)).as(pattern).isTrue();
        index.put(WILDCARD, pattern, bits);
      }
      assertThat(matches("a.".repeat(components - 1) + "a")).hasSize(1 << components);
    }
  }

  @Test
  void shapeWithoutPatternsMakesRoomAgain() {
    List<String> patterns = new ArrayList<>();
    for (int bits = 0; bits < UriIndex.MAX_SHAPES; bits++) {
      patterns.add(binary(bits, 7) + "a");
      index.put(WILDCARD, patterns.get(bits), bits);
    }
    index.put(WILDCARD, binary(0, 7) + "b", 0);
    String further = binary(100, 7) + "a";
    assertThat(index.hasRoom(WILDCARD, further)).isFalse();
    index.remove(WILDCARD, patterns.get(0));
    assertThat(index.hasRoom(WILDCARD, further)).as("one of its patterns is left").isFalse();
    index.remove(WILDCARD, patterns.get(1));
    assertThat(index.hasRoom(WILDCARD, further)).isTrue();
  }

  @Test
  void patternsWithOneHashCodeAreFoundAllTheSame() {
    List<String> colliding = colliding(14);
    assertThat(colliding.stream().map(String::hashCode).distinct()).hasSize(1);
    for (int i = 0; i < colliding.size(); i++) {
      index.put(WILDCARD, colliding.get(i) + ".", i);
    }
    for (int i = 0; i < colliding.size(); i++) {
      assertThat(matches(colliding.get(i) + ".x")).containsExactly(i);
    }
  }

  @Test
  void nodesOfTheTreeOfPrefixesHaveFewChildrenWhateverTheCharacters() {
    PatternTree<Boolean> tree = PatternTree.empty();
    for (char c = 1; c < Character.MIN_SURROGATE; c++) {
      tree = tree.with(c + "x", new PatternTree.Leaf<>(c + "x", true));
    }
    assertThat(mostChildren(tree)).isEqualTo(127 + 14);
    for (char c = 1; c < Character.MIN_SURROGATE; c++) {
      assertThat(tree.longestPrefixOf(c + "xyz")).isNotNull().returns(c + "x", e -> e.pattern());
    }
  }

  private static int mostChildren(PatternTree<?> node) {
    int children = 0;
    int most = 0;
    for (char first = 0; first < PatternTree.MOST_CHILDREN; first++) {
      PatternTree<?> child = node.child(first);
      if (child != null) {
        children++;
        most = Math.max(most, mostChildren(child));
      }
    }
    return Math.max(most, children);
  }

  /** 2^n strings of one hash code. */
  private static List<String> colliding(int n) {
    List<String> strings = List.of("");
    for (int i = 0; i < n; i++) {
      strings = strings.stream().flatMap(s -> List.of(s + "Aa", s + "BB").stream()).toList();
    }
    return strings;
  }

  /** So many components, each {@code a} or a wildcard, and the dot behind them. */
  private static String binary(int bits, int components) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < components; i++) {
      pattern.append((bits >> i & 1) == 0 ? "." : "a.");
    }
    return pattern.toString();
  }

  private List<Integer> matches(String uri) {
    List<Integer> found = new ArrayList<>();
    index.match(uri, found::add);
    return found;
  }
}
