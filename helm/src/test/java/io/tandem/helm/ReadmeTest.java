package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tables of values in the README are those of values.yaml, with its comments and defaults.
 * {@code -Dchart.write=true} writes them anew.
 */
class ReadmeTest {

  private static final Path README = Chart.DIRECTORY.resolve("README.md");
  private static final String BEGIN = "<!-- made of values.yaml by ReadmeTest -->\n";
  private static final String END = "<!-- end of values -->\n";

  private static final Pattern SECTION = Pattern.compile("# --- (.+?) -+");
  private static final Pattern KEY = Pattern.compile("( *)(\\w+):.*");

  private record Row(String section, String key, String defaultValue, String meaning) {

    String line() {
      String shown = defaultValue.isEmpty() ? "" : "`" + defaultValue + "`";
      return "| `%s` | %s | %s |".formatted(key, shown, meaning.replace("|", "\\|"));
    }
  }

  private final List<Row> rows = new ArrayList<>();

  @BeforeEach
  void readValues() throws IOException {
    String text = Files.readString(Chart.DIRECTORY.resolve("values.yaml"));
    JsonNode values = Manifests.tree(text);
    Deque<String> path = new ArrayDeque<>();
    List<String> comment = new ArrayList<>();
    String section = "";
    for (String line : text.lines().toList()) {
      Matcher heading = SECTION.matcher(line);
      Matcher key = KEY.matcher(line);
      if (heading.matches()) {
        section = heading.group(1);
        comment.clear();
      } else if (line.isBlank()) {
        comment.clear();
      } else if (line.strip().startsWith("# ")) {
        comment.add(line.strip().substring(2));
      } else if (key.matches()) {
        while (path.size() > key.group(1).length() / 2) {
          path.removeLast();
        }
        if (path.size() < key.group(1).length() / 2) {
          continue; // In an item of a list, which is shown whole.
        }
        path.add(key.group(2));
        JsonNode value = values.at("/" + String.join("/", path));
        rows.add(new Row(section, String.join(".", path), shown(value), String.join(" ", comment)));
        comment.clear();
      }
    }
  }

  /** In the notation of YAML that stands in one line; nothing where keys of its own follow. */
  private static String shown(JsonNode value) {
    if (value.isObject()) {
      return value.isEmpty() ? "{}" : "";
    }
    return flow(value);
  }

  private static String flow(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(entry -> entry.getKey() + ": " + flow(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value.isArray()) {
      Stream<JsonNode> items = StreamSupport.stream(value.spliterator(), false);
      return items.map(ReadmeTest::flow).collect(Collectors.joining(", ", "[", "]"));
    }
    return value.isTextual() && value.textValue().isEmpty() ? "\"\"" : value.asText();
  }

  @Test
  void everyValueHasAMeaningOrBelongsToOneThatHas() {
    assertThat(rows).hasSizeGreaterThan(80);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(rows)
                    .as(row.key())
                    .anyMatch(
                        other ->
                            !other.meaning().isEmpty()
                                && ((other.key() + ".").startsWith(row.key() + ".")
                                    || row.key().startsWith(other.key() + "."))));
  }

  @Test
  void theTablesOfTheReadmeAreThoseOfTheValues() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    assertThat(begin).isGreaterThan(BEGIN.length());
    assertThat(end).isGreaterThanOrEqualTo(begin);
    if (Boolean.getBoolean("chart.write")) {
      readme = readme.substring(0, begin) + tables() + readme.substring(end);
      Files.writeString(README, readme);
    }
    assertThat(readme.substring(begin, readme.indexOf(END))).isEqualTo(tables());
  }

  private String tables() {
    StringBuilder text = new StringBuilder();
    String section = "";
    for (Row row : rows) {
      if (row.meaning().isEmpty() && row.defaultValue().isEmpty()) {
        continue;
      }
      if (!row.section().equals(section)) {
        section = row.section();
        text.append("\n### ").append(section).append("\n\n");
        text.append("| Value | Default | Meaning |\n|---|---|---|\n");
      }
      text.append(row.line()).append('\n');
    }
    return text.append('\n').toString();
  }
}
