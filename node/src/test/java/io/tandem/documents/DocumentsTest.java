package io.tandem.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Documents that can be read beside code, whose links lead somewhere and whose paths exist. */
class DocumentsTest {

  /** Columns of prose. A row of a table is one line, and what a program wrote is as it wrote it. */
  private static final int WIDTH = 119;

  private static final String GENERATED = "docs/conformance";

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern COMMENT = Pattern.compile("\\s*(?:#|//|/?\\*|<!--).*");

  /** A source as documents name it: module, package, class, and perhaps a member. */
  private static final Pattern SOURCE =
      Pattern.compile("`((?:[a-z][a-zA-Z-]*/)+)([A-Z]\\w*)(?:\\.(\\w+))?`");

  private static final Set<String> MODULES =
      Set.of(
          "protocol",
          "processes",
          "registry",
          "cluster",
          "node",
          "client",
          "load-tests",
          "testkit");

  @Test
  void linesOfProseAreBelow120Columns() {
    List<String> wide = new ArrayList<>();
    for (Path document : documents()) {
      Repository.prose(document)
          .forEach(
              (number, line) -> {
                if (line.length() > WIDTH && !line.startsWith("|")) {
                  wide.add(Repository.name(document) + ":" + number);
                }
              });
    }
    assertThat(wide).isEmpty();
  }

  @Test
  void linesOfCommentsAreBelow120Columns() {
    List<String> wide = new ArrayList<>();
    for (Path file :
        Repository.files(
            ".java",
            ".js",
            ".py",
            ".sh",
            ".xml",
            ".yaml",
            ".yml",
            "/run",
            "/launcher",
            "/mutants")) {
      int number = 0;
      for (String line : Repository.lines(file)) {
        number++;
        if (line.length() > WIDTH && COMMENT.matcher(line).matches()) {
          wide.add(Repository.name(file) + ":" + number);
        }
      }
    }
    assertThat(wide).isEmpty();
  }

  @Test
  void linksLeadToFilesAndHeadingsThatExist() {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Repository.prose(document)
          .forEach(
              (number, line) ->
                  matches(LINK, line).stream()
                      .map(link -> link.group(1))
                      .filter(link -> !link.contains("://") && !leads(document, link))
                      .forEach(
                          link ->
                              broken.add(Repository.name(document) + ":" + number + " " + link)));
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leads(Path document, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? document : document.resolveSibling(path);
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  /** What headings are called in links: lower case, hyphens for blanks, no other punctuation. */
  private static Set<String> anchors(Path document) {
    return Repository.prose(document).values().stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void sourcesThatDocumentsNameExist() {
    Set<String> missing = new TreeSet<>();
    for (Path document : documents()) {
      for (String line : Repository.prose(document).values()) {
        for (MatchResult source : matches(SOURCE, line)) {
          String module = source.group(1).substring(0, source.group(1).indexOf('/'));
          if (MODULES.contains(module) && !exists(module, source)) {
            missing.add(Repository.name(document) + ": " + source.group());
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean exists(String module, MatchResult source) {
    String packages = source.group(1).substring(module.length() + 1);
    String root = module.equals("load-tests") ? "bench" : module;
    for (String kind : List.of("main", "test")) {
      Path file =
          Repository.ROOT.resolve(
              "%s/src/%s/java/io/tandem/%s/%s%s.java"
                  .formatted(module, kind, root, packages, source.group(2)));
      if (Files.exists(file)) {
        String member = source.group(3);
        return member == null
            || Repository.lines(file).stream()
                .anyMatch(line -> line.matches(".*\\b" + member + "\\b.*"));
      }
    }
    return false;
  }

  private static List<MatchResult> matches(Pattern pattern, String line) {
    return pattern.matcher(line).results().toList();
  }

  private static List<Path> documents() {
    return Repository.files(".md").stream()
        .filter(file -> !Repository.name(file).startsWith(GENERATED))
        .toList();
  }
}
