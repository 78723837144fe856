package io.tandem.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The conversations that claim to prove requirements: sections of {@code docs/conversations} with
 * their IDs in italics below the heading. {@code ConversationsIT} holds each with one node and with
 * three.
 */
final class MarkedConversations {

  private static final String HEADING = "## ";
  private static final Pattern MARK =
      Pattern.compile("\\*([A-Z0-9]+-[A-Z0-9-]+(, [A-Z0-9-]+)*)\\*");

  private MarkedConversations() {}

  static List<MarkedTest> scan(Path root) throws IOException {
    List<MarkedTest> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve("docs/conversations"))) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".md")) {
          String source = root.relativize(file).toString().replace('\\', '/');
          all.addAll(marked(source, Files.readAllLines(file)));
        }
      }
    }
    return all;
  }

  static List<MarkedTest> marked(String source, List<String> lines) {
    List<MarkedTest> found = new ArrayList<>();
    String heading = "";
    for (String line : lines) {
      Matcher mark = MARK.matcher(line);
      if (line.startsWith(HEADING)) {
        heading = line.substring(HEADING.length());
      } else if (mark.matches()) {
        List<String> ids = List.of(mark.group(1).split(", "));
        found.add(
            new MarkedTest(source, "Conversation", heading, ids, List.of("TestFactory"), true));
      }
    }
    return found;
  }
}
