package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tandem.cluster.membership.Discovery;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.RebalanceConfig;
import io.tandem.node.router.Lane;
import io.tandem.node.testing.LogBackend;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping a node, and the socket files it finds or leaves. */
class NodeTest {

  @TempDir private Path directory;

  private static NodeConfig config(String listener) {
    return config(listener, 2);
  }

  private static NodeConfig config(String listener, int lanes) {
    try {
      return Configurations.parse(
          "test.yaml",
          TestNode.LISTENER + listener + TestNode.MANAGEMENT + TestNode.REALM + "lanes: " + lanes);
    } catch (ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  private static NodeConfig on(Path socket) {
    return config("  - unix: " + socket + "\n");
  }

  @Test
  void lanesStandInTheOrderOfTheirNumbers() {
    Node node = await(Node.start(config("", 16)));

    assertThat(node.lanes()).extracting(Lane::number).isSorted();

    await(node.stop());
  }

  @Test
  void threadsAreNamedByWhatRunsOnThem() {
    Node node = await(Node.start(config("").withCluster(ClusterConfig.DEFAULT.withPort(0))));

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .contains("tandem-home", "tandem-lane-0", "tandem-lane-1", "tandem-management");

    await(node.stop());
  }

  @Test
  void nodeThatLeavesTakesNoConfigurationOver() {
    Node node = await(Node.start(config("")));
    Future<Void> stopped = node.stop();

    assertThatThrownBy(() -> await(node.reload(config("")))).hasMessageContaining("leaves");

    await(stopped);
  }

  @Test
  void nodeOfAClusterLeavesItsManagementPortFree() throws IOException {
    Node node = await(Node.start(config("").withCluster(ClusterConfig.DEFAULT.withPort(0))));
    int port = node.managementPort();

    await(node.stop());

    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void evictedNodeThatCannotStartOverTriesUntilItCan() throws IOException {
    Path socket = directory.resolve("node.sock");
    Node node = await(Node.start(on(socket).withCluster(ClusterConfig.DEFAULT.withPort(0))));
    Path moved = Files.move(socket, directory.resolve("moved.sock"));
    // Not a file: the old life's socket takes what has its name with it.
    Path inTheWay = Files.createFile(Files.createDirectory(socket).resolve("file"));

    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    Logger log = LogBackend.logger(Node.class.getName());
    log.addAppender(told);

    node.evicted();
    Patience.until(
        "an attempt that failed",
        () -> List.copyOf(told.list).stream().anyMatch(event -> event.getLevel() == Level.WARN));
    Files.delete(inTheWay);
    Files.delete(socket);

    Patience.until("a new life", () -> !node.lanes().isEmpty());
    log.detachAppender(told);
    await(node.stop());
    Files.delete(moved);
  }

  @Test
  void nodeThatCannotStartOverForTooLongEndsAndSaysWhy() throws IOException {
    Path socket = directory.resolve("node.sock");
    Promise<Node> ready = Promise.promise();
    NodeConfig config = on(socket).withCluster(ClusterConfig.DEFAULT.withPort(0));
    Node.launch(config, null, ready::tryComplete, Duration.ofMillis(1));
    Node node = await(ready.future());
    Path moved = Files.move(socket, directory.resolve("moved.sock"));
    Path inTheWay = Files.createFile(Files.createDirectory(socket).resolve("file"));

    node.evicted();

    assertThatThrownBy(() -> await(node.ended()))
        .hasMessageContaining("could not start over")
        .hasMessageContaining("cannot listen on unix:" + socket);
    Files.delete(moved);
    Files.delete(inTheWay);
  }

  @Test
  void stopBetweenTwoLivesIsAnEndAsAnyOther() throws IOException {
    Path socket = directory.resolve("node.sock");
    Node node = await(Node.start(on(socket).withCluster(ClusterConfig.DEFAULT.withPort(0))));
    node.evicted();
    assertThat(node.lanes()).isEmpty();

    await(node.stop());

    assertThat(socket).doesNotExist();
  }

  @Test
  void stopBeforeItIsReadyCallsTheStartOff() {
    Promise<Node> ready = Promise.promise();
    Node node =
        Node.launch(
            config("").withCluster(ClusterConfig.DEFAULT.withPort(0)), null, ready::tryComplete);

    await(node.stop());

    assertThat(ready.future().isComplete()).isFalse();
  }

  @Test
  void nodeThatKnowsOfOthersAndReachesNoneSaysSoAndCanBeStopped() throws Exception {
    int port = FreePorts.pair("127.0.0.1");
    int management = FreePorts.pair("127.0.0.1");
    Promise<Node> ready = Promise.promise();
    ClusterConfig alone =
        new ClusterConfig(
            "test-" + port,
            null,
            "127.0.0.1",
            0,
            new Discovery.Addresses(List.of("127.0.0.1:" + port)),
            1,
            Duration.ofSeconds(5),
            ClusterConfig.DEFAULT.wire(),
            null,
            null,
            false,
            RebalanceConfig.DEFAULT);

    Node node =
        Node.launch(
            config("").withCluster(alone).withManagementPort(management), null, ready::tryComplete);
    Patience.until(
        "it says what it waits for",
        () -> health(management).contains("127.0.0.1:" + port + " cannot be joined"));
    assertThat(health(management)).startsWith("{\"status\":\"DOWN\",\"waitsFor\":[");

    await(node.stop());
    assertThat(ready.future().isComplete()).isFalse();
  }

  private static String health(int port) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stopAskedForTwiceTellsOneEnd() {
    Node node = await(Node.start(config("")));

    Future<Void> first = node.stop();
    Future<Void> second = node.stop();

    await(first);
    await(second);
    await(node.stop());
  }

  /** Links find the event loop of a lane by its number. */
  @Test
  void lanesComeInTheOrderOfTheirNumbersInWhateverOrderTheyStart() {
    Node node = await(Node.start(config("", 16)));

    assertThat(node.lanes())
        .extracting(Lane::number)
        .containsExactlyElementsOf(IntStream.range(0, 16).boxed().toList());

    await(node.stop());
  }

  @Test
  void socketFileOfAProcessThatWasKilledIsReplaced() throws IOException {
    Path socket = directory.resolve("node.sock");
    listen(socket).close();
    assertThat(socket).exists();

    await(await(Node.start(on(socket))).stop());

    assertThat(socket).doesNotExist();
  }

  @Test
  void socketThatSomebodyListensOnIsLeftToThem() throws IOException {
    Path socket = directory.resolve("node.sock");
    try (ServerSocketChannel other = listen(socket)) {
      assertThatThrownBy(() -> await(Node.start(on(socket))))
          .hasRootCauseInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on unix:" + socket);
      assertThat(other.isOpen()).isTrue();
      assertThat(socket).exists();
    }
  }

  @Test
  void fileThatIsNoSocketIsLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("node.sock"), "mine");

    assertThatThrownBy(() -> await(Node.start(on(file))))
        .hasMessageContaining("cannot listen on unix:" + file);

    assertThat(file).hasContent("mine");
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }
}
