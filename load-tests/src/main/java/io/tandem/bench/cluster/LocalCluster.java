package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import io.tandem.bench.Checkout;
import io.tandem.bench.cluster.Ground.Door;
import io.tandem.processes.NodeProcess;
import io.tandem.processes.NodeProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes that the bench starts with the launcher of its checkout, as one cluster. They end with the
 * bench, also when it is interrupted. For one thread.
 */
public final class LocalCluster implements AutoCloseable {

  public static final String REALM = "realm1";
  static final String SECOND_REALM = "realm2";

  /**
   * What the nodes are told.
   *
   * @param maxSubscriptions of one session, and as many registrations
   * @param memory what sessions may make a node keep, as its configuration has it; empty for what
   *     it takes by itself
   * @param wire what carries what they send each other; empty for the default
   * @param javaOptions for their JVMs, beside those in TANDEM_JAVA_OPTS
   * @param more what else stands in their configuration
   */
  public record Settings(
      int maxSubscriptions,
      String memory,
      Duration evictAfter,
      String wire,
      String javaOptions,
      More more) {

    /** What they do when nobody says otherwise. */
    public static final Settings USUAL =
        new Settings(10_000, "", Duration.ofSeconds(5), "", "", More.NOTHING);

    Settings evictingAfter(Duration silence) {
      return new Settings(maxSubscriptions, memory, silence, wire, javaOptions, more);
    }

    public Settings withJavaOptions(String options) {
      return new Settings(maxSubscriptions, memory, evictAfter, wire, options, more);
    }

    Settings over(String anotherWire) {
      return new Settings(maxSubscriptions, memory, evictAfter, anotherWire, javaOptions, more);
    }

    public Settings with(More besides) {
      return new Settings(maxSubscriptions, memory, evictAfter, wire, javaOptions, besides);
    }
  }

  /**
   * What else stands in the configuration, in YAML: entries of lists in one line each.
   *
   * @param limits of the usual listener, and what else it says
   * @param listeners of the first node alone, since their ports are fixed
   * @param realms of all nodes
   */
  public record More(String limits, List<String> listeners, List<String> realms) {

    static final More NOTHING = new More("{}", List.of(), List.of());

    private static String entries(List<String> lines) {
      return lines.stream().map(line -> "  - " + line + "\n").collect(Collectors.joining());
    }
  }

  private static final FileAttribute<?> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The first start may have to build. */
  private static final Duration START = Duration.ofMinutes(5);

  private static final Duration END = Duration.ofSeconds(15);

  private final int planned;
  private final Ground ground;
  private final Settings settings;
  private final String token = UUID.randomUUID().toString();
  private final Path directory;
  private final NodeProcesses processes;
  private final List<BenchNode> nodes = new ArrayList<>();
  private final Thread atExit;

  private LocalCluster(
      int planned, Ground ground, Settings settings, Path directory, Consumer<String> tell) {
    this.planned = planned;
    this.ground = ground;
    this.settings = settings;
    this.directory = directory;
    this.processes = new NodeProcesses(new Log(directory, tell));
    this.atExit = new Thread(processes::kill);
  }

  /** What the nodes say, each in a file. */
  private record Log(Path directory, Consumer<String> tell) implements NodeProcesses.Listener {

    @Override
    public void says(String node, String line) {
      try {
        Files.writeString(
            file(directory, node),
            line + System.lineSeparator(),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException failure) {
        tell.accept(node + " | " + line);
      }
    }

    @Override
    public void happens(String sentence) {
      tell.accept(sentence);
    }

    static Path file(Path directory, String node) {
      return directory.resolve(node + ".log");
    }
  }

  /** Starts nodes on loopback and waits until they are ready; one stands alone. */
  public static LocalCluster onLoopback(int count, Settings settings, Consumer<String> tell) {
    return start(count, new Loopback(count), settings, tell);
  }

  /**
   * Starts nodes and waits until they are ready; one stands alone.
   *
   * @param ground where they stand
   */
  static LocalCluster start(int count, Ground ground, Settings settings, Consumer<String> tell) {
    return start(count, count, ground, settings, tell);
  }

