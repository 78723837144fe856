package io.tandem.bench.cli;

import io.tandem.bench.cluster.RetainedRun;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many retained events at a time. */
@Command(
    name = "retained",
    description =
        "Starts a cluster on this machine, retains an event of many distinct topics, and says what"
            + " each takes of every node's heap, what such a publication costs beside others, and"
            + " how long one more node takes to have them all.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 all targets hold; 1 one does not, or the run failed; 2 usage."})
final class RetainedCommand extends ClusterCommand {

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Topics, 10000 or more. Default: ${DEFAULT-VALUE}")
  private int count;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measurements of publications, in turns. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--publications",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Publications of each of them. Default: ${DEFAULT-VALUE}")
  private int publications;

  @Mixin private NodeHeap heap = new NodeHeap();

  @Option(names = "--histogram", description = "Show what fills the first node's heap")
  private boolean histogram;

  RetainedCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  public Integer call() {
    check(count >= 10_000, "--count must be 10000 or more");
    check(nodes() >= 2, "--nodes must be 2 or more");
    check(rounds >= 1 && publications >= 1, "--rounds and --publications must be 1 or more");
    RetainedRun.Result result =
        RetainedRun.run(
            new RetainedRun.Plan(
                count, nodes(), rounds, publications, heap.javaOption(), histogram),
            this::progress);
    return finish(result.lines(), result.json(), result.holds());
  }
}
