package io.tandem.bench.cli;

import io.tandem.bench.cluster.Fault;
import io.tandem.bench.cluster.FaultReport;
import io.tandem.bench.cluster.FaultRun;
import io.tandem.bench.cluster.OwnNetwork;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node dies, freezes or is cut off, under load. */
@Command(
    name = "faults",
    description =
        "Starts a cluster on this machine, loads it, lets a node die, freeze or be cut off, from all"
            + " others or from one, and says what the clients saw.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 all targets hold; 1 one does not, or the run failed; 2 usage. cut, link"
          + " and one-way need root, iproute2 and nftables."
    })
final class FaultsCommand extends ClusterCommand {

  @Option(
      names = "--kind",
      defaultValue = "kill",
      description =
          "kill, freeze, cut (from all others, both ways), link (from one other, both reach the"
              + " oldest) or one-way (the oldest does not hear it, all others do)."
              + " Default: ${DEFAULT-VALUE}")
  private Fault fault = Fault.KILL;

  @Option(
      names = "--victim",
      paramLabel = "N",
      description =
          "The node it happens to; 1 is the first one started, and the oldest. Default: 1; 2 for"
              + " link and one-way")
  private @Nullable Integer victim;

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
      names = "--wire",
      defaultValue = "event-bus",
      description =
          "What carries what nodes send each other: event-bus or socket. Default: ${DEFAULT-VALUE}")
  private String wire = "event-bus";

  FaultsCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  public Integer call() {
    check(nodes() >= 3, "--nodes must be 3 or more");
    int number = victim == null ? fault.usualVictim() : victim - 1;
    int least = fault.usualVictim() + 1;
    check(number + 1 >= least && number < nodes(), "--victim must be " + least + " to " + nodes());
    check(seconds >= 1 && warmup >= 1, "--for and --warmup must be 1 or more");
    check(wire.matches("event-bus|socket"), "--wire must be event-bus or socket");
    check(rate > 0 && eventRate > 0, "--rate and --event-rate must be more than 0");
    if (fault.cuts() && !OwnNetwork.isHere()) {
      return OwnNetwork.run(command());
    }
    FaultReport report =
        FaultRun.run(
            new FaultRun.Plan(
                fault,
                nodes(),
                number,
                Duration.ofSeconds(warmup),
                Duration.ofSeconds(seconds),
                rate,
                eventRate,
                wire),
            this::progress);
    return finish(report.lines(), report.json(), report.holds());
  }
}
