package io.tandem.bench.cli;

import io.tandem.bench.load.LoadPlan;
import io.tandem.bench.report.HtmlReport;
import io.tandem.bench.report.JsonReport;
import io.tandem.bench.report.Report;
import io.tandem.bench.report.TextReport;
import io.tandem.client.RouterAddress;
import io.tandem.client.RouterAddress.Transport;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of both loads. Checks them, runs the bench, and tells what it found out. */
@Command(
    footer = {
      "",
      "Exit codes: 0 measured; 1 the router or the relay failed; 2 usage. Progress and errors go to"
          + " stderr, the result to stdout."
    })
abstract class LoadCommand implements Callable<Integer> {

  @Option(
      names = "--url",
      required = true,
      description =
          "A router, ws://, wss://, rs://, rss:// or unix:/path; several of them are"
              + " nodes of one")
  private List<String> urls = new ArrayList<>();

  @Option(names = "--transport", description = "websocket or rawsocket. Default: what the URL says")
  private @Nullable Transport transport;

  @Option(names = "--realm", defaultValue = "realm1", description = "Default: ${DEFAULT-VALUE}")
  private String realm = "";

  @Option(
      names = "--serializer",
      defaultValue = "json",
      description = "json, msgpack or cbor. Default: ${DEFAULT-VALUE}")
  private Serializer serializer = Serializer.JSON;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "1",
      description = "Callers or publishers. Default: ${DEFAULT-VALUE}")
  private int connections;

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      defaultValue = "256",
      description = "Length of the one argument, a text. Default: ${DEFAULT-VALUE}")
  private int payload;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Calls or publications per second, all connections together; 0 is a closed loop, as fast"
              + " as possible. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Closed loop: messages that each connection has under way. Default: ${DEFAULT-VALUE}")
  private int window;

  @Option(
      names = "--duration",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds of each measurement. Default: ${DEFAULT-VALUE}")
  private double duration;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "3",
      description = "Seconds before each measurement. Default: ${DEFAULT-VALUE}")
  private double warmup;

  @Option(
      names = "--router-pid",
      paramLabel = "PID",
      arity = "1..*",
      description = "Processes of the router, on this machine: their CPU and memory are measured")
  private List<Long> routerPids = new ArrayList<>();

  @Option(names = "--relay", description = "Measure a raw relay as well, in turns with the router")
  private boolean relay;

  @Option(
      names = "--relay-lanes",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Event loops of the relay, as many as the router has. Default: one for each processor")
  private int relayLanes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "0",
      description = "Measurements of each. Default: 2 with --relay, else 1")
  private int rounds;

  @Option(
      names = "--generator-lanes",
      paramLabel = "N",
      defaultValue = "0",
      description = "Event loops of the generator. Default: one for each two processors")
  private int generatorLanes;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the result as a page with plots")
  private @Nullable Path html;

  @Option(
      names = "--record",
      description = "Append the result to load-tests/results/bench.jsonl of the checkout")
  private boolean record;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintStream out;
  private final PrintStream err;
  private final List<String> command;

  LoadCommand(PrintStream out, PrintStream err, String... command) {
    this.out = out;
    this.err = err;
    this.command = List.of(command);
  }

  abstract LoadPlan.Kind kind();

  abstract int fanout();

  @Override
  public Integer call() throws IOException {
    Bench.Settings settings = settings();
    List<Path> files = new ArrayList<>();
    for (Path file : new Path[] {json, html}) {
      if (file != null) {
        files.add(file);
      }
    }
    // Rather now than after an hour of measuring.
    for (Path file : files) {
      checkDirectory(file);
    }
    Report report = new Bench(settings, err::println).run("./tandem " + String.join(" ", command));
    TextReport.lines(report).forEach(out::println);
    if (json != null) {
      Files.writeString(json, JsonReport.whole(report).encodePrettily() + "\n");
    }
    if (html != null) {
      Files.writeString(html, HtmlReport.of(report));
    }
    if (record) {
      err.println("appended to " + Results.append("bench", JsonReport.line(report)));
    }
    return 0;
  }

  private void checkDirectory(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(file)) {
      throw usage("cannot write " + file);
    }
  }

  private Bench.Settings settings() {
    LoadPlan plan =
        new LoadPlan(
            kind(),
            serializer,
            atLeast("--connections", connections, 1),
            fanout(),
            atLeast("--payload", payload, LoadPlan.MIN_PAYLOAD),
            atLeast("--rate", rate, 0),
            atLeast("--window", window, 1),
            generatorLanes > 0
                ? generatorLanes
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    return new Bench.Settings(
        plan,
        urls.stream().map(this::address).toList(),
        realm,
        seconds("--duration", duration),
        seconds("--warmup", warmup),
        routerPids.stream().map(this::running).toList(),
        relay,
        relayLanes > 0 ? relayLanes : Runtime.getRuntime().availableProcessors(),
        rounds > 0 ? rounds : relay ? 2 : 1);
  }

  private RouterAddress address(String url) {
    RouterAddress address;
    try {
      address = RouterAddress.parse(url);
    } catch (IllegalArgumentException senseless) {
      throw usage(String.valueOf(senseless.getMessage()));
    }
    if (transport == null || transport == address.transport()) {
      return address;
    }
    // The same port, spoken to in another way.
    String path = transport == Transport.WEBSOCKET ? "/ws" : "";
    return new RouterAddress(transport, address.socket(), address.tls(), address.host(), path);
  }

  private long running(long pid) {
    if (ProcessHandle.of(pid).isEmpty()) {
      throw usage("--router-pid " + pid + ": there is no such process");
    }
    return pid;
  }

  private Duration seconds(String option, double value) {
    return Duration.ofMillis((long) (atLeast(option, value, 0) * 1000));
  }

  final int atLeast(String option, int value, int least) {
    return (int) atLeast(option, (double) value, least);
  }

  private double atLeast(String option, double value, int least) {
    if (!(value >= least)) {
      throw usage(option + " must be " + least + " or more");
    }
    return value;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
