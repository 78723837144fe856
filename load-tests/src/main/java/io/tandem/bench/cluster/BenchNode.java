package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import io.tandem.processes.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One node, in a process of its own, and what its management port tells. Any thread. */
public final class BenchNode {

  private static final Duration CONNECT = Duration.ofSeconds(1);

  /**
   * Of a node that answers: it walks its tables for a view of the cluster, and they may be large.
   */
  static final Duration ANSWER = Duration.ofSeconds(10);

  private final NodeProcess node;
  private final Path log;
  private final String token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private volatile NodeProcess.Doors doors = new NodeProcess.Doors("", "");

  BenchNode(NodeProcess node, Path log, String token) {
    this.node = node;
    this.log = log;
    this.token = token;
  }

  String name() {
    return node.name();
  }

  /** What it has said so far. */
  public Path log() {
    return log;
  }

  public long pid() {
    return node.pid();
  }

  public boolean isAlive() {
    return node.isAlive();
  }

  /** Where clients connect. */
  public String url() {
    return doors.url();
  }

  /** Where operators connect. */
  public String management() {
    return doors.management();
  }

  /** Waits until the node says that it is ready. */
  void awaitReady(Duration limit) {
    try {
      doors = node.ready().get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException slow) {
      throw new BenchException(name() + " does not start, see " + log);
    } catch (ExecutionException ended) {
      throw new BenchException(name() + " ended at its start: " + lastWords());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while " + name() + " starts");
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    } catch (IOException silent) {
      return "see " + log;
    }
  }

  /** What it says of the cluster; null when it does not answer. */
  @Nullable JsonObject cluster(Duration patience) {
    String answer = get("/cluster", patience);
    return answer == null ? null : new JsonObject(answer);
  }

  /** The sum of the metrics whose name, or name and labels, begin so; null without an answer. */
  public @Nullable Double metric(String metric) {
    String answer = get("/metrics", ANSWER);
    if (answer == null) {
      return null;
    }
    return answer
        .lines()
        .filter(line -> line.startsWith(metric))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * Octets that are alive in its heap, after a full collection.
   *
   * @throws BenchException when it does not tell
   */
  public long liveHeap() {
    jcmd("GC.run");
    Double used = metric("jvm_memory_used_bytes{area=\"heap\"");
    if (used == null) {
      throw new BenchException(name() + " does not tell its memory");
    }
    return used.longValue();
  }

  /** What the JDK's own tool for running JVMs says of it. */
  String jcmd(String command) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return Commands.run(List.of(jcmd, Long.toString(pid()), command), "");
  }

  private @Nullable String get(String path, Duration patience) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(management() + path))
            .timeout(patience)
            .header("Authorization", "Bearer " + token)
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : null;
    } catch (IOException silent) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Sends a signal, such as {@code STOP}. */
  void signal(String signal) {
    node.signal(signal);
  }

  /** As {@code kill -9} does. */
  void kill() {
    node.kill();
  }
}
