package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.Main;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own, which can be frozen and killed, and clients of it. Ends, with its
 * clients, when closed.
 */
public final class NodeProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;
  private static final Pattern READY =
      Pattern.compile("ready: (ws://127\\.0\\.0\\.1:\\d+/ws).* management http://[^ ]*:(\\d+) ");

  private final Process process;
  private final String webSocket;
  private final int managementPort;
  private final Vertx clients = Vertx.vertx();

  private NodeProcess(Process process, String webSocket, int managementPort) {
    this.process = process;
    this.webSocket = webSocket;
    this.managementPort = managementPort;
  }

  /** A node with this configuration; returns when it is ready. */
  static NodeProcess start(String yaml) {
    try {
      Path configuration = Files.writeString(Files.createTempFile("node", ".yaml"), yaml);
      Process process =
          new ProcessBuilder(command(configuration)).redirectErrorStream(true).start();
      Matcher ready = ready(process.inputReader());
      Files.delete(configuration);
      return new NodeProcess(process, ready.group(1), Integer.parseInt(ready.group(2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Path configuration) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "start",
        "--config",
        configuration.toString());
  }

  /** Reads up to the line that says so; what follows is read by a thread of its own. */
  private static Matcher ready(BufferedReader output) throws IOException {
    List<String> said = new ArrayList<>();
    for (@Nullable String line = output.readLine(); line != null; line = output.readLine()) {
      said.add(line);
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        Thread rest = new Thread(() -> output.lines().forEach(System.err::println), "node output");
        rest.setDaemon(true);
        rest.start();
        return ready;
      }
    }
    throw new AssertionError("the node ended: " + String.join("\n", said));
  }

  /** A session in {@code realm1}, over WebSocket in JSON. */
  public ClientSession join() {
    return TestNode.await(ClientSession.connect(clients, ClientOptions.to(webSocket, "realm1")));
  }

  /** Whether its door is open now. */
  public boolean isOpen() {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(webSocket).getPort())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** A channel without a session. */
  public WireConnection connect() {
    return TestNode.await(WireConnection.connect(clients, TransportOptions.to(webSocket)));
  }

  /** The members of the cluster, as the node sees them. */
  public List<JsonObject> members() {
    return TestNode.members(managementPort);
  }

  /** Takes its processor away, until {@link #thaw}. */
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  /** Ends it without a word. */
  public void kill() {
    signal("KILL");
    awaitEnd();
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      assertThat(kill.waitFor()).as("kill -%s", name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void awaitEnd() {
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the end").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd();
    TestNode.await(clients.close());
  }
}
