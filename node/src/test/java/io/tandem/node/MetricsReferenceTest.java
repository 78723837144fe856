package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.LinkCounts;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.testing.TestNode;
import io.tandem.node.transport.DirectMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps docs/metrics.md what the management port shows. */
class MetricsReferenceTest {

  private static final Path REFERENCE = Path.of("../docs/metrics.md");

  private static final Pattern METER = Pattern.compile("(?m)^(tandem_\\w+)(?:\\{(.*)})? ");

  /** Those whose values are known before anything happens. */
  private static final Pattern LABEL = Pattern.compile("(?:reason|cause|what)=\"(\\w+)\"");

  private static final Pattern DOCUMENTED = Pattern.compile("`(\\w+)(?:\\{\\w+})?`");

  @Test
  void everyMetricAndEveryLabelIsExplained() throws Exception {
    Set<String> shown = new TreeSet<>();
    try (TestNode node = TestNode.start();
        NodeMeters meters =
            new NodeMeters(node.node().lanes().get(0).router(), DirectMemory.ofProcess())) {
      meters.bind(new LinkCounts());
      meters.bindConfigurations(() -> 1);
      note(shown, node.metrics());
      note(shown, meters.scrape());
    }
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

  private static void note(Set<String> shown, String scrape) {
    Matcher meter = METER.matcher(scrape);
    while (meter.find()) {
      shown.add(meter.group(1));
      if (meter.group(2) != null) {
        LABEL.matcher(meter.group(2)).results().forEach(label -> shown.add(label.group(1)));
      }
    }
  }
}
