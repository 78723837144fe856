package io.tandem.node.conversations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One section of a document in {@code docs/conversations}: what clients say to the router and what
 * they hear, a step on each indented line. What stands around it is for people.
 *
 * @param place the document and the section's heading
 */
record Conversation(String place, List<Step> steps) {

  private static final String HEADING = "## ";
  private static final String STEP = "    ";
  private static final String CONTINUED = STEP + STEP;
  private static final Pattern FORM =
      Pattern.compile("(\\w+) (opens|joins|leaves|hangs up|is cut off|[<>])(?: (.+))?");

  /** What a client does, or what becomes of it. */
  enum Kind {
    /** Opens a transport, and says nothing. */
    OPENS,
    /** Says HELLO, with what is given as details beside its roles, and hears WELCOME. */
    JOINS,
    SAYS,
    HEARS,
    /** Says GOODBYE, and hears it. */
    LEAVES,
    /** Ends the transport without a word. */
    HANGS_UP,
    /** The router has ended the transport. */
    IS_CUT_OFF
  }

  /**
   * A step.
   *
   * @param text the message, or empty
   * @param line of the document, from 1
   */
  record Step(String client, Kind kind, String text, int line) {}

  /** All conversations of a document. */
  static List<Conversation> read(Path document) throws IOException {
    List<Conversation> all = new ArrayList<>();
    List<String> lines = Files.readAllLines(document);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(HEADING)) {
        String place = document.getFileName() + ": " + line.substring(HEADING.length());
        all.add(new Conversation(place, new ArrayList<>()));
      } else if (line.startsWith(STEP)) {
        int number = i + 1;
        StringBuilder step = new StringBuilder(line.strip());
        while (i + 1 < lines.size() && lines.get(i + 1).startsWith(CONTINUED)) {
          step.append(' ').append(lines.get(++i).strip());
        }
        all.get(all.size() - 1).steps().add(step(step.toString(), document, number));
      }
    }
    all.removeIf(each -> each.steps().isEmpty());
    return all;
  }

  private static Step step(String text, Path document, int line) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(document + ":" + line + ": no step: " + text);
    }
    Kind kind =
        switch (form.group(2)) {
          case "opens" -> Kind.OPENS;
          case "joins" -> Kind.JOINS;
          case "leaves" -> Kind.LEAVES;
          case "hangs up" -> Kind.HANGS_UP;
          case "is cut off" -> Kind.IS_CUT_OFF;
          case ">" -> Kind.SAYS;
          default -> Kind.HEARS;
        };
    return new Step(form.group(1), kind, form.group(3) == null ? "" : form.group(3), line);
  }

  @Override
  public String toString() {
    return place;
  }
}