  /**
   * Starts some of the nodes and waits until they are ready.
   *
   * @param planned how many there may be
   */
  static LocalCluster start(
      int count, int planned, Ground ground, Settings settings, Consumer<String> tell) {
    try {
      LocalCluster cluster =
          new LocalCluster(
              planned, ground, settings, Files.createTempDirectory("tandem-bench"), tell);
      Runtime.getRuntime().addShutdownHook(cluster.atExit);
      try {
        tell.accept("starting " + count + " nodes, logs in " + cluster.directory);
        Path file = Files.createFile(cluster.directory.resolve("token"), OWNER_ALONE);
        Files.writeString(file, cluster.token);
        for (int i = 0; i < count; i++) {
          cluster.start(i);
        }
        cluster.nodes.forEach(node -> node.awaitReady(START));
        return cluster;
      } catch (RuntimeException failure) {
        cluster.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new BenchException("cannot start nodes: " + failure.getMessage(), failure);
    }
  }

  /** Starts the next of the nodes that were planned, and waits until it is ready. */
  BenchNode startOneMore() {
    try {
      BenchNode node = start(nodes.size());
      node.awaitReady(START);
      return node;
    } catch (IOException failure) {
      throw new BenchException("cannot start a node: " + failure.getMessage(), failure);
    }
  }

  private BenchNode start(int number) throws IOException {
    String name = "node" + (number + 1);
    Path configuration = directory.resolve(name + ".yaml");
    Files.writeString(configuration, configuration(number));
    ProcessBuilder builder =
        new ProcessBuilder(
            ground.placed(
                List.of(
                    Checkout.home().toAbsolutePath().resolve("tandem").toString(),
                    "start",
                    "--config",
                    configuration.toString())));
    String inherited = System.getenv().getOrDefault("TANDEM_JAVA_OPTS", "");
    builder
        .environment()
        .put("TANDEM_JAVA_OPTS", (settings.javaOptions() + " " + inherited).strip());
    NodeProcess process = processes.start(name, builder);
    if (process == null) {
      throw new BenchException("a node ended at its start, see " + directory);
    }
    BenchNode node = new BenchNode(process, Log.file(directory, name), token);
    nodes.add(node);
    ground.admit(number, process.process());
    return node;
  }

  private String configuration(int number) {
    return """
    listeners:
      - {address: %1$s, port: %2$d, limits: %13$s}
    %11$s
    management: {address: %1$s, port: %3$d, metricsToken: {file: %4$s}}
    %5$s
    %10$s
    realms:
      - {name: %6$s, auth: {anonymous: {role: anyone}}, roles: &roles %8$s, limits: &limits %9$s}
      - {name: %7$s, auth: {anonymous: {role: anyone}}, roles: *roles, limits: *limits}
    %12$s
    """
        .formatted(
            ground.host(number),
            ground.port(number, Door.CLIENTS),
            ground.port(number, Door.MANAGEMENT),
            directory.resolve("token"),
            planned == 1 ? "" : cluster(number),
            REALM,
            SECOND_REALM,
            "[{name: anyone, permissions: [{uri: \"\", match: prefix,"
                + " allow: [call, register, publish, subscribe]}]}]",
            "{maxSubscriptions: %1$d, maxRegistrations: %1$d}"
                .formatted(settings.maxSubscriptions()),
            settings.memory().isEmpty() ? "" : "memory: " + settings.memory(),
            number == 0 ? More.entries(settings.more().listeners()) : "",
            More.entries(settings.more().realms()),
            settings.more().limits());
  }

  private String cluster(int number) {
    String join =
        IntStream.range(0, planned)
            .mapToObj(i -> "\"" + ground.host(i) + ":" + ground.port(i, Door.CLUSTER) + "\"")
            .collect(Collectors.joining(", "));
    return ("cluster: {name: %s, node: node%d, host: %s, port: %d, join: [%s], evictAfter: %ds%s,"
            + " secret: {file: %s}}")
        .formatted(
            // Two benches at a time must not become one cluster.
            "bench-" + ProcessHandle.current().pid(),
            number + 1,
            ground.host(number),
            ground.port(number, Door.CLUSTER),
            join,
            settings.evictAfter().toSeconds(),
            settings.wire().isEmpty() ? "" : ", wire: " + settings.wire(),
            directory.resolve("token"));
  }

  public List<BenchNode> nodes() {
    return List.copyOf(nodes);
  }

  /** Stops the nodes as a user would, those that hang as they deserve. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    processes.stop();
    try {
      processes.ended().get(END.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException hang) {
      processes.kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      processes.kill();
    }
  }
}
