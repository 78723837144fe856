package io.tandem.bench.cli;

import io.tandem.bench.Waiting;
import io.tandem.bench.drain.SteadyLoad;
import io.tandem.bench.drain.SteadyLoad.Outcome;
import io.tandem.bench.drain.SteadyPlan;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Calls that must all be answered while nodes of a cluster come and go. */
@Command(
    name = "drain",
    description = {
      "Calls through clients that reconnect, while nodes of a cluster are stopped and started.",
      "Fails when a call got an error, no answer, or lost the answer that its callee had given. A"
          + " call whose connection ended before any callee saw it is made again.",
      "With --events it publishes as well, and fails when a subscriber that stayed connected misses"
          + " an acknowledged event, or has it twice or out of order."
    },
    mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "A router; once for each node of the cluster")
  private List<String> urls = List.of();

  @Option(names = "--realm", defaultValue = "realm1", description = "Default: ${DEFAULT-VALUE}")
  private String realm = "";

  @Option(
      names = "--procedure",
      paramLabel = "URI",
      defaultValue = "com.example.drain",
      description = "What the callees offer. Default: ${DEFAULT-VALUE}")
  private String procedure = "";

  @Option(
      names = "--topic",
      paramLabel = "URI",
      defaultValue = "com.example.drained",
      description = "What is published to. Default: ${DEFAULT-VALUE}")
  private String topic = "";

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "6",
      description =
          "Callers, and as many callees, publishers and subscribers. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "300",
      description = "Calls per second. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--events",
      paramLabel = "R",
      defaultValue = "0",
      description = "Publications per second. Default: ${DEFAULT-VALUE}")
  private double events;

  @Option(
      names = "--work",
      paramLabel = "MILLIS",
      defaultValue = "50",
      description = "What a callee takes for an answer. Default: ${DEFAULT-VALUE}")
  private int workMillis;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintStream out;

  DrainCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    if (clients < 1 || !(rate > 0) || !(events >= 0) || workMillis < 0 || seconds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--clients, --rate and --duration are above 0, --events and --work are 0 or more");
    }
    SteadyPlan plan =
        new SteadyPlan(
            urls,
            realm,
            procedure,
            topic,
            clients,
            rate,
            events,
            Duration.ofMillis(workMillis),
            Duration.ofSeconds(seconds),
            Duration.ofSeconds(15));
    Outcome outcome = Waiting.onOneLoop(vertx -> outcome(vertx, plan));
    out.println(outcome.report());
    return outcome.whole() ? 0 : 1;
  }

  private static Outcome outcome(Vertx vertx, SteadyPlan plan) {
    Promise<Outcome> ended = Promise.promise();
    vertx.runOnContext(here -> new SteadyLoad(vertx, plan).run().onComplete(ended));
    // It connects before, and waits for the last answers after it: less than a minute in all.
    Duration limit = plan.duration().plusMinutes(1);
    return Waiting.of("the clients do not connect", ended.future(), limit);
  }
}
