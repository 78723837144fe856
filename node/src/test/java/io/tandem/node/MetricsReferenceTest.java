package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.node.balance.Rebalance;
import io.tandem.node.ops.ClusterSource;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.router.Tracing;
import io.tandem.node.testing.TestNode;
import io.tandem.node.transport.DirectMemory;
import io.tandem.registry.Histogram;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps docs/metrics.md what the management port shows. */
class MetricsReferenceTest {

  private static final Path REFERENCE = Path.of("../docs/metrics.md");

  private static final Pattern ANY_METER = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? ");
  private static final Pattern METER = Pattern.compile("(?m)^(tandem_\\w+)(?:\\{(.*)})? ");

  /** Those whose values are known before anything happens. */
  private static final Pattern LABEL =
      Pattern.compile("(?:reason|cause|what|of|error|state|map)=\"(\\w+)\"");

  private static final Pattern DOCUMENTED = Pattern.compile("`(\\w+)(?:\\{\\w+})?`");

  /** Alerts and dashboards, as they ship with the chart. */
  private static final Path MONITORING = Path.of("../helm/tandem/files");

  /** What an expression asks for, with its labels; pauses are shown from the first one on. */
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:tandem|jvm(?!_gc_pause)|process)_\\w+)(?:\\{([^}]*)})?");

  /** Values of labels there that a metric names as they are. */
  private static final Pattern MATCHER =
      Pattern.compile("(?:reason|cause|what|of|error|state|map)=~?\\\\?\"([\\w|]+)\\\\?\"");

  /** Every metric, and every value of a label that is known, of a node and of one of a cluster. */
  private static Set<String> shown(Pattern meters) {
    Set<String> shown = new TreeSet<>();
    try (TestNode node = TestNode.start();
        NodeMeters more =
            new NodeMeters(node.node().lanes().get(0).router(), DirectMemory.ofProcess())) {
      more.bind(new SomeCluster());
      more.bind(new Tracing.Counts());
      more.bindCertificates(() -> Map.of("cluster", 0L));
      note(shown, meters, node.metrics());
      note(shown, meters, more.scrape());
    }
    return shown;
  }

  @Test
  void alertsAndDashboardsAskForNothingThatIsNotShown() throws Exception {
    Set<String> shown = shown(ANY_METER);
    List<Path> files;
    try (Stream<Path> all = Files.walk(MONITORING)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    assertThat(files).hasSizeGreaterThan(3);
    for (Path file : files) {
      Matcher asked = SELECTOR.matcher(Files.readString(file));
      Set<String> words = new TreeSet<>();
      while (asked.find()) {
        words.add(asked.group(1));
        String labels = asked.group(2);
        if (labels != null) {
          MATCHER
              .matcher(labels)
              .results()
              .forEach(label -> words.addAll(List.of(label.group(1).split("\\|"))));
        }
      }
      assertThat(words).as(file.toString()).isNotEmpty().isSubsetOf(shown);
    }
  }

  @Test
  void everyMetricAndEveryLabelIsExplained() throws Exception {
    Set<String> shown = shown(METER);
    Set<String> explained = new TreeSet<>();
    DOCUMENTED
        .matcher(Files.readString(REFERENCE))
        .results()
        .forEach(found -> explained.add(found.group(1)));
    assertThat(explained).containsAll(shown);
    assertThat(explained)
        .filteredOn(word -> word.startsWith("tandem_"))
        .as("explained, but not shown")
        .isSubsetOf(shown);
  }

  /** One whose links and record are there, though nothing is in them. */
  private static final class SomeCluster implements ClusterSource {
    private final LinkCounts counts = new LinkCounts();

    @Override
    public int expected() {
      return 3;
    }

    @Override
    public Rebalance.Stage rebalance() {
      return Rebalance.Stage.BALANCED;
    }

    @Override
    public List<OtherNodes.State> otherNodes() {
      return List.of();
    }

    @Override
    public Duration unchanged() {
      return Duration.ofMinutes(1);
    }

    @Override
    public int configurations() {
      return 1;
    }

    @Override
    public List<LinkState> links() {
      return List.of(new LinkState("other", true, 0, 0, 0));
    }

    @Override
    public LinkCounts counts() {
      return counts;
    }

    @Override
    public Map<String, HazelcastRegistry.Size> record() {
      return Map.of("sessions", new HazelcastRegistry.Size(0, 0));
    }

    @Override
    public Histogram operations() {
      return Histogram.ofTimes();
    }
  }

  private static void note(Set<String> shown, Pattern meters, String scrape) {
    Matcher meter = meters.matcher(scrape);
    while (meter.find()) {
      String name = meter.group(1);
      String family = name.replaceFirst("_(bucket|count|sum)$", "");
      boolean isPart = scrape.contains("# TYPE " + family + " histogram");
      shown.add(isPart ? family : name);
      if (isPart && meters == ANY_METER) {
        shown.add(name);
      }
      if (meter.group(2) != null) {
        LABEL.matcher(meter.group(2)).results().forEach(label -> shown.add(label.group(1)));
      }
    }
  }
}
