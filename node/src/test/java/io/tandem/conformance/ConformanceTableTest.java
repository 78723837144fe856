package io.tandem.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Keeps the tables of proved requirements equal to the marks in the tests of all modules. With
 * {@code -Dconformance.write=true} it writes them; with {@code -Dconformance.pick=SEED:COUNT} it
 * prints proved requirements picked by a seed, with their tests.
 */
class ConformanceTableTest {
  private static final String BEGIN = "<!-- conformance:begin -->\n";
  private static final String END = "<!-- conformance:end -->\n";
  private static final String CURE =
      "write it anew with: mvn -B -q -pl node -am test -Dtest=ConformanceTableTest"
          + " -Dconformance.write=true -Dsurefire.failIfNoSpecifiedTests=false";

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path README = ROOT.resolve("README.md");
  private static final Path LIST = ROOT.resolve("docs/conformance/proved.md");

  private static List<Requirement> requirements = List.of();
  private static ProvedRequirements proved = new ProvedRequirements(List.of(), List.of());

  @BeforeAll
  static void readRequirementsAndMarks() throws IOException {
    requirements =
        Requirement.readAll(Files.readAllLines(ROOT.resolve("docs/conformance/requirements.md")));
    List<MarkedTest> tests = new ArrayList<>(TestSources.scan(ROOT, testSources()));
    tests.addAll(MarkedConversations.scan(ROOT));
    proved = new ProvedRequirements(requirements, tests);
    if (Boolean.getBoolean("conformance.write")) {
      writeTables();
    }
    String pick = System.getProperty("conformance.pick");
    if (pick != null) {
      String[] seedAndCount = pick.split(":", 2);
      System.out.println(
          proved.pick(Long.parseLong(seedAndCount[0]), Integer.parseInt(seedAndCount[1])));
    }
  }

  private static void writeTables() throws IOException {
    String readme = Files.readString(README);
    Files.writeString(
        README,
        readme.substring(0, readme.indexOf(BEGIN) + BEGIN.length())
            + proved.summary()
            + readme.substring(readme.indexOf(END)));
    Files.writeString(LIST, proved.list());
  }

  private static List<Path> testSources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(ConformanceTableTest::javaFiles)
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyRequirementHasItsOwnId() {
    assertThat(requirements).hasSizeGreaterThan(400);
    assertThat(requirements).extracting(Requirement::id).doesNotHaveDuplicates();
  }

  @Test
  void everyMarkStandsOnATestThatRunsAndNamesOneToThreeRequirements() {
    assertThat(proved.problems()).isEmpty();
  }

  @Test
  void everyRequirementIsProvedUnlessItIsLeftOutForAReason() {
    assertThat(proved.unproved()).isEmpty();
  }

  @Test
  void readmeSumsUpWhatTheTestsProve() throws IOException {
    assertThat(Files.readString(README)).as(CURE).containsOnlyOnce(BEGIN + proved.summary() + END);
  }

  @Test
  void listNamesEveryProvedRequirementAndItsTests() throws IOException {
    assertThat(Files.readString(LIST)).as(CURE).isEqualTo(proved.list());
  }
}
