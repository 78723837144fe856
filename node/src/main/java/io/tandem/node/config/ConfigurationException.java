package io.tandem.node.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Carries every problem; the message has one on each line. */
public final class ConfigurationException extends Exception {

  /** A message says no more than this many problems, and how many it leaves out. */
  static final int MAX_LINES = 100;

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // an immutable list of records; never sent anywhere
  private final List<Problem> problems;

  ConfigurationException(List<Problem> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  private static String message(List<Problem> problems) {
    int more = problems.size() - MAX_LINES;
    return problems.stream()
        .limit(MAX_LINES)
        .map(Problem::toString)
        .collect(Collectors.joining("\n", "", more > 0 ? "\nand " + more + " more problems" : ""));
  }

  /** At least one, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
