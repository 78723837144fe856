package io.tandem.bench.cli;

import io.tandem.bench.fuzz.FuzzReport;
import io.tandem.bench.fuzz.FuzzRun;
import io.tandem.bench.fuzz.Target;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Conversations that chance has changed. */
@Command(
    name = "fuzz",
    description =
        "Starts a node with a small heap on this machine and says to it what was valid before"
            + " chance has changed it, beside an honest client.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 nothing was found; 1 the node died, broke a rule, complained, kept what was"
          + " not its own, or failed the honest client; 2 usage."
    })
final class FuzzCommand extends ClusterCommand {

  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})(s|m|h)?");
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,18})(?:-([0-9]{1,18}))?");

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      split = ",",
      description = "What is changed: ${COMPLETION-CANDIDATES}. Default: all, one after the other")
  private List<Target> targets = List.of(Target.values());

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "2m",
      description = "How long, for each target: 30s, 2m, 1h. Default: ${DEFAULT-VALUE}")
  private String time = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Makes all cases; the same seed makes the same. Default: any, and it is told")
  private @Nullable Long seed;

  @Option(
      names = "--only",
      paramLabel = "N[-M]",
      description = "The cases with these numbers alone, one at a time, and what they are")
  private @Nullable String only;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "128m",
      description = "Heap of the node, as -Xmx takes it. Default: ${DEFAULT-VALUE}")
  private String heap = "";

  FuzzCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  int usualNodes() {
    return 1;
  }

  @Override
  public Integer call() {
    check(nodes() == 1, "--nodes is 1: one node is enough to be told nonsense");
    Matcher duration = TIME.matcher(time);
    check(duration.matches(), "--for is a time such as 30s or 2m");
    check(heap.matches("[1-9][0-9]*[mgMG]"), "--heap is a size such as 128m or 1g");
    check(only == null || seed != null, "--only needs the --seed that made the cases");
    check(only == null || targets.size() == 1, "--only needs one --target");
    FuzzReport report =
        FuzzRun.run(
            new FuzzRun.Plan(
                targets,
                seed == null ? new SecureRandom().nextInt(1 << 30) : seed,
                only == null ? null : span(only),
                lasts(duration),
                heap),
            this::progress);
    return finish(report.lines(), report.json(), report.holds());
  }

  private static Duration lasts(Matcher duration) {
    long number = Long.parseLong(duration.group(1));
    String unit = duration.group(2);
    return unit == null || unit.equals("s")
        ? Duration.ofSeconds(number)
        : unit.equals("m") ? Duration.ofMinutes(number) : Duration.ofHours(number);
  }

  private FuzzRun.Span span(String numbers) {
    Matcher span = SPAN.matcher(numbers);
    check(span.matches(), "--only is a number, or two such as 17-29");
    long first = Long.parseLong(span.group(1));
    long last = span.group(2) == null ? first : Long.parseLong(span.group(2));
    check(first <= last, "--only is two numbers in their order");
    return new FuzzRun.Span(first, last);
  }
}
