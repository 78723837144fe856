package io.tandem.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of a requirement table.
 *
 * @param section heading of the section it stands in, such as {@code "5. Sessions"}
 * @param rule the rule in Markdown
 */
record Requirement(String id, String level, String section, String rule) {
  private static final Pattern SECTION = Pattern.compile("## (\\d+\\. .+)");
  private static final Pattern ROW =
      Pattern.compile("\\| ([A-Z0-9]+(?:-[A-Z0-9]+)*-\\d+) \\| ([A-Z -]+) \\| \\w+ \\| (.+) \\|");

  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(?i)(not|neither is) planned|not implemented|information only|none is defined"
              + "|unwritten stub");

  private static final int SHORT = 140;

  /** Reads the rows of all requirement tables, in their order. */
  static List<Requirement> readAll(List<String> markdown) {
    List<Requirement> requirements = new ArrayList<>();
    String section = "";
    for (String line : markdown) {
      Matcher heading = SECTION.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        section = heading.group(1);
      } else if (row.matches()) {
        requirements.add(new Requirement(row.group(1), row.group(2), section, row.group(3)));
      }
    }
    return requirements;
  }

  /** Whether a router could do it, and this one shall: the catalogue itself leaves out the rest. */
  boolean isPlanned() {
    return !LEFT_OUT.matcher(rule).find();
  }

  /** The first sentence of the rule, cut between words where it is long. */
  String shortRule() {
    int sentence = rule.indexOf(". ");
    String text = sentence < 0 ? rule : rule.substring(0, sentence + 1);
    if (text.length() <= SHORT) {
      return text;
    }
    text = text.substring(0, text.lastIndexOf(' ', SHORT));
    boolean insideCode = text.chars().filter(c -> c == '`').count() % 2 == 1;
    return (insideCode ? text.substring(0, text.lastIndexOf('`')).stripTrailing() : text) + " …";
  }
}
