package io.tandem.bench.cli;

import io.tandem.bench.logins.LoginsRun;
import io.tandem.bench.logins.Way;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Clients that come and go. */
@Command(
    name = "logins",
    description =
        "Starts a node on this machine and has clients connect, log in and leave, over and over,"
            + " by one way after the other.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 measured; 1 a login failed, or the run; 2 usage."})
final class LoginsCommand extends ClusterCommand {

  @Option(
      names = "--way",
      paramLabel = "WAY",
      split = ",",
      description = "How they prove who they are: ${COMPLETION-CANDIDATES}. Default: all in turn")
  private List<Way> ways = List.of(Way.values());

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "8",
      description = "At a time. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--for",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds of each measurement. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds before it. Default: ${DEFAULT-VALUE}")
  private int warmup;

  LoginsCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  int usualNodes() {
    return 1;
  }

  @Override
  public Integer call() {
    check(nodes() == 1, "--nodes must be 1");
    check(clients >= 1, "--clients must be 1 or more");
    check(seconds >= 1, "--for must be 1 or more");
    check(warmup >= 0, "--warmup must be 0 or more");
    LoginsRun.Report report =
        LoginsRun.run(
            new LoginsRun.Plan(
                ways, clients, Duration.ofSeconds(warmup), Duration.ofSeconds(seconds)),
            this::progress);
    return finish(report.lines(), report.json(), true);
  }
}
