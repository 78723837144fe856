package io.tandem.node;

import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.NodeConfig;
import java.io.PrintStream;
import picocli.CommandLine;

/** Where commands tell what they did and why they could not: one line for each thing. */
record Console(PrintStream out, PrintStream err) {

  private static final String NAME = "tandem: ";

  void print(String line) {
    out.println(line);
  }

  void say(String sentence) {
    out.println(NAME + sentence);
  }

  void error(String sentence) {
    err.println(NAME + sentence);
  }

  void warn(NodeConfig config) {
    config.warnings().forEach(warning -> error("warning: " + warning));
  }

  /** Tells what went wrong; returns the exit code. */
  int fail(String sentence) {
    error(sentence);
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Tells every problem on a line of its own, led by file and line as editors like it. */
  int fail(ConfigurationException problems) {
    err.println(problems.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
