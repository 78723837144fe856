package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values, each showing something of the chart, and what they make different from what is rendered
 * without any. {@code -Dchart.write=true} writes that down anew, for a reader to judge.
 */
class ValueSetsTest {

  private static final Path EXPECTED = Path.of("src/test/resources/rendered");

  /** Where those find all renderings who show them to a cluster. */
  private static final Path RENDERED = Path.of("target", "rendered");

  private static final Manifests DEFAULTS = Manifests.parse(Chart.text());

  static List<String> sets() throws IOException {
    return names(Chart.VALUES, ".yaml");
  }

  private static List<String> names(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void valuesMeanWhatIsWrittenDown(String name) throws Exception {
    String text = Chart.with(Chart.VALUES.resolve(name + ".yaml"));
    Files.createDirectories(RENDERED);
    Files.writeString(RENDERED.resolve(name + ".yaml"), text);
    Manifests rendered = Manifests.parse(text);
    Path expected = EXPECTED.resolve(name + ".txt");
    String differences = String.join("\n", Differences.between(DEFAULTS, rendered)) + "\n";
    if (Boolean.getBoolean("chart.write")) {
      Files.createDirectories(EXPECTED);
      Files.writeString(expected, differences);
    }
    assertThat(expected).content().isEqualTo(differences);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void theNodeAcceptsItsConfiguration(String name) throws Exception {
    assertThat(Pods.config(Manifests.parse(Chart.with(Chart.VALUES.resolve(name + ".yaml")))))
        .isNotNull();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void theFirstLineSaysWhatIsShown(String name) {
    assertThat(Chart.VALUES.resolve(name + ".yaml")).content().startsWith("# ");
  }

  @Test
  void whatIsWrittenDownBelongsToValues() throws IOException {
    assertThat(sets()).hasSizeGreaterThan(20);
    assertThat(names(EXPECTED, ".txt")).isEqualTo(sets());
  }
}
