package io.tandem.node.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The keys that a section has, and those of the sections in it.
 *
 * @param paths relative to the section: {@code limits}, {@code limits.maxMessageSize}
 */
record Vocabulary(List<String> paths) {

  /** Longer keys are no typing errors. */
  private static final int LONGEST_TYPO = 40;

  static Vocabulary below(Iterable<String> all, String section) {
    String prefix = section.isEmpty() ? "" : Reading.withoutIndices(section) + ".";
    List<String> paths = new ArrayList<>();
    for (String path : all) {
      if (path.startsWith(prefix)) {
        paths.add(path.substring(prefix.length()));
      }
    }
    return new Vocabulary(paths);
  }

  boolean contains(String key) {
    return key.indexOf('.') < 0 && paths.contains(key);
  }

  /** What to say about a key that does not exist: the nearest one, or all there are. */
  String unknown(String key) {
    String all =
        paths.stream().filter(path -> path.indexOf('.') < 0).collect(Collectors.joining(", "));
    if (key.length() > LONGEST_TYPO) {
      return "unknown key; known are " + all;
    }
    return paths.stream()
        .filter(path -> distance(key, leaf(path)) <= Math.max(1, key.length() / 3))
        .min(
            Comparator.comparingInt((String path) -> distance(key, leaf(path)))
                .thenComparingInt(String::length))
        .map(nearest -> "unknown key; did you mean " + nearest + "?")
        .orElse("unknown key; known are " + all);
  }

  private static String leaf(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** How many characters must be changed, added or removed (Levenshtein), letter case aside. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
