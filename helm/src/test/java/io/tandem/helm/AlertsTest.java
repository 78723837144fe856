package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts and dashboards that ship with the chart. */
class AlertsTest {

  private static final Path ALERTS = Path.of("tandem/files/alerts.yaml");
  private static final Path DASHBOARDS = Path.of("tandem/files/dashboards");
  private static final Path PROOFS = Path.of("src/test/prometheus/alerts-test.yaml");
  private static final Path RUNBOOK = Path.of("../docs/runbook.md");

  private static final Pattern SECTION = Pattern.compile("(?m)^## (\\w+)$");

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    new ObjectMapper(new YAMLFactory())
        .readTree(ALERTS.toFile())
        .path("groups")
        .forEach(group -> group.path("rules").forEach(alerts::add));
    return alerts;
  }

  private static List<String> names() throws IOException {
    return alerts().stream().map(alert -> alert.path("alert").asText()).toList();
  }

  @Test
  void eachAlertSaysHowBadItIsAndWhereTheRunbookHasIt() throws IOException {
    List<String> sections =
        SECTION
            .matcher(Files.readString(RUNBOOK))
            .results()
            .map(section -> section.group(1))
            .toList();
    assertThat(names()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sections);
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
      assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
      assertThat(alert.at("/annotations/runbook").asText())
          .isEqualTo("docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void eachAlertIsProvedToCome() throws IOException {
    String proofs = Files.readString(PROOFS);
    assertThat(names())
        .allSatisfy(
            name -> assertThat(proofs).containsPattern("alertname[=:] ?\"?" + name + "\\b"));
  }

  /** Where there is a promtool, as Debian's package prometheus has it. */
  @Test
  void promtoolFindsThatEachComesWhenItShould() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool"))),
        "no promtool");
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", PROOFS.getFileName().toString())
            .directory(PROOFS.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  @Test
  void dashboardsHaveNamesOfTheirOwnAndTakeTheDataSourceThatOneChooses() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(DASHBOARDS)) {
      files = all.sorted().toList();
    }
    assertThat(files).isNotEmpty();
    Set<String> names = new HashSet<>();
    for (Path file : files) {
      JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
      assertThat(names.add(dashboard.path("uid").asText())).as(file.toString()).isTrue();
      assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
      Set<Integer> panels = new HashSet<>();
      for (JsonNode panel : dashboard.path("panels")) {
        String title = panel.path("title").asText();
        assertThat(panels.add(panel.path("id").asInt())).as(title).isTrue();
        assertThat(title).isNotBlank();
        for (JsonNode target : panel.path("targets")) {
          assertThat(target.path("expr").asText()).as(title).contains("$job");
          assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
        }
      }
    }
  }
}
