package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.Main;
import io.tandem.processes.NodeProcess;
import io.tandem.processes.SameJvm;
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
import java.util.stream.Stream;

/**
 * A node in a process of its own, which can be frozen and killed, and clients of it. Ends, with its
 * clients, when closed.
 */
public final class TestProcess implements AutoCloseable {

  /** A line that the node says; those of stack traces are others. */
  public static final String TIMED = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} .*";

  private final Path configuration;
  private final Output output;
  private final NodeProcess node;
  private final Vertx clients = Vertx.vertx();
  private NodeProcess.Doors doors = new NodeProcess.Doors("", "");

  private TestProcess(Path configuration, Output output) {
    this.configuration = configuration;
    this.output = output;
    this.node = output.node();
  }

  /**
   * A node with this configuration; returns when it is ready.
   *
   * @param options more of them for its JVM
   */
  public static TestProcess start(String yaml, String... options) {
    TestProcess process = started(yaml, options);
    process.doors =
        process.output.until(
            "the node is ready",
            said ->
                Optional.ofNullable(process.node.ready().exceptionally(over -> null).getNow(null)));
    return process;
  }

  /** A node that has something to wait for before it is ready; does not wait itself. */
  public static TestProcess begin(String yaml, String... options) {
    return started(yaml, options);
  }

  private static TestProcess started(String yaml, String... options) {
    try {
      Path configuration = Files.writeString(Files.createTempFile("node", ".yaml"), yaml);
      configuration.toFile().deleteOnExit();
      return new TestProcess(
          configuration, new Output(new ProcessBuilder(command(configuration, options))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Path configuration, String... options) {
    List<String> own =
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Dio.netty.leakDetection.level=simple",
            // What a node logs, not what tests of the cluster do.
            "-Dlogback.configurationFile=logback.xml");
    List<String> command =
        SameJvm.command(
            Main.class, Stream.concat(own.stream(), Stream.of(options)).toArray(String[]::new));
    command.addAll(List.of("start", "--config", configuration.toString()));
    return command;
  }

  /** What it has said so far; all, when it has ended. */
  public List<String> said() {
    return output.lines();
  }

  /**
   * The same but for what a machine that is slow or stands still makes Vert.x say of its threads,
   * and what the logging says of the tests' class path.
   */
  public List<String> saidOfItself() {
    List<String> own = new ArrayList<>();
    boolean isSlow = false;
    for (String line : said()) {
      if (line.matches(TIMED)) {
        isSlow = line.contains("BlockedThreadChecker");
      }
      if (!isSlow && !line.startsWith("SLF4J")) {
        own.add(line);
      }
    }
    return own;
  }

  /** Waits until it has said so many lines with this in them. */
  public void untilItSays(int times, String words) {
    output.until(
        "it says \"" + words + "\"",
        said -> said.stream().filter(line -> line.contains(words)).skip(times - 1L).findFirst());
  }

  /** A session in {@code realm1}, over WebSocket in JSON. */
  public ClientSession join() {
    return Patience.await(ClientSession.connect(clients, TestNode.patient(doors.url())));
  }

  /** A session in another realm. */
  public ClientSession join(String realm) {
    return Patience.await(ClientSession.connect(clients, ClientOptions.to(doors.url(), realm)));
  }

  /** Whether its door is open now. */
  public boolean isOpen() {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(doors.url()).getPort())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** A channel without a session. */
  public WireConnection connect() {
    return Patience.await(WireConnection.connect(clients, TransportOptions.to(doors.url())));
  }

  /** The members of the cluster, as the node sees them. */
  public List<JsonObject> members() {
    return TestNode.members(managementPort());
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
    return TestNode.configuration(managementPort());
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
    node.stop();
  }

  public boolean isAlive() {
    return node.isAlive();
  }

  /** Its exit status, when it has ended. */
  public int status() {
    awaitEnd();
    return node.process().exitValue();
  }

  private void signal(String name) {
    node.signal(name);
  }

  private int managementPort() {
    return URI.create(doors.management()).getPort();
  }

  private void awaitEnd() {
    assertThat(node.ended()).as("the end").succeedsWithin(Patience.LIMIT);
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    node.kill();
    awaitEnd();
    Patience.await(clients.close());
  }
}
