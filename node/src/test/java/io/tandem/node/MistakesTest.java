package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of mistakes says what {@code check} says. {@code -Dmistakes.write=true} writes its last
 * column.
 */
class MistakesTest {

  private static final Path TABLE = Path.of("..", "docs", "mistakes.md");

  /** The column with what is said, after the empty one before the first bar. */
  private static final int SAID = 5;

  @TempDir private Path directory;

  private final SoftAssertions checks = new SoftAssertions();

  /** What the table's secrets are: too short for anything, for a token, a key, and enough. */
  @BeforeEach
  void writeSecrets() throws IOException {
    secret("short", "abc");
    secret("secret", "a secret of joe");
    secret("key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    secret("token", "0123456789abcdef0123456789abcdef");
  }

  private void secret(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  @Test
  void eachMistakeIsRefusedWithWhatTheTableSays() throws IOException {
    List<String> before = Files.readAllLines(TABLE);
    List<String> after = new ArrayList<>();
    for (String line : before) {
      after.add(line.matches("\\| \\d+ \\|.*") ? asItIs(line) : line);
    }
    checks.assertAll();
    if (Boolean.getBoolean("mistakes.write")) {
      Files.write(TABLE, after);
    } else {
      assertThat(before).isEqualTo(after);
    }
  }

  private String asItIs(String row) throws IOException {
    String[] cells = row.split(" *\\| *", -1);
    cells[SAID] = said(configuration(cells[3], cells[4].replace("`", "")));
    return String.join(" | ", cells).strip();
  }

  /** A whole file that has but the mistake. */
  private static String configuration(String where, String wrong) {
    String lines = wrong.replace("<br>", "\n");
    return switch (where) {
      case "the document" -> lines + "\n";
      case "`listeners[0]`" ->
          "listeners:\n  - " + indented(lines) + "\nrealms: [{name: realm1}]\n";
      case "`realms[0]`" ->
          "listeners: [{}]\nrealms:\n  - name: realm1\n    " + indented(lines) + "\n";
      default ->
          "listeners: [{}]\nrealms: [{name: realm1}]\n"
              + where.replace("`", "")
              + ": "
              + lines
              + "\n";
    };
  }

  private static String indented(String lines) {
    return lines.replace("\n", "\n    ");
  }

  private String said(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("node.yaml"), yaml);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(out, true);
    int code = Main.run(both, both, stop -> {}, "check", file.toString());
    String said = out.toString(StandardCharsets.UTF_8).strip();
    checks.assertThat(code).as(yaml + said).isEqualTo(1);
    checks.assertThat(said.lines()).as(yaml).hasSize(1);
    return said.replaceFirst(".*node\\.yaml:\\d+: ", "").replace("|", "\\|");
  }
}
