package io.tandem.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What SECURITY.md says that strangers get: each row names tests, and they are there. */
class SecurityTableTest {

  private static final String HEAD = "| A stranger |";
  private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

  /** Those that JUnit runs, with what stands before their names. */
  private static final String RUN =
      "(?s).*@(?:Test|ParameterizedTest|RepeatedTest)\\b(?:(?!;|\\}).)*?\\bvoid %s\\(.*";

  private final Map<String, Path> tests =
      Repository.files("Test.java", "IT.java", "Contract.java").stream()
          .filter(file -> file.toString().contains("/src/test/"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  Function.identity(),
                  (one, other) -> one));

  @Test
  void eachRowNamesATestThatIsRun() {
    List<String> rows = rows();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(12);
    List<String> vain = new ArrayList<>();
    for (String row : rows) {
      String[] cells = row.split("\\|", -1);
      assertThat(cells).as(row).hasSize(6);
      Matcher names = NAME.matcher(cells[4]);
      if (!names.find()) {
        vain.add(row);
      }
      names.reset();
      while (names.find()) {
        Path file = tests.get(names.group(1));
        if (file == null || !runs(file, names.group(2))) {
          vain.add(names.group());
        }
      }
    }
    assertThat(vain).as("rows without a test").isEmpty();
  }

  private static boolean runs(Path file, String method) {
    return String.join("\n", Repository.lines(file)).matches(RUN.formatted(method));
  }

  private static List<String> rows() {
    return Repository.lines(Repository.ROOT.resolve("SECURITY.md")).stream()
        .dropWhile(line -> !line.startsWith(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
