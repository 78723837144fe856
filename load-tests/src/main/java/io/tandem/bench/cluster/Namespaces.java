package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import io.tandem.bench.Waiting;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Each node in a network namespace of its own, joined by a bridge in the bench's, which is not the
 * machine's either. None of them has a name, so the system takes them back with the processes that
 * live in them, however these end.
 */
final class Namespaces implements Ground {

  private static final String NETWORK = "10.64.0.";
  private static final int BENCH = 254;
  private static final List<String> TOOLS = List.of("unshare", "nsenter", "ip", "nft");

  private final long[] pids;

  /** Nodes that do not hear all others. */
  private final Set<Integer> deaf = new HashSet<>();

  /** To be made inside, see {@link #outside}. */
  Namespaces(int nodes) {
    this.pids = new long[nodes];
    run("ip", "link", "set", "lo", "up");
    run("ip", "link", "add", "tandem", "type", "bridge");
    run("ip", "address", "add", NETWORK + BENCH + "/24", "dev", "tandem");
    run("ip", "link", "set", "tandem", "up");
  }

  /**
   * The words before a command that give it a network namespace, in which it may do as it likes.
   *
   * @throws BenchException when there is a tool missing, or the right to do so
   */
  static List<String> outside() {
    List<String> missing = TOOLS.stream().filter(tool -> !isThere(tool)).toList();
    if (!missing.isEmpty()) {
      throw new BenchException(
          "cutting a link needs "
              + String.join(", ", missing)
              + " on the PATH (apt install util-linux iproute2 nftables)");
    }
    for (List<String> way :
        List.of(
            List.of("unshare", "--net", "--"),
            List.of("unshare", "--map-root-user", "--net", "--"))) {
      List<String> trial = new ArrayList<>(way);
      trial.addAll(List.of("ip", "link", "add", "tandem", "type", "bridge"));
      if (status(trial) == 0) {
        return way;
      }
    }
    throw new BenchException(
        "cutting a link needs root: this user may not make network namespaces; kill and freeze"
            + " need nothing");
  }

  private static boolean isThere(String tool) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, tool))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String host(int node) {
    return NETWORK + (node + 1);
  }

  @Override
  public int port(int node, Door door) {
    return switch (door) {
      case CLIENTS -> 8080;
      case MANAGEMENT -> 9080;
      case CLUSTER -> 5701;
    };
  }

  /** The node waits for a line, so that it finds its network when it starts. */
  @Override
  public List<String> placed(List<String> command) {
    List<String> placed =
        new ArrayList<>(
            List.of("unshare", "--net", "--", "sh", "-c", "read go && exec \"$0\" \"$@\""));
    placed.addAll(command);
    return placed;
  }

  @Override
  public void admit(int node, Process process) {
    pids[node] = process.pid();
    Path inside = Path.of("/proc", Long.toString(process.pid()), "ns", "net");
    Path here = Path.of("/proc/self/ns/net");
    Waiting.until(
        "a node gets no network of its own",
        Duration.ofSeconds(5),
        () -> !Files.readSymbolicLink(inside).equals(Files.readSymbolicLink(here)));
    String cable = "node" + node;
    String pid = Long.toString(process.pid());
    status(List.of("ip", "link", "delete", cable)); // that of a node before, if it is still there
    run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", pid);
    run("ip", "link", "set", cable, "master", "tandem", "up");
    inside(node, "", "ip", "link", "set", "lo", "up");
    inside(node, "", "ip", "address", "add", host(node) + "/24", "dev", "eth0");
    inside(node, "", "ip", "link", "set", "eth0", "up");
    try (Writer input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)) {
      input.write("go\n");
    } catch (IOException gone) {
      throw new BenchException("a node ended before it began: " + gone.getMessage(), gone);
    }
  }

  /**
   * Packets are dropped where they would arrive: a sender is not told. Clients still reach the
   * nodes.
   */
  @Override
  public void cut(List<Way> ways) {
    Map<Integer, List<Way>> byReceiver = ways.stream().collect(Collectors.groupingBy(Way::to));
    byReceiver.forEach(
        (receiver, unheard) -> {
          deaf.add(receiver);
          inside(
              receiver,
              """
              table ip cut {
                chain in { type filter hook input priority 0; ip saddr { %s } drop; }
              }
              """
                  .formatted(
                      unheard.stream()
                          .map(way -> host(way.from()))
                          .collect(Collectors.joining(", "))),
              "nft",
              "-f",
              "-");
        });
  }

  @Override
  public void heal() {
    deaf.forEach(node -> inside(node, "", "nft", "delete", "table", "ip", "cut"));
    deaf.clear();
  }

  private void inside(int node, String input, String... command) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("nsenter", "--net=/proc/" + pids[node] + "/ns/net", "--"));
    all.addAll(List.of(command));
    Commands.run(all, input);
  }

  private static void run(String... command) {
    Commands.run(List.of(command), "");
  }

  private static int status(List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException cannotRun) {
      return -1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
