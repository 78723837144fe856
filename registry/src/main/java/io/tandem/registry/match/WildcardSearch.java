package io.tandem.registry.match;

import org.jspecify.annotations.Nullable;

/**
 * A walk through a tree of wildcard patterns that finds those which match one URI, the most
 * specific first. For one thread.
 *
 * <p>In the tree, and in the URI as it is read here, every component ends with a dot, the last one
 * too. So a wildcard is a dot where a component should begin, and a pattern ends only where the URI
 * does. Where the tree offers both, the literal goes first and the wildcard is remembered: at the
 * first component in which two matching patterns differ, the one with the literal has the longer
 * run there, and that is the order of RPC-PAT-05.
 *
 * <p>At most two branches per component are followed, and never more than the tree has.
 */
final class WildcardSearch<V> {

  /** A wildcard that was passed over for a literal, and where in the URI. */
  private record Fork<V>(PatternTree<V> wildcard, int at, @Nullable Fork<V> earlier) {}

  private final String uri;
  private @Nullable PatternTree<V> node;
  private int at;
  private @Nullable Fork<V> forks;

  WildcardSearch(PatternTree<V> root, String uri) {
    this.uri = uri;
    this.node = root.isEmpty() ? null : root;
  }

  /** What stands in the tree for a pattern. */
  static String key(String pattern) {
    return pattern + '.';
  }

  /** The next match, or null when there is none left. */
  PatternTree.@Nullable Entry<V> next() {
    while (node != null) {
      PatternTree<V> here = node;
      if (!follow(here.label)) {
        backtrack();
      } else if (at <= uri.length()) {
        descend(here);
      } else {
        backtrack();
        if (here.entry != null) {
          return here.entry;
        }
      }
    }
    return null;
  }

  /** Moves past what the label matches; false where it does not. */
  private boolean follow(String label) {
    for (int i = 0; i < label.length(); i++) {
      if (at > uri.length()) {
        return false;
      }
      char expected = label.charAt(i);
      if (expected == '.' && atComponent()) {
        at = endOfComponent();
      }
      if (expected != charAt(at)) {
        return false;
      }
      at++;
    }
    return true;
  }

  private void descend(PatternTree<V> here) {
    PatternTree<V> literal = here.child(charAt(at));
    PatternTree<V> wildcard = atComponent() ? here.child('.') : null;
    if (literal == null) {
      node = wildcard;
    } else {
      node = literal;
      if (wildcard != null && wildcard != literal) {
        forks = new Fork<>(wildcard, at, forks);
      }
    }
    if (node == null) {
      backtrack();
    }
  }

  private void backtrack() {
    if (forks == null) {
      node = null;
    } else {
      node = forks.wildcard();
      at = forks.at();
      forks = forks.earlier();
    }
  }

  private boolean atComponent() {
    return at == 0 || charAt(at - 1) == '.';
  }

  private int endOfComponent() {
    int dot = uri.indexOf('.', at);
    return dot < 0 ? uri.length() : dot;
  }

  private char charAt(int index) {
    return index == uri.length() ? '.' : uri.charAt(index);
  }
}
