package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Leaves the chart as it is rendered where {@code helm/containers} takes it from. */
class RenderedChartTest {

  private static final Path OUTPUT = Path.of("target", "rendered");

  @Test
  void whatTheContainersRunIsThereForThem() throws IOException {
    Manifests manifests = Manifests.parse(Chart.with(Path.of("containers.yaml")));
    Path file = OUTPUT.resolve("containers.json");
    Files.createDirectories(OUTPUT);
    new ObjectMapper().writeValue(file.toFile(), manifests.all());
    assertThat(file).content().contains("StatefulSet", "ConfigMap", "NetworkPolicy", "selftest");
  }
}
