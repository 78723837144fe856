package io.tandem.bench.cli;

import io.tandem.bench.hostile.Attack;
import io.tandem.bench.hostile.Attacks;
import io.tandem.bench.hostile.Group;
import io.tandem.bench.hostile.HostileReport;
import io.tandem.bench.hostile.HostileRun;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hostile clients beside an honest one. */
@Command(
    name = "hostile",
    description =
        "Starts a node with a small heap on this machine, attacks it in many ways, one after the"
            + " other, and says what an honest client beside the attackers saw.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 the node lived, the honest client got everything it asked for and the"
          + " attackers what they deserve; 1 not so, or the run failed; 2 usage."
    })
final class HostileCommand extends ClusterCommand {

  @Option(
      names = "--attack",
      paramLabel = "NAME",
      split = ",",
      description = "Only these, in this order. Default: all")
  private List<String> attacks = List.of();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      split = ",",
      description = "Only those of these groups: ${COMPLETION-CANDIDATES}")
  private List<Group> groups = List.of();

  @Option(names = "--list", description = "Tell what attacks there are, and do none")
  private boolean list;

  @Option(
      names = "--for",
      paramLabel = "S",
      defaultValue = "12",
      description = "Seconds that each attack lasts. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "360m",
      description =
          "Heap of each node, as -Xmx takes it; the chart's default gives it as much."
              + " Default: ${DEFAULT-VALUE}")
  private String heap = "";

  HostileCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  int usualNodes() {
    return 1;
  }

  @Override
  public Integer call() {
    if (list) {
      return finish(Attacks.list(), new JsonObject(), true);
    }
    check(nodes() >= 1, "--nodes must be 1 or more");
    check(seconds >= 1, "--for must be 1 or more");
    check(heap.matches("[1-9][0-9]*[mgMG]"), "--heap is a size such as 360m or 1g");
    HostileReport report =
        HostileRun.run(
            new HostileRun.Plan(chosen(), nodes(), heap, Duration.ofSeconds(seconds)),
            this::progress);
    return finish(report.lines(), report.json(), report.holds());
  }

  private List<Attack> chosen() {
    for (String name : attacks) {
      check(Attacks.named(name).isPresent(), "no attack is called " + name + "; --list tells all");
    }
    return attacks.isEmpty()
        ? Attacks.ALL.stream()
            .filter(attack -> groups.isEmpty() || groups.contains(attack.group()))
            .toList()
        : attacks.stream().map(name -> Attacks.named(name).orElseThrow()).toList();
  }
}
