package io.tandem.bench.cli;

import io.tandem.bench.cluster.Fault;
import io.tandem.bench.cluster.OwnNetwork;
import io.tandem.bench.cluster.StartOvers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Nodes start over, again and again. */
@Command(
    name = "start-overs",
    description =
        "Starts a cluster on this machine and freezes its nodes or cuts them off, one after the"
            + " other, until each had to start over: no process may end, and all agree again.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 all lived and agreed; 1 they did not, or the run failed; 2 usage. Needs root,"
          + " iproute2 and nftables."
    })
final class StartOversCommand extends ClusterCommand {

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "100",
      description = "Faults, one after the other. Default: ${DEFAULT-VALUE}")
  private int times;

  @Option(names = "--kind", split = ",", description = "In turns. Default: freeze,cut,one-way,link")
  private List<Fault> faults = List.of(Fault.FREEZE, Fault.CUT, Fault.ONE_WAY, Fault.LINK);

  @Option(
      names = "--busy",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads that keep the machine busy meanwhile. Default: ${DEFAULT-VALUE}")
  private int busy;

  StartOversCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  public Integer call() {
    check(nodes() >= 3, "--nodes must be 3 or more");
    check(times >= 1 && busy >= 0, "--times must be 1 or more, --busy not negative");
    check(!faults.contains(Fault.KILL), "a node that was killed does not start over");
    if (!OwnNetwork.isHere()) {
      return OwnNetwork.run(command());
    }
    StartOvers.Outcome outcome =
        StartOvers.run(new StartOvers.Plan(nodes(), times, faults, busy), this::progress);
    List<Double> sorted = outcome.agreementSeconds().stream().sorted().toList();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d faults, %d nodes started over; agreement after the fault: median %.1f s, most %.1f s"
            .formatted(
                sorted.size(),
                outcome.startOvers(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() - 1)));
    outcome.misses().forEach(miss -> lines.add("MISS " + miss));
    JsonObject figures =
        new JsonObject()
            .put("nodes", nodes())
            .put("faults", sorted.size())
            .put("busy", busy)
            .put("startOvers", outcome.startOvers())
            .put("medianAgreementSeconds", sorted.get(sorted.size() / 2))
            .put("mostAgreementSeconds", sorted.get(sorted.size() - 1))
            .put("missed", new JsonArray(outcome.misses()));
    return finish(lines, figures, outcome.misses().isEmpty());
  }
}
