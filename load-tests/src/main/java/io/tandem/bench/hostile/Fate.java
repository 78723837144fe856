package io.tandem.bench.hostile;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must become of attackers: the words in which they may be told that they are refused, as
 * {@link Spoils} counts them.
 *
 * @param words none others may be heard
 * @param isSure whether one of them must be heard
 */
record Fate(Set<String> words, boolean isSure) {

  /** The node goes on with them, at its own pace, and refuses nothing. */
  static Fate served() {
    return new Fate(Set.of(), false);
  }

  /** Each is told one of these, and somebody is. */
  static Fate told(String... words) {
    return new Fate(Set.of(words), true);
  }

  /** The same, unless the time is too short for anybody to get that far. */
  static Fate perhaps(String... words) {
    return new Fate(Set.of(words), false);
  }

  /** What is wrong with what they were told; null when nothing is. */
  @Nullable String missed(Map<String, Long> told) {
    Set<String> others = new TreeSet<>(told.keySet());
    others.removeAll(words);
    if (!others.isEmpty()) {
      return "attackers were told " + others + ", not " + this;
    }
    return isSure && told.isEmpty() ? "no attacker was told " + this : null;
  }

  @Override
  public String toString() {
    return words.isEmpty() ? "anything" : String.join(" or ", new TreeSet<>(words));
  }
}
