package io.tandem.node;

import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.FilesRead;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.logging.LogFormat;
import io.tandem.processes.NodeProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts a node, which runs until the process is told to go, and then drains. */
@Command(name = "start", description = "Runs a node in the foreground, until Ctrl-C or SIGTERM.")
final class StartCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; without it a built-in one for development.")
  private @Nullable Path file;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port for clients, instead of the configuration's; 0 takes any free one.")
  private @Nullable Integer port;

  @Option(
      names = "--management-port",
      paramLabel = "N",
      description = "Port for health and metrics, likewise.")
  private @Nullable Integer managementPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "Address for both; one that other machines reach needs --config.")
  private @Nullable String address;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "Runs N nodes as a cluster on this machine, 1 to 16, each in a process of its own; each"
              + " has the next port for clients and for health, and the next but one for the"
              + " cluster.")
  private @Nullable Integer nodes;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private Console console;
  private final Signals.Source signals;

  StartCommand(Console console, Signals.Source signals) {
    this.console = console;
    this.signals = signals;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      console = console.in(LogFormat.ofProcess());
    } catch (IllegalArgumentException senseless) {
      throw new ParameterException(spec.commandLine(), senseless.getMessage());
    }
    return nodes == null ? startOne() : startSeveral(nodes);
  }

  private int startSeveral(int count) throws InterruptedException {
    SeveralNodes several;
    try {
      several =
          cluster.several(
              count,
              Objects.requireNonNullElse(port, 8080),
              Objects.requireNonNullElse(managementPort, 9080),
              common());
    } catch (IllegalArgumentException senseless) {
      throw new ParameterException(spec.commandLine(), senseless.getMessage());
    }
    NodeProcesses processes = new NodeProcesses(console);
    signals.onGo(processes::stop);
    signals.onSecond(processes::kill);
    if (file != null) {
      signals.onReload(() -> processes.all().forEach(node -> node.signal("HUP")));
    }
    try {
      several.start(processes, file != null);
      return processes.ended().get();
    } catch (IOException failure) {
      return console.fail("cannot start a process: " + failure.getMessage());
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    } finally {
      processes.kill();
    }
  }

  /** What each of several nodes is told. */
  private List<String> common() {
    List<String> common = new ArrayList<>();
    if (file != null) {
      common.add("--config=" + file);
    }
    if (address != null) {
      common.add("--bind=" + address);
    }
    return common;
  }

  private int startOne() throws InterruptedException {
    NodeConfig config;
    FilesRead files = new FilesRead();
    try {
      config = configuration(files);
    } catch (ConfigurationException problems) {
      return console.fail(problems);
    } catch (IllegalArgumentException senseless) {
      throw new ParameterException(spec.commandLine(), senseless.getMessage());
    }
    name(config.cluster());
    config.warnings().forEach(warning -> console.complain("warning: " + warning));
    ConfigSource source = file == null ? null : new ConfigFile(this::configuration, files, console);
    Node node = Node.launch(config, source, ready -> tell(config, ready));
    signals.onGo(() -> drain(node));
    if (file != null) {
      signals.onReload(node::reread);
    }
    try {
      node.ended().toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException failed) {
      console.complain(reason(failed.getCause()));
      return CommandLine.ExitCode.SOFTWARE;
    }
    console.log("stopped");
    return CommandLine.ExitCode.OK;
  }

  /** What the file says, with what the options say instead. */
  private NodeConfig configuration(FilesRead files) throws ConfigurationException {
    NodeConfig config = file == null ? Configurations.embedded() : Configurations.load(file, files);
    if (port != null) {
      config = config.withPort(port);
    }
    if (managementPort != null) {
      config = config.withManagementPort(managementPort);
    }
    if (address != null) {
      config = config.withBind(address);
    }
    config = config.withCluster(cluster.over(config.cluster()));
    if (file == null) {
      refuseBeyondLoopback("--bind", config.management().endpoint());
      if (config.cluster() != null) {
        refuseBeyondLoopback("--cluster-host", config.cluster().endpoint());
      }
    }
    refuseStrangers(config.cluster());
    return config;
  }

  private static void refuseBeyondLoopback(String option, Endpoint.Tcp endpoint) {
    if (!endpoint.isLocal()) {
      throw new IllegalArgumentException(
          option
              + " "
              + endpoint.address()
              + " would open the built-in configuration, in which everybody may do everything, to"
              + " other machines; write your own with \"tandem init\" and name it with --config");
    }
  }

  /** What the file says by itself was looked at when it was read. */
  private static void refuseStrangers(@Nullable ClusterConfig cluster) {
    if (cluster != null && cluster.isOpenToStrangers() && !cluster.insecure()) {
      throw new IllegalArgumentException(
          "--cluster-host "
              + cluster.host()
              + " would open the cluster to other machines without a secret or TLS, and whoever"
              + " reaches it can do what a node can; set cluster.secret or cluster.tls in the"
              + " configuration, or cluster.insecure: true where a firewall or network policy keeps"
              + " everybody else away");
    }
  }

  private static String reason(@Nullable Throwable failure) {
    if (failure instanceof CannotListenException closed && FreePorts.isTaken(closed.endpoint())) {
      return closed.getMessage() + "; stop what listens there, or choose " + options(closed);
    } else if (failure instanceof EndedException ended) {
      return "ended: " + ended.getMessage();
    }
    return failure instanceof NodeException known
        ? String.valueOf(known.getMessage())
        : "cannot start: " + failure;
  }

  /** What chooses another port. */
  private static String options(CannotListenException closed) {
    return switch (closed.purpose()) {
      case CLIENTS, MANAGEMENT -> "--port and --management-port";
      case CLUSTER -> "--cluster-port";
    };
  }

  /**
   * What is said from now on has the node's name, unless a port gives it one that is still to be
   * found.
   */
  private static void name(@Nullable ClusterConfig cluster) {
    if (cluster == null) {
      LogFormat.ofNode("node");
    } else if (cluster.node() != null || cluster.port() != 0) {
      LogFormat.ofNode(cluster.nodeName(cluster.port()));
    }
  }

  /** True when it is printed: the life that is ready does not end before. */
  private void tell(NodeConfig config, Node ready) {
    if (config.cluster() != null) {
      LogFormat.ofNode(config.cluster().nodeName(ready.clusterPort()));
    }
    console.log("ready: " + String.join(", ", urls(config, ready)));
  }

  private static List<String> urls(NodeConfig config, Node node) {
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < config.listeners().size(); i++) {
      ListenerConfig listener = config.listeners().get(i);
      String secure = listener.tls() == null ? "" : "s";
      if (listener.endpoint() instanceof Endpoint.Tcp tcp) {
        Endpoint.Tcp actual = new Endpoint.Tcp(tcp.address(), node.ports().get(i));
        urls.add("ws" + secure + "://" + actual + listener.path());
        if (listener.tryIt()) {
          urls.add("try it at http" + secure + "://" + actual + "/");
        }
      } else {
        urls.add(listener.endpoint().toString());
      }
    }
    urls.add(
        "management http://"
            + new Endpoint.Tcp(config.management().endpoint().address(), node.managementPort())
            + " ("
            + node.laneCount()
            + " lanes)");
    ClusterConfig cluster = config.cluster();
    if (cluster != null) {
      urls.add(
          "cluster \""
              + cluster.name()
              + "\" on "
              + cluster.endpoint().withPort(node.clusterPort())
              + " as "
              + cluster.nodeName(node.clusterPort())
              + " ("
              + node.clusterSize()
              + (node.clusterSize() == 1 ? " node)" : " nodes)"));
    }
    return urls;
  }

  private void drain(Node node) {
    console.log("draining");
    node.stop();
  }
}
