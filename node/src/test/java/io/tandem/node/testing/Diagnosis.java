package io.tandem.node.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the nodes in this JVM say of themselves when a test has waited in vain: what each of them
 * waits for, whom it reaches, what its links count, and their connections as the kernel has them.
 * Nodes that are not ready are among them, whose ports nobody knows but the kernel; so without
 * {@code ss} there is nothing to tell.
 */
final class Diagnosis {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String THIS_PROCESS = "pid=" + ProcessHandle.current().pid() + ",";

  private Diagnosis() {}

  static String ofThisJvm() {
    List<String> sockets = sockets();
    return sockets.stream()
            .filter(socket -> socket.startsWith("LISTEN"))
            .map(Diagnosis::node)
            .collect(Collectors.joining())
        + "connections of this process:\n"
        + String.join("\n", sockets);
  }

  private static List<String> sockets() {
    try {
      Process ss = new ProcessBuilder("ss", "-tanpoH").redirectErrorStream(true).start();
      return new String(ss.getInputStream().readAllBytes(), UTF_8)
          .lines()
          .filter(line -> line.contains(THIS_PROCESS))
          .sorted()
          .toList();
    } catch (IOException missing) {
      return List.of("unknown: " + missing.getMessage());
    }
  }

  /** What is behind a port, if that is the management of a node. */
  private static String node(String listening) {
    String local = listening.split(" +", -1)[3];
    int port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1));
    String readiness = get(port, "/health/ready");
    return readiness.startsWith("{\"status\"")
        ? "node at %d: %s%n%s%n%s%n"
            .formatted(port, readiness, get(port, "/cluster"), links(get(port, "/metrics")))
        : "";
  }

  private static String links(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("tandem_link") && !line.endsWith(" 0.0"))
        .collect(Collectors.joining(", "));
  }

  /** The body of the answer; nothing where nobody speaks HTTP. */
  private static String get(int port, String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException notHttp) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
