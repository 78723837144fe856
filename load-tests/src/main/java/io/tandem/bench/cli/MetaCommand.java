package io.tandem.bench.cli;

import io.tandem.bench.meta.MetaRun;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Questions about many sessions and registrations. */
@Command(
    name = "meta",
    description =
        "Starts a cluster on this machine, has many sessions come and procedures be registered, and"
            + " says what it takes to ask about them (wamp.session.* and wamp.registration.*).",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 the target holds; 1 it does not, or the run failed; 2 usage."})
final class MetaCommand extends ClusterCommand {

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "All nodes together. Of each node as many fit as its process may have files. Default:"
              + " ${DEFAULT-VALUE}")
  private int sessions;

  @Option(
      names = "--registrations",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Likewise. Default: ${DEFAULT-VALUE}")
  private int registrations;

  @Option(
      names = "--callees",
      paramLabel = "N",
      defaultValue = "4",
      description = "Sessions of each node that register. Default: ${DEFAULT-VALUE}")
  private int callees;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often each list is asked for. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--lookups",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How often each question about one of them is asked. Default: ${DEFAULT-VALUE}")
  private int lookups;

  @Mixin private NodeHeap heap = new NodeHeap();

  MetaCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  public Integer call() {
    check(nodes() >= 1, "--nodes must be 1 or more");
    check(sessions >= 1 && registrations >= 1, "--sessions and --registrations must be 1 or more");
    check(callees >= 1, "--callees must be 1 or more");
    check(rounds >= 1 && lookups >= 1, "--rounds and --lookups must be 1 or more");
    MetaRun.Result result =
        MetaRun.run(
            new MetaRun.Plan(
                sessions, registrations, nodes(), callees, rounds, lookups, heap.javaOption()),
            this::progress);
    return finish(result.lines(), result.json(), result.holds());
  }
}
