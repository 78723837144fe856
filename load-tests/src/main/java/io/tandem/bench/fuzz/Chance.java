package io.tandem.bench.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** What a seed decides: the same seed, the same decisions. For one thread. */
final class Chance {

  private final SplittableRandom random;

  private Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Of one case of a run. */
  static Chance of(long seed, Target target, long number) {
    // SplittableRandom mixes well, but not seeds that differ in their last bits only.
    return new Chance(
        (seed * 31 + target.name().hashCode()) * 0x9E3779B97F4A7C15L
            + number * 0xBF58476D1CE4E5B9L);
  }

  /** From 0 to the bound, which is not reached. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  long number() {
    return random.nextLong();
  }

  byte[] octets(int count) {
    byte[] octets = new byte[count];
    for (int i = 0; i < count; i++) {
      octets[i] = (byte) random.nextInt(256);
    }
    return octets;
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A length: small as a rule, seldom large. */
  int length(int most) {
    return random.nextInt(1 + random.nextInt(1 + random.nextInt(most)));
  }
}
