package io.tandem.node.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Carries every problem; the message has one on each line. */
public final class ConfigurationException extends Exception {

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // an immutable list of records; never sent anywhere
  private final List<Problem> problems;

  ConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
