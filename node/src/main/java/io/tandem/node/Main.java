package io.tandem.node;

import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The node's commands: start, init, check, version. */
@Command(
    name = "tandem",
    description = "A WAMP router.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main {

  private static final int FAILED = 1;

  private final PrintStream out;
  private final PrintStream err;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs a command and ends the process with its exit code; {@code start} runs until a signal. */
  public static void main(String[] args) {
    // With one thread in the common pool, asynchronous callbacks would start a thread each.
    if (Runtime.getRuntime().availableProcessors() <= 2) {
      System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    }
    int code = run(System.out, System.err, args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs a command that prints to these streams; returns its exit code. */
  static int run(PrintStream out, PrintStream err, String... args) {
    CommandLine line = new CommandLine(new Main(out, err));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (failure, arguments) -> {
          err.println("tandem: " + failure.getMessage() + " (see tandem --help)");
          return CommandLine.ExitCode.USAGE;
        });
    return line.execute(args);
  }

  @Command(name = "start", description = "Runs a node until it gets SIGTERM or Ctrl-C.")
  int start(
      @Option(names = "--config", paramLabel = "FILE", description = "The configuration.")
          @Nullable Path file,
      @Option(names = "--port", paramLabel = "N", description = "Port for clients; 0: any.")
          @Nullable Integer port,
      @Option(names = "--management-port", paramLabel = "N", description = "0: any.")
          @Nullable Integer managementPort,
      @Option(names = "--bind", paramLabel = "ADDRESS", description = "Where clients connect.")
          @Nullable String address)
      throws InterruptedException {
    NodeConfig config;
    try {
      config = configuration(file, port, managementPort, address);
    } catch (ConfigurationException | IllegalArgumentException e) {
      return fail(e.getMessage());
    }
    Node node;
    try {
      node = Node.start(config).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      return fail(cure(e.getCause()));
    }
    config.warnings().forEach(warning -> err.println("tandem: warning: " + warning));
    out.println(readyLine(config, node));
    awaitSignal(node);
    return 0;
  }

  private static NodeConfig configuration(
      @Nullable Path file,
      @Nullable Integer port,
      @Nullable Integer managementPort,
      @Nullable String address)
      throws ConfigurationException {
    NodeConfig config = file == null ? Configurations.embedded() : Configurations.load(file);
    if (port != null) {
      config = config.withPort(port);
    }
    if (managementPort != null) {
      config = config.withManagementPort(managementPort);
    }
    if (address != null) {
      config = config.withBind(address);
      if (file == null && !config.listeners().get(0).endpoint().isLocal()) {
        throw new IllegalArgumentException(
            "--bind "
                + address
                + " would open the built-in configuration, in which everybody may do everything,"
                + " to other machines; write one with: tandem init, and start with --config");
      }
    }
    return config;
  }

  private static String cure(@Nullable Throwable failure) {
    String what = String.valueOf(failure == null ? null : failure.getMessage());
    return failure instanceof Node.CannotListenException
        ? what + "; stop what runs there, or choose another port (--port, --management-port)"
        : what;
  }

  private static String readyLine(NodeConfig config, Node node) {
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < config.listeners().size(); i++) {
      ListenerConfig listener = config.listeners().get(i);
      boolean secure = listener.tls() != null;
      if (listener.endpoint() instanceof Endpoint.Tcp tcp) {
        Endpoint.Tcp actual = new Endpoint.Tcp(tcp.address(), node.ports().get(i));
        urls.add((secure ? "wss://" : "ws://") + actual + listener.path());
        if (listener.tryIt()) {
          urls.add("try it at " + (secure ? "https://" : "http://") + actual + "/");
        }
      } else {
        urls.add(listener.endpoint().toString());
      }
    }
    urls.add(
        "management http://"
            + new Endpoint.Tcp(config.management().endpoint().address(), node.managementPort()));
    return "tandem: ready: " + String.join(", ", urls) + " (" + node.laneCount() + " lanes)";
  }

  /** Waits for the signal that stops the process, then drains. */
  private void awaitSignal(Node node) throws InterruptedException {
    CountDownLatch forever = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  out.println("tandem: draining");
                  try {
                    node.stop().toCompletionStage().toCompletableFuture().get();
                    out.println("tandem: stopped");
                  } catch (InterruptedException | ExecutionException e) {
                    err.println("tandem: stopped with a failure: " + e);
                  }
                },
                "drain"));
    forever.await();
  }

  @Command(name = "init", description = "Writes the built-in configuration, commented, to a file.")
  int init(
      @Parameters(
              paramLabel = "FILE",
              defaultValue = "tandem.yaml",
              description = "${DEFAULT-VALUE}")
          Path file) {
    try {
      Files.writeString(file, Configurations.embeddedText(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      return fail(file + " exists already; name another file or remove it");
    } catch (IOException e) {
      return fail("cannot write " + file + ": " + e);
    }
    out.println("tandem: wrote " + file + "; start with: ./tandem start --config " + file);
    return 0;
  }

  @Command(name = "check", description = "Reads a configuration and names every problem in it.")
  int check(@Parameters(paramLabel = "FILE", description = "The configuration.") Path file) {
    try {
      NodeConfig config = Configurations.load(file);
      config.warnings().forEach(warning -> err.println("tandem: warning: " + warning));
      out.println("tandem: " + file + " is fine");
      return 0;
    } catch (ConfigurationException e) {
      return fail(e.getMessage());
    }
  }

  @Command(name = "version", description = "Prints the version.")
  int version() {
    out.println(new Version().getVersion()[0]);
    return 0;
  }

  private int fail(@Nullable String why) {
    err.println("tandem: " + why);
    return FAILED;
  }

  /** The version in the jar's manifest, and the Java that runs it. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "tandem " + (version == null ? "(development)" : version) + " on Java " + Runtime.version()
      };
    }
  }
}
