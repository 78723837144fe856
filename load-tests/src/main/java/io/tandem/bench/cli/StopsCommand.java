package io.tandem.bench.cli;

import io.tandem.bench.cluster.OwnNetwork;
import io.tandem.bench.cluster.StopRun;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Nodes are told to stop, and their addresses go with them. */
@Command(
    name = "planned-stops",
    description =
        "Starts a cluster in network namespaces of its own, tells one node to stop, and says what"
            + " the clients of the others saw: a node's address is gone with its process, as that"
            + " of a pod is.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 all targets hold; 1 one does not, or the run failed; 2 usage. Needs root,"
          + " iproute2 and nftables."
    })
final class StopsCommand extends ClusterCommand {

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "20",
      description = "Stops, each of a cluster that starts anew. Default: ${DEFAULT-VALUE}")
  private int times;

  StopsCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  public Integer call() {
    check(nodes() >= 3, "--nodes must be 3 or more");
    check(times >= 1, "--times must be 1 or more");
    if (!OwnNetwork.isHere()) {
      return OwnNetwork.run(command());
    }
    StopRun.Result result = StopRun.run(nodes(), times, this::progress);
    return finish(result.lines(), result.json(), result.holds());
  }
}
