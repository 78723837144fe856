package io.tandem.bench.cli;

import io.tandem.bench.load.LoadPlan;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Publications. */
@Command(
    name = "pubsub",
    description =
        "Events: each connection is a publisher with a topic of its own. With several URLs the"
            + " subscribers of a topic are spread over them.",
    mixinStandardHelpOptions = true)
final class PubSubCommand extends LoadCommand {

  @Option(
      names = "--fanout",
      paramLabel = "N",
      defaultValue = "100",
      description = "Subscribers of each topic. Default: ${DEFAULT-VALUE}")
  private int fanout;

  PubSubCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  LoadPlan.Kind kind() {
    return LoadPlan.Kind.PUBSUB;
  }

  @Override
  int fanout() {
    return atLeast("--fanout", fanout, 1);
  }
}
