package io.tandem.bench.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A run on a cluster that the bench starts itself, with targets that hold or do not. */
abstract class ClusterCommand implements Callable<Integer> {

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Nodes of the cluster. Default: 3, for hostile, fuzz and logins 1")
  private @Nullable Integer nodes;

  @Option(
      names = "--record",
      description = "Append the result to load-tests/results/${COMMAND-NAME}.jsonl of the checkout")
  private boolean record;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintStream out;
  private final PrintStream err;
  private final List<String> command;

  ClusterCommand(PrintStream out, PrintStream err, String... command) {
    this.out = out;
    this.err = err;
    this.command = List.of(command);
  }

  final int nodes() {
    return nodes == null ? usualNodes() : nodes;
  }

  /** Nodes when nobody says how many. */
  int usualNodes() {
    return 3;
  }

  /** What was typed. */
  final List<String> command() {
    return command;
  }

  /** Tells how far the run is. */
  final void progress(String what) {
    err.println(what);
  }

  final void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /** Tells what came of it, records it if wanted, and returns the exit code. */
  final int finish(List<String> lines, JsonObject figures, boolean holds) {
    lines.forEach(out::println);
    if (record) {
      JsonObject line = Results.line(command).mergeIn(figures);
      err.println("appended to " + Results.append(spec.name(), line));
    }
    return holds ? 0 : 1;
  }
}
