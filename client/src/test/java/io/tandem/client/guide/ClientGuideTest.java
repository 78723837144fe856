package io.tandem.client.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ClientGuideTest {

  private static final Path GUIDE = Path.of("..", "docs", "client.md");
  private static final Path CODE =
      Path.of("src", "test", "java", "io", "tandem", "client", "guide", "Snippets.java");

  @Test
  void codeOfTheGuideIsTheCodeThatCompiles() throws IOException {
    Map<String, String> told = found(GUIDE, "(?s)<!-- snippet: (\\w+) -->\\n```java\\n(.*?)```");
    Map<String, String> compiled = found(CODE, "(?s) *// <(\\w+)>\\n(.*?) *// </\\1>");
    assertThat(told).isNotEmpty().isEqualTo(compiled);
  }

  private static Map<String, String> found(Path file, String pattern) throws IOException {
    Map<String, String> snippets = new TreeMap<>();
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
    while (matcher.find()) {
      snippets.put(matcher.group(1), matcher.group(2).stripTrailing().stripIndent());
    }
    return snippets;
  }
}
