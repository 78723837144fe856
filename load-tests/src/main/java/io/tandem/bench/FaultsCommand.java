package io.tandem.bench;

import io.tandem.bench.cluster.Fault;
import io.tandem.bench.cluster.FaultReport;
import io.tandem.bench.cluster.FaultRun;
import io.tandem.bench.cluster.OwnNetwork;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A node dies, freezes or is cut off, under load. */
@Command(
    name = "faults",
    description =
        "Starts a cluster on this machine, loads it, lets a node die, freeze or be cut off, and"
            + " says what the clients saw.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 all targets hold; 1 one does not, or the run failed; 2 usage. cut needs root,"
          + " iproute2 and nftables."
    })
final class FaultsCommand implements Callable<Integer> {

  @Option(
      names = "--kind",
      defaultValue = "kill",
      description = "kill, freeze or cut. Default: ${DEFAULT-VALUE}")
  private Fault fault = Fault.KILL;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Nodes of the cluster. Default: ${DEFAULT-VALUE}")
  private int nodes;

  @Option(
      names = "--victim",
      paramLabel = "N",
      defaultValue = "1",
      description = "The node it happens to; 1 is the first one started. Default: ${DEFAULT-VALUE}")
  private int victim;

  @Option(
      names = "--for",
      paramLabel = "S",
      defaultValue = "30",
      description = "Seconds that a freeze or a cut lasts. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds of load before it. Default: ${DEFAULT-VALUE}")
  private int warmup;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "450",
      description = "Calls per second, all nodes together. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--event-rate",
      paramLabel = "N",
      defaultValue = "90",
      description = "Publications per second, likewise. Default: ${DEFAULT-VALUE}")
  private double eventRate;

  @Option(
      names = "--record",
      description = "Append the result to load-tests/results/faults.jsonl of the checkout")
  private boolean record;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintStream out;
  private final PrintStream err;
  private final List<String> command;

  FaultsCommand(PrintStream out, PrintStream err, String... command) {
    this.out = out;
    this.err = err;
    this.command = List.of(command);
  }

  @Override
  public Integer call() {
    check(nodes >= 3, "--nodes must be 3 or more");
    check(victim >= 1 && victim <= nodes, "--victim must be 1 to " + nodes);
    check(seconds >= 1 && warmup >= 1, "--for and --warmup must be 1 or more");
    check(rate > 0 && eventRate > 0, "--rate and --event-rate must be more than 0");
    if (fault == Fault.CUT && !OwnNetwork.isHere()) {
      return OwnNetwork.run(command);
    }
    FaultReport report =
        FaultRun.run(
            new FaultRun.Plan(
                fault,
                nodes,
                victim - 1,
                Duration.ofSeconds(warmup),
                Duration.ofSeconds(seconds),
                rate,
                eventRate),
            err::println);
    report.lines().forEach(out::println);
    if (record) {
      JsonObject line = Results.line(command).mergeIn(report.json());
      err.println("appended to " + Results.append("faults", line));
    }
    return report.holds() ? 0 : 1;
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
