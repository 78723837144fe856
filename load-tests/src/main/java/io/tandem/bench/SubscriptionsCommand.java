package io.tandem.bench;

import io.tandem.bench.cluster.SubscriptionRun;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Many subscriptions at a time. */
@Command(
    name = "subscriptions",
    description =
        "Starts a cluster on this machine, subscribes to many distinct topics, and says what each"
            + " takes of every node's heap and whether publishing minds them.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 all targets hold; 1 one does not, or the run failed; 2 usage."})
final class SubscriptionsCommand implements Callable<Integer> {

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Topics, all nodes together, 1000 or more. Default: ${DEFAULT-VALUE}")
  private int count;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Nodes of the cluster. Default: ${DEFAULT-VALUE}")
  private int nodes;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Sessions on each node. Default: ${DEFAULT-VALUE}")
  private int sessions;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Measurements of publications, in turns. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--publications",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Publications of each of them. Default: ${DEFAULT-VALUE}")
  private int publications;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description = "Largest heap of a node, as -Xmx has it. Default: ${DEFAULT-VALUE}")
  private String heap = "";

  @Option(names = "--histogram", description = "Show what fills the first node's heap")
  private boolean histogram;

  @Option(
      names = "--record",
      description = "Append the result to load-tests/results/subscriptions.jsonl of the checkout")
  private boolean record;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintStream out;
  private final PrintStream err;
  private final List<String> command;

  SubscriptionsCommand(PrintStream out, PrintStream err, String... command) {
    this.out = out;
    this.err = err;
    this.command = List.of(command);
  }

  @Override
  public Integer call() {
    check(count >= 1_000, "--count must be 1000 or more");
    check(nodes >= 2, "--nodes must be 2 or more");
    check(sessions >= 1 && rounds >= 1, "--sessions and --rounds must be 1 or more");
    check(publications >= 1, "--publications must be 1 or more");
    SubscriptionRun.Result result =
        SubscriptionRun.run(
            new SubscriptionRun.Plan(
                count, nodes, sessions, rounds, publications, "-Xmx" + heap, histogram),
            err::println);
    result.lines().forEach(out::println);
    if (record) {
      err.println(
          "appended to "
              + Results.append("subscriptions", Results.line(command).mergeIn(result.json())));
    }
    return result.holds() ? 0 : 1;
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
