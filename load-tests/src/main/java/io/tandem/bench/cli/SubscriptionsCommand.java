package io.tandem.bench.cli;

import io.tandem.bench.cluster.SubscriptionRun;
import io.tandem.protocol.uri.MatchPolicy;
import java.io.PrintStream;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many subscriptions at a time. */
@Command(
    name = "subscriptions",
    description =
        "Starts a cluster on this machine, subscribes to many distinct topics, and says what each"
            + " takes of every node's heap and whether publishing minds them.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 all targets hold; 1 one does not, or the run failed; 2 usage."})
final class SubscriptionsCommand extends ClusterCommand {

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Topics, all nodes together, 1000 or more. Default: ${DEFAULT-VALUE}")
  private int count;

  @Option(
      names = "--match",
      paramLabel = "POLICY",
      defaultValue = "exact",
      description =
          "How topics are subscribed to, each by itself: exact, prefix or wildcard. Default:"
              + " ${DEFAULT-VALUE}")
  private String match = "";

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

  @Mixin private NodeHeap heap = new NodeHeap();

  @Option(names = "--histogram", description = "Show what fills the first node's heap")
  private boolean histogram;

  SubscriptionsCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  public Integer call() {
    check(count >= 1_000, "--count must be 1000 or more");
    check(
        Arrays.stream(MatchPolicy.values()).anyMatch(it -> it.wireName().equals(match)),
        "--match must be exact, prefix or wildcard");
    check(nodes() >= 2, "--nodes must be 2 or more");
    check(sessions >= 1 && rounds >= 1, "--sessions and --rounds must be 1 or more");
    check(publications >= 1, "--publications must be 1 or more");
    SubscriptionRun.Result result =
        SubscriptionRun.run(
            new SubscriptionRun.Plan(
                count,
                MatchPolicy.of(match),
                nodes(),
                sessions,
                rounds,
                publications,
                heap.javaOption(),
                histogram),
            this::progress);
    return finish(result.lines(), result.json(), result.holds());
  }
}
