package io.tandem.node;

import ch.qos.logback.classic.Level;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.logging.LogFormat;
import io.tandem.node.logging.LogObject;
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
record Console(PrintStream out, PrintStream err, LogFormat format)
    implements NodeProcesses.Listener {

  private static final String NAME = "tandem: ";

  /** As in logback.xml. */
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  Console(PrintStream out, PrintStream err) {
    this(out, err, LogFormat.TEXT);
  }

  /** The same for a node, which says everything in this way. */
  Console in(LogFormat nodes) {
    return new Console(out, err, nodes);
  }

  void print(String line) {
    out.println(line);
  }

  void say(String sentence) {
    out.println(NAME + sentence);
  }

  /** An event in the life of a node. */
  void log(String sentence) {
    out.println(
        format == LogFormat.JSON ? json(Level.INFO, NAME + sentence) : now() + NAME + sentence);
  }

  /** One that should not be. */
  void complain(String sentence) {
    err.println(
        format == LogFormat.JSON ? json(Level.WARN, NAME + sentence) : now() + NAME + sentence);
  }

  /** A line of one of several nodes. */
  @Override
  public void says(String node, String line) {
    out.println(format == LogFormat.JSON ? line : node + " | " + line);
  }

  @Override
  public void happens(String sentence) {
    complain(sentence);
  }

  private static String json(Level level, String sentence) {
    return LogObject.line(level, Console.class.getName(), sentence);
  }

  private static String now() {
    return TIME.format(LocalTime.now(ZoneId.systemDefault())) + " ";
  }

  void error(String sentence) {
    err.println(format == LogFormat.JSON ? json(Level.ERROR, NAME + sentence) : NAME + sentence);
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
    if (format == LogFormat.JSON) {
      String.valueOf(problems.getMessage()).lines().forEach(this::error);
    } else {
      err.println(problems.getMessage());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
