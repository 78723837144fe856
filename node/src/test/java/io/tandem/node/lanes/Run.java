package io.tandem.node.lanes;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One repetition of a test, with the ways that its two sessions take. How many there are is set by
 * {@code -Dtandem.repeat=N}; 36 meet every pair of ways.
 */
record Run(int number, Way first, Way second) {

  private static final int COUNT = Integer.getInteger("tandem.repeat", 6);

  static Stream<Run> all() {
    return IntStream.range(0, COUNT).mapToObj(n -> new Run(n, Way.of(n), Way.of(n + 1 + n / 6)));
  }

  /** A URI that no other run uses. */
  String uri(String name) {
    return "com.run" + number + "." + name;
  }

  @Override
  public String toString() {
    return number + ": " + first + ", " + second;
  }
}
