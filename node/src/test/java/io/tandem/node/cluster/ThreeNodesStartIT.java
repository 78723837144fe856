package io.tandem.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every start of a cluster comes to an end, whatever happens beside it. {@code -Dtandem.repeat=300}
 * starts 300 of them, and tells after each ten how long it took until all nodes were ready.
 */
class ThreeNodesStartIT {

  private static final int STARTS = Integer.getInteger("tandem.repeat", 3);
  private static final int TELL_EACH = 10;

  /** Nanoseconds until all nodes of a cluster were ready, for those that have been. */
  private static final long[] TOOK = new long[STARTS];

  private static int ready;
  private static Neighbours neighbours;

  @BeforeAll
  static void comeAndGo() {
    neighbours = new Neighbours();
  }

  @AfterAll
  static void stop() {
    neighbours.close();
  }

  static IntStream starts() {
    return IntStream.rangeClosed(1, STARTS);
  }

  /** One after the other, or the second and the third at once. */
  @ParameterizedTest
  @MethodSource("starts")
  void threeNodesAreReadyBesideAClusterThatComesAndGoes(int start) {
    long begun = System.nanoTime();
    try (TestCluster cluster = start % 2 == 0 ? TestCluster.startAtOnce(3) : TestCluster.start(3)) {
      TOOK[ready++] = System.nanoTime() - begun;

      assertThat(cluster.nodes())
          .extracting(TestNode::readiness)
          .containsOnly("{\"status\":\"UP\"}");
    } finally {
      if (start % TELL_EACH == 0 || start == STARTS) {
        tell(start);
      }
    }
  }

  private static void tell(int starts) {
    double[] seconds =
        IntStream.range(0, ready).mapToDouble(start -> TOOK[start] / 1e9).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "starts: %d of %d, %d ready: median %.1f s, p99 %.1f s, worst %.1f s;"
            + " the neighbours came and went %d times%n",
        starts,
        STARTS,
        ready,
        quantile(seconds, 0.5),
        quantile(seconds, 0.99),
        quantile(seconds, 1),
        neighbours.comings());
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
