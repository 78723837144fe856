package io.tandem.node.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One pass over one document: the problems found so far, and the keys that were asked for. Confined
 * to the thread that reads.
 */
final class Reading {

  /**
   * A key that the configuration has.
   *
   * @param expected what its value may be
   * @param otherwise what holds where it is absent; empty where nothing does
   */
  record Key(String expected, String otherwise) {}

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Key> vocabulary = new LinkedHashMap<>();

  Reading(String file) {
    this.file = file;
  }

  void problem(Node at, String key, String message) {
    Mark mark = at.getStartMark().orElseThrow();
    problem(mark.getLine(), mark.getColumn(), key, message);
  }

  /** Where a node stands, such as {@code node.yaml:12}. */
  String place(Node node) {
    return file + ":" + (node.getStartMark().orElseThrow().getLine() + 1);
  }

  /** Line and column count from 0 here, as the parser counts. */
  void problem(int line, int column, String key, String message) {
    problems.add(new Problem(file, line + 1, column + 1, key, message));
  }

  /** Notes that the key exists: list indices are dropped, so every element shares its keys. */
  void asked(String path, Key key) {
    vocabulary.putIfAbsent(withoutIndices(path), key);
  }

  /** Every key asked for so far by its path, such as {@code listeners[].tls.key}, in that order. */
  Map<String, Key> vocabulary() {
    return vocabulary;
  }

  static String withoutIndices(String path) {
    return path.replaceAll("\\[\\d+]", "[]");
  }

  /** Ends the pass. */
  void throwProblems() throws ConfigurationException {
    if (!problems.isEmpty()) {
      throw toException();
    }
  }

  ConfigurationException toException() {
    problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return new ConfigurationException(problems);
  }
}
