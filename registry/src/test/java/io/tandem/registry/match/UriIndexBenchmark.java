package io.tandem.registry.match;

import static io.tandem.protocol.uri.MatchPolicy.EXACT;
import static io.tandem.protocol.uri.MatchPolicy.PREFIX;
import static io.tandem.protocol.uri.MatchPolicy.WILDCARD;

import java.util.function.IntFunction;

/**
 * Prints what a match and an item cost. A program, no test: run it with a fixed heap, for example
 * {@code java -Xms2g -Xmx2g -XX:+UseG1GC}. Each figure is the best of several rounds.
 */
final class UriIndexBenchmark {
  private static final int MATCHES = 200_000;
  private static final int ROUNDS = 7;

  private static long counted;

  private UriIndexBenchmark() {}

  public static void main(String[] args) {
    exact();
    UriIndex<Object> index = new UriIndex<>();
    report("no item at all", index, UriIndexBenchmark::topic);
    for (int patterns : new int[] {1, 1_000, 100_000}) {
      UriIndex<Object> wildcards = filled(patterns, i -> "com.device" + i + "..temperature", false);
      report(patterns + " wildcards, one matches", wildcards, i -> topic(i % patterns));
      report(patterns + " wildcards, none matches", wildcards, i -> topic(i) + ".x");
    }
    for (int patterns : new int[] {1, 1_000, 100_000}) {
      UriIndex<Object> prefixes = filled(patterns, i -> "com.device" + i + ".", true);
      report(patterns + " prefixes, at least one matches", prefixes, i -> topic(i % patterns));
    }
    report("65,536 wildcards that differ in the last component", binary(), i -> binaryTopic());
    System.out.println(counted + " matches in all");
  }

  private static void exact() {
    String[] uris = new String[1_000_000];
    for (int i = 0; i < uris.length; i++) {
      uris[i] = topic(i);
    }
    Object value = new Object();
    UriIndex<Object> index = new UriIndex<>();
    long before = usedHeap();
    long start = System.nanoTime();
    for (String uri : uris) {
      index.put(EXACT, uri, value);
    }
    long nanos = System.nanoTime() - start;
    System.out.printf(
        "1,000,000 exact: %d B of heap and %d ns to put, each (strings and values not counted)%n",
        (usedHeap() - before) / uris.length, nanos / uris.length);
    report("1,000,000 exact, one matches", index, i -> uris[i * 5]);
  }

  private static void count(Object value) {
    counted++;
  }

  private static UriIndex<Object> filled(int size, IntFunction<String> pattern, boolean prefix) {
    UriIndex<Object> index = new UriIndex<>();
    Object value = new Object();
    long before = usedHeap();
    long start = System.nanoTime();
    for (int i = 0; i < size; i++) {
      index.put(prefix ? PREFIX : WILDCARD, pattern.apply(i), value);
    }
    long nanos = System.nanoTime() - start;
    if (size >= 100_000) {
      System.out.printf(
          "%,d patterns: %d B of heap (with their strings) and %d ns to put, each%n",
          size, (usedHeap() - before) / size, nanos / size);
    }
    return index;
  }

  /** The worst that so many patterns can do: each literal or wildcard, and none of them matches. */
  private static UriIndex<Object> binary() {
    UriIndex<Object> index = new UriIndex<>();
    for (int bits = 0; bits < 65_536; bits++) {
      StringBuilder pattern = new StringBuilder();
      for (int i = 0; i < 16; i++) {
        pattern.append((bits >> i & 1) == 0 ? "." : "a.");
      }
      index.put(WILDCARD, pattern + "b", bits);
    }
    return index;
  }

  private static String binaryTopic() {
    return "a.".repeat(16) + "c";
  }

  private static String topic(int i) {
    return "com.device" + i + ".room7.temperature";
  }

  private static void report(String name, UriIndex<Object> index, IntFunction<String> topic) {
    String[] topics = new String[MATCHES];
    for (int i = 0; i < MATCHES; i++) {
      topics[i] = topic.apply((int) (i * 7_919L % MATCHES));
    }
    long match = Long.MAX_VALUE;
    long best = Long.MAX_VALUE;
    int some = name.startsWith("65,536") ? 200 : MATCHES;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < some; i++) {
        index.match(topics[i], UriIndexBenchmark::count);
      }
      long middle = System.nanoTime();
      for (int i = 0; i < some; i++) {
        counted += index.best(topics[i]) == null ? 0 : 1;
      }
      match = Math.min(match, middle - start);
      best = Math.min(best, System.nanoTime() - middle);
    }
    System.out.printf("%-55s match %,8d ns, best %,8d ns%n", name, match / some, best / some);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
