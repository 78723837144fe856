package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the tables of docs/configuration.md what the reader accepts. */
class ReferenceTest {

  private static final Path REFERENCE = Path.of("../docs/configuration.md");

  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");
  private static final Pattern HEADING = Pattern.compile("## `(.*)`");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (.*?) \\| (.*?) \\| .+ \\|");

  @Test
  void tablesListEveryKeyWithItsValuesAndDefault(@TempDir Path directory) throws Exception {
    DevelopmentConfigurationTest.writeExampleFiles(directory);
    Reading reading = new Reading("development.yaml");
    Yaml.config(reading, DevelopmentConfigurationTest.uncommented(directory), directory);

    assertThat(documented()).containsExactlyInAnyOrderEntriesOf(reading.vocabulary());
  }

  @Test
  void examplesLoad(@TempDir Path directory) throws Exception {
    DevelopmentConfigurationTest.writeExampleFiles(directory);
    Matcher example = EXAMPLE.matcher(Files.readString(REFERENCE));
    assertThat(example.find()).isTrue();
    do {
      assertThat(Yaml.config(example.group(1), directory).warnings()).isEmpty();
    } while (example.find());
  }

  private static Map<String, Reading.Key> documented() throws Exception {
    Map<String, Reading.Key> keys = new LinkedHashMap<>();
    String section = "";
    for (String line : Files.readAllLines(REFERENCE)) {
      Matcher heading = HEADING.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        section = heading.group(1) + ".";
      } else if (row.matches()) {
        String otherwise = row.group(3).equals("–") ? "" : row.group(3);
        keys.put(section + row.group(1), new Reading.Key(row.group(2), otherwise));
      }
    }
    return keys;
  }
}
