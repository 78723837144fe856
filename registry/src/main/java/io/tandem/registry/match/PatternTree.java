package io.tandem.registry.match;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable radix tree from strings to leaves: a node is reached by the units that all keys
 * below it share. A change copies the nodes on its path and shares the rest, so whoever holds a
 * root sees one state for ever, without locks. No node is there in vain: each one but the root has
 * a leaf or at least two children.
 *
 * <p>A unit is a character of ASCII or a third of another one: a node has {@value #MOST_CHILDREN}
 * children at most, or a change would cost as much as there are patterns that begin differently.
 *
 * <p>No method recurses: depth is in the hands of whoever chooses the patterns.
 */
final class PatternTree<V> {

  /** A pattern as it was put in, and its value. */
  record Leaf<V>(String pattern, V value) {}

  /** Characters of ASCII, and thirds. */
  static final int MOST_CHILDREN = 128 + 64;

  private static final PatternTree<?>[] NO_CHILDREN = new PatternTree<?>[0];
  private static final PatternTree<?> EMPTY = new PatternTree<>("", null, NO_CHILDREN);

  /** The units between the parent and here; empty at the root alone. */
  final String label;

  final @Nullable Leaf<V> leaf;

  /** In the order of their labels' first units, which all differ. */
  private final PatternTree<?>[] children;

  private PatternTree(String label, @Nullable Leaf<V> leaf, PatternTree<?>[] children) {
    this.label = label;
    this.leaf = leaf;
    this.children = children;
  }

  @SuppressWarnings("unchecked") // holds no value of any type
  static <V> PatternTree<V> empty() {
    return (PatternTree<V>) EMPTY;
  }

  boolean isEmpty() {
    return leaf == null && children.length == 0;
  }

  /** The child whose label begins with {@code first}. */
  @Nullable PatternTree<V> child(char first) {
    int slot = slot(first);
    return slot < 0 ? null : at(slot);
  }

  /** The units of a string: itself, where it is of ASCII as nearly all are. */
  static String units(String string) {
    for (int i = 0; i < string.length(); i++) {
      if (string.charAt(i) >= 0x80) {
        return thirds(string);
      }
    }
    return string;
  }

  private static String thirds(String string) {
    StringBuilder units = new StringBuilder(string.length() * 3);
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < 0x80) {
        units.append(c);
      } else {
        units
            .append((char) (0x80 | c >>> 12))
            .append((char) (0x80 | (c >>> 6 & 0x3F)))
            .append((char) (0x80 | (c & 0x3F)));
      }
    }
    return units.toString();
  }

  @Nullable Leaf<V> get(String pattern) {
    String key = units(pattern);
    PatternTree<V> node = this;
    for (int at = 0; at < key.length(); at += node.label.length()) {
      PatternTree<V> child = node.childOnTheWay(key, at);
      if (child == null) {
        return null;
      }
      node = child;
    }
    return node.leaf;
  }

  /** Calls back for every leaf whose key is a prefix of {@code uri}, the shortest first. */
  void forEachPrefixOf(String uri, Consumer<? super V> visitor) {
    String key = isEmpty() ? "" : units(uri);
    int at = 0;
    for (PatternTree<V> node = this; node != null; node = node.childOnTheWay(key, at)) {
      at += node.label.length();
      if (node.leaf != null) {
        visitor.accept(node.leaf.value());
      }
    }
  }

  /** The same with the leaves themselves. */
  void forEachLeafTo(String uri, Consumer<? super Leaf<V>> visitor) {
    String key = isEmpty() ? "" : units(uri);
    int at = 0;
    for (PatternTree<V> node = this; node != null; node = node.childOnTheWay(key, at)) {
      at += node.label.length();
      if (node.leaf != null) {
        visitor.accept(node.leaf);
      }
    }
  }

  /** The leaf with the longest key that is a prefix of {@code uri}. */
  @Nullable Leaf<V> longestPrefixOf(String uri) {
    String key = isEmpty() ? "" : units(uri);
    Leaf<V> longest = null;
    int at = 0;
    for (PatternTree<V> node = this; node != null; node = node.childOnTheWay(key, at)) {
      at += node.label.length();
      longest = node.leaf == null ? longest : node.leaf;
    }
    return longest;
  }

  /** Calls back for every leaf, in no particular order. */
  void forEach(Consumer<Leaf<V>> visitor) {
    Deque<PatternTree<V>> open = new ArrayDeque<>();
    open.push(this);
    while (!open.isEmpty()) {
      PatternTree<V> node = open.pop();
      if (node.leaf != null) {
        visitor.accept(node.leaf);
      }
      for (int slot = 0; slot < node.children.length; slot++) {
        open.push(node.at(slot));
      }
    }
  }

  /** The tree with this leaf under this pattern, in place of one that was there. */
  PatternTree<V> with(String pattern, Leaf<V> added) {
    String key = units(pattern);
    Deque<PatternTree<V>> path = new ArrayDeque<>();
    PatternTree<V> node = this;
    int at = 0;
    while (at < key.length()) {
      PatternTree<V> child = node.child(key.charAt(at));
      path.push(node);
      if (child == null) {
        node = new PatternTree<>(key.substring(at), null, NO_CHILDREN);
      } else {
        node = child.upTo(child.sharedLength(key, at));
      }
      at += node.label.length();
    }
    node = new PatternTree<>(node.label, added, node.children);
    while (!path.isEmpty()) {
      node = path.pop().withChild(node);
    }
    return node;
  }

  /** The tree without the leaf under the pattern, and without the branches that led only there. */
  PatternTree<V> without(String pattern) {
    String key = units(pattern);
    Deque<PatternTree<V>> path = new ArrayDeque<>();
    PatternTree<V> node = this;
    for (int at = 0; at < key.length(); at += node.label.length()) {
      PatternTree<V> child = node.childOnTheWay(key, at);
      if (child == null) {
        return this;
      }
      path.push(node);
      node = child;
    }
    node = new PatternTree<V>(node.label, null, node.children).pruned();
    while (!path.isEmpty()) {
      PatternTree<V> parent = path.pop();
      node = node.isEmpty() ? parent.withoutChild(node).pruned() : parent.withChild(node);
    }
    return node;
  }

  private @Nullable PatternTree<V> childOnTheWay(String key, int at) {
    PatternTree<V> child = at < key.length() ? child(key.charAt(at)) : null;
    return child != null && key.startsWith(child.label, at) ? child : null;
  }

  private int sharedLength(String key, int from) {
    int most = Math.min(label.length(), key.length() - from);
    int shared = 1;
    while (shared < most && label.charAt(shared) == key.charAt(from + shared)) {
      shared++;
    }
    return shared;
  }

  /** This node, split where its label is longer than {@code length}. */
  private PatternTree<V> upTo(int length) {
    if (length == label.length()) {
      return this;
    }
    PatternTree<V> rest = new PatternTree<>(label.substring(length), leaf, children);
    return new PatternTree<>(label.substring(0, length), null, new PatternTree<?>[] {rest});
  }

  /** This node, or one in place of it and its only child where nothing else is here. */
  private PatternTree<V> pruned() {
    if (leaf != null || children.length != 1 || label.isEmpty()) {
      return this;
    }
    PatternTree<V> only = at(0);
    return new PatternTree<>(label + only.label, only.leaf, only.children);
  }

  private PatternTree<V> withChild(PatternTree<V> child) {
    int slot = slot(child.label.charAt(0));
    PatternTree<?>[] copy;
    if (slot >= 0) {
      copy = children.clone();
    } else {
      slot = -slot - 1;
      copy = Arrays.copyOf(children, children.length + 1);
      System.arraycopy(children, slot, copy, slot + 1, children.length - slot);
    }
    copy[slot] = child;
    return new PatternTree<>(label, leaf, copy);
  }

  private PatternTree<V> withoutChild(PatternTree<V> child) {
    if (children.length == 1) {
      return new PatternTree<>(label, leaf, NO_CHILDREN);
    }
    int slot = slot(child.label.charAt(0));
    PatternTree<?>[] copy = Arrays.copyOf(children, children.length - 1);
    System.arraycopy(children, slot + 1, copy, slot, copy.length - slot);
    return new PatternTree<>(label, leaf, copy);
  }

  @SuppressWarnings("unchecked") // only nodes of this tree's type are ever stored
  private PatternTree<V> at(int slot) {
    return (PatternTree<V>) children[slot];
  }

  /** Where the child with this first unit is, or {@code -(where it would be) - 1}. */
  private int slot(char first) {
    int low = 0;
    int high = children.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int difference = children[middle].label.charAt(0) - first;
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
