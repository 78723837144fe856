package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.Main;
import io.tandem.testing.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node in a process of its own, which can be frozen and killed, and clients of it. Ends, with its
 * clients, when closed.
 */
public final class NodeProcess implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile("ready: (ws://127\\.0\\.0\\.1:\\d+/ws).* management http://[^ ]*:(\\d+) ");

  private final Path configuration;
  private final Process process;
  private final Output output;
  private final String webSocket;
  private final int managementPort;
  private final Vertx clients = Vertx.vertx();

  private NodeProcess(
      Path configuration, Process process, Output output, String webSocket, int managementPort) {
    this.configuration = configuration;
    this.process = process;
    this.output = output;
    this.webSocket = webSocket;
    this.managementPort = managementPort;
  }

  /**
   * A node with this configuration; returns when it is ready.
   *
   * @param options more of them for its JVM
   */
  public static NodeProcess start(String yaml, String... options) {
    Path configuration = file(yaml);
    Process process = process(configuration, options);
    Output output = new Output(process);
    Matcher ready = output.until("the node is ready", NodeProcess::ready);
    return new NodeProcess(
        configuration, process, output, ready.group(1), Integer.parseInt(ready.group(2)));
  }

  /** A node that has something to wait for before it is ready; does not wait itself. */
  public static NodeProcess begin(String yaml) {
    Path configuration = file(yaml);
    Process process = process(configuration);
    return new NodeProcess(configuration, process, new Output(process), "", 0);
  }

  private static Path file(String yaml) {
    try {
      Path configuration = Files.writeString(Files.createTempFile("node", ".yaml"), yaml);
      configuration.toFile().deleteOnExit();
      return configuration;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process process(Path configuration, String... options) {
    try {
      return new ProcessBuilder(command(configuration, options)).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Path configuration, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            // As the launcher does: what a newer JVM has to say of these is no line of the node.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            // What a node logs, not what tests of the cluster do.
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "start",
            "--config",
            configuration.toString()));
    return command;
  }

  private static Optional<Matcher> ready(List<String> said) {
    return said.stream().map(READY::matcher).filter(Matcher::find).findFirst();
  }

  /** What it has said so far; all, when it has ended. */
  public List<String> said() {
    return output.lines();
  }

  /** Waits until it has said so many lines with this in them. */
  public void untilItSays(int times, String words) {
    output.until(
        "it says \"" + words + "\"",
        said -> said.stream().filter(line -> line.contains(words)).skip(times - 1L).findFirst());
  }

  /** A session in {@code realm1}, over WebSocket in JSON. */
  public ClientSession join() {
    return Patience.await(ClientSession.connect(clients, TestNode.patient(webSocket)));
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
    return Patience.await(WireConnection.connect(clients, TransportOptions.to(webSocket)));
  }

  /** The members of the cluster, as the node sees them. */
  public List<JsonObject> members() {
    return TestNode.members(managementPort);
  }

  /** Has it read its configuration again, which is this one now. */
  public void reload(String yaml) {
    try {
      Files.writeString(configuration, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    signal("HUP");
  }

  /** The digest of its configuration. */
  public String configuration() {
    return TestNode.configuration(managementPort);
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

  /** Asks it to go. */
  public void terminate() {
    // Not Process.destroy, which would not hear what it says any more.
    process.toHandle().destroy();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit status, when it has ended. */
  public int status() {
    awaitEnd();
    return process.exitValue();
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
      assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("the end")
          .isTrue();
      output.close();
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
    Patience.await(clients.close());
  }
}
