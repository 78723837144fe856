package io.tandem.registry.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UriIndexConcurrencyTest {
  private static final int ROUNDS = 30_000;
  private static final List<MatchPolicy> POLICIES = List.of(MatchPolicy.values());
  private static final String[] COMPONENTS = {"", "a", "b", "ab", "abc"};

  private final ExecutorService readers = Executors.newFixedThreadPool(2);
  private final UriIndex<String> index = new UriIndex<>();

  private final CountDownLatch reading = new CountDownLatch(2);

  /** The last round whose items are in the index for good. */
  private volatile int inStep = -1;

  @AfterEach
  void stop() throws InterruptedException {
    readers.shutdown();
    assertThat(readers.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void readersNeverMissAnEntryThatStays() throws Exception {
    for (MatchPolicy match : MatchPolicy.values()) {
      index.put(match, "a.ab.b", "stays " + match);
    }
    List<Future<?>> reads = List.of(readers.submit(this::read), readers.submit(this::read));

    reading.await();
    write();

    for (Future<?> read : reads) {
      read.get();
    }
  }

  /** Splits, joins and prunes around the items that stay; every tenth round adds one more. */
  private void write() {
    Random random = new Random(20_240_601);
    for (int round = 0; round < ROUNDS; round++) {
      String passing = passing(random);
      MatchPolicy match = POLICIES.get(random.nextInt(3));
      if (!passing.equals("a.ab.b")) {
        index.put(match, passing, "passing");
        index.remove(match, random.nextBoolean() ? passing : other(random));
      }
      if (round % 10 == 0) {
        index.put(MatchPolicy.PREFIX, "a.ab.b." + round + ".", "prefix " + round);
        index.put(MatchPolicy.WILDCARD, "a..b." + round + ".", "wildcard " + round);
        inStep = round;
      }
    }
    inStep = ROUNDS;
  }

  private static String other(Random random) {
    String candidate = passing(random);
    return candidate.equals("a.ab.b") ? "b" : candidate;
  }

  private static String passing(Random random) {
    StringBuilder uri = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      uri.append(COMPONENTS[random.nextInt(COMPONENTS.length)]).append(i == 0 ? "" : ".");
    }
    return uri.toString();
  }

  private void read() {
    reading.countDown();
    while (inStep < ROUNDS) {
      assertThat(matches("a.ab.b")).contains("stays EXACT", "stays PREFIX", "stays WILDCARD");
      int round = inStep;
      if (round >= 0 && round < ROUNDS) {
        assertThat(matches("a.ab.b." + round + ".x"))
            .contains("stays PREFIX", "prefix " + round, "wildcard " + round);
      }
    }
  }

  private List<String> matches(String uri) {
    List<String> found = new ArrayList<>();
    index.match(uri, found::add);
    found.removeIf("passing"::equals);
    assertThat(found).doesNotHaveDuplicates();
    return found;
  }
}
