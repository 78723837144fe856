package io.tandem.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.junit.jupiter.api.Test;

class ProvedRequirementsTest {
  private static final List<Requirement> REQUIREMENTS =
      Requirement.readAll(
          List.of(
              "## 1. Pubs & subs",
              "| ID | Level | Status | Rule |",
              "|---|---|---|---|",
              "| PS-01 | MUST | basic | SUBSCRIBE is answered. More about it. |",
              "| PS-X-02 | D-MUST NOT | interop | Two `a | b`. |",
              "| other | MUST | basic | no requirement |",
              "## 2. Rest",
              "| ID-01 | MAY | none | An ID. |"));

  @Test
  void requirementsAreReadWithTheirSections() {
    assertThat(REQUIREMENTS)
        .extracting(Requirement::id, Requirement::level, Requirement::section)
        .containsExactly(
            tuple("PS-01", "MUST", "1. Pubs & subs"),
            tuple("PS-X-02", "D-MUST NOT", "1. Pubs & subs"),
            tuple("ID-01", "MAY", "2. Rest"));
  }

  @Test
  void longRuleIsCutBetweenWordsAndNeverInsideCode() {
    String rule = "word ".repeat(26) + "`some code that is long` end";
    assertThat(new Requirement("A-01", "MUST", "1. A", rule).shortRule())
        .isEqualTo("word ".repeat(26).strip() + " …");
  }

  @Test
  void marksAreFoundInNestedClassesToo() throws IOException {
    assertThat(
            parse(
                "@Nested class B { @Test @io.tandem.testing.Conformance(\"PS-01\") void c() {} }"))
        .containsExactly(
            new MarkedTest(
                "ATest.java",
                "ATest.B",
                "c",
                List.of("PS-01"),
                List.of("Test", "Conformance", "Nested"),
                false));
  }

  @Test
  void stageTellsWhetherATestHasSeveralNodes() throws IOException {
    String mark = "@Test @Conformance(\"PS-01\") void ";
    String two = "try (World world = new World(2, 3, seed, settings)) {}";
    String one = "try (World world = new World(2, settings)) {}";
    assertThat(parse(mark + "a() { " + two + " } " + mark + "b() { " + one + " }"))
        .extracting(MarkedTest::method, MarkedTest::several)
        .containsExactly(tuple("a", true), tuple("b", false));
    assertThat(
            parse("@BeforeEach void set() { cluster = TestCluster.start(3); } " + mark + "c(){}"))
        .extracting(MarkedTest::several)
        .containsExactly(true);
  }

  @Test
  void marksAreFoundInConversations() {
    List<String> document =
        List.of("# Feature", "## One thing", "", "*PS-01, ID-01*", "A *word*.", "## Another");
    assertThat(MarkedConversations.marked("a.md", document))
        .containsExactly(
            new MarkedTest(
                "a.md",
                "Conversation",
                "One thing",
                List.of("PS-01", "ID-01"),
                List.of("TestFactory"),
                true));
  }

  @Test
  void soundMarkHasNoProblem() throws IOException {
    assertThat(problems("@Test @Conformance({\"PS-01\", \"ID-01\"}) void a() {}")).isEmpty();
  }

  @Test
  void unknownIdIsAProblem() throws IOException {
    assertThat(problems("@Test @Conformance({\"PS-99\"}) void a() {}"))
        .containsExactly("ATest.java: ATest.a carries PS-99, which is no requirement");
  }

  @Test
  void anythingButALiteralIsAProblem() throws IOException {
    assertThat(problems("@Test @Conformance(IDS) void a() {}"))
        .containsExactly("ATest.java: ATest.a carries IDS, which is no requirement");
  }

  @Test
  void noIdIsAProblem() throws IOException {
    assertThat(problems("@Test @Conformance({}) void a() {}"))
        .containsExactly("ATest.java: ATest.a carries 0 IDs, not one to 3");
  }

  @Test
  void fourIdsAreAProblem() throws IOException {
    assertThat(
            problems(
                "@Test @Conformance({\"PS-01\", \"PS-X-02\", \"ID-01\", \"ID-01\"}) void a() {}"))
        .containsExactly(
            "ATest.java: ATest.a carries 4 IDs, not one to 3",
            "ATest.java: ATest.a carries an ID twice");
  }

  @Test
  void markOnATestThatMayBeSkippedIsAProblem() throws IOException {
    assertThat(
            problems("@Disabled @Nested class B { @Property @Conformance(\"PS-01\") void a() {} }"))
        .containsExactly("ATest.java: ATest.B.a is marked but may be skipped: @Disabled");
    assertThat(problems("@Test @EnabledOnOs(LINUX) @Conformance(\"PS-01\") void a() {}"))
        .containsExactly("ATest.java: ATest.a is marked but may be skipped: @EnabledOnOs");
  }

  @Test
  void markOnAPlainMethodIsAProblem() throws IOException {
    assertThat(problems("@Conformance(\"PS-01\") void a() {}"))
        .containsExactly("ATest.java: ATest.a is marked but is not a test");
  }

  @Test
  void tablesCountAndLink() throws IOException {
    var proved =
        proved(
            "@Test @Conformance(\"PS-01\") void b() {} @Example @Conformance(\"PS-01\") void a()"
                + " {}");
    assertThat(proved.summary())
        .isEqualTo(
            """
            | Section | Proved |
            |---|---|
            | [1. Pubs & subs](docs/conformance/proved.md#1-pubs--subs) | 1 of 2 |
            | [2. Rest](docs/conformance/proved.md#2-rest) | 0 of 1 |
            | All | 1 of 3 |
            """);
    assertThat(proved.list())
        .contains(
            "| PS-01 | SUBSCRIBE is answered. |"
                + " [ATest.a](../../ATest.java)<br>[ATest.b](../../ATest.java) |  |")
        .endsWith("## 2. Rest\n\n0 of 1.\n\nNot proved: ID-01.\n");
  }

  @Test
  void sameSeedPicksTheSameProvedRequirements() throws IOException {
    var proved = proved("@Test @Conformance({\"PS-01\", \"ID-01\"}) void a() {}");
    assertThat(proved.pick(7, 1)).isEqualTo(proved.pick(7, 1)).containsOnlyOnce("ATest.a");
    assertThat(proved.pick(7, 9)).contains("PS-01", "ID-01").doesNotContain("PS-X-02");
  }

  private static List<String> problems(String body) throws IOException {
    return proved(body).problems();
  }

  private static ProvedRequirements proved(String body) throws IOException {
    return new ProvedRequirements(REQUIREMENTS, parse(body));
  }

  private static List<MarkedTest> parse(String body) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    URI uri = root.resolve("ATest.java").toUri();
    var source =
        new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return "class ATest { " + body + " }";
          }
        };
    return TestSources.parse(root, List.of(source));
  }
}
