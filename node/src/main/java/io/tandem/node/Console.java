package io.tandem.node;

import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.NodeConfig;
import io.tandem.processes.NodeProcesses;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine;

/**
 * Where commands tell what they did and why they could not: one line for each thing. What a node
 * says while it runs has a time, as all that it logs.
 */
record Console(PrintStream out, PrintStream err) implements NodeProcesses.Listener {

  private static final String NAME = "tandem: ";

  /** As in logback.xml. */
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  void print(String line) {
    out.println(line);
  }

  void say(String sentence) {
    out.println(NAME + sentence);
  }

  /** An event in the life of a node. */
  void log(String sentence) {
    out.println(now() + NAME + sentence);
  }

  /** One that should not be. */
  void complain(String sentence) {
    err.println(now() + NAME + sentence);
  }

  /** A line of one of several nodes. */
  @Override
  public void says(String node, String line) {
    out.println(node + " | " + line);
  }

  @Override
  public void happens(String sentence) {
    complain(sentence);
  }

  private static String now() {
    return TIME.format(LocalTime.now(ZoneId.systemDefault())) + " ";
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
