package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a process lives: until it is asked to go, whatever becomes of its node's lives. */
class LivesIT {

  private static final int ENDED_BY_SIGTERM = 128 + 15;

  @TempDir private Path directory;

  private Path socket() {
    return directory.resolve("node.sock");
  }

  /** A node with a door that something can stand in the way of. */
  private TestProcess joined(TestCluster cluster) {
    TestProcess node = cluster.joinProcess("  - unix: " + socket() + "\n");
    cluster.untilAgreed(3);
    return node;
  }

  /**
   * The node's life is over, and the next one cannot begin; returns what has to go for that. The
   * others are two, so that they stay where they do not agree with it who has left.
   */
  private Path keepBetweenTwoLives(TestProcess node, TestCluster cluster) throws IOException {
    node.freeze();
    cluster.untilAmongThemselves();
    cluster.untilAgreed(2);
    Files.move(socket(), directory.resolve("moved.sock"));
    Path inTheWay = Files.createFile(Files.createDirectory(socket()).resolve("file"));
    node.thaw();
    // No life is there between two attempts, and no thread of one.
    node.untilItSays(2, "cannot start over");
    return inTheWay;
  }

  /** From the moment it was ready: before, a JVM has its own words on a test's options and path. */
  private static List<String> said(TestProcess node) {
    return node.saidOfItself().stream()
        .dropWhile(line -> !line.contains("tandem: ready: "))
        .toList();
  }

  @Test
  void processLivesOnWhileNoLifeOfItsNodeDoes() throws IOException {
    try (TestCluster cluster = TestCluster.start(2);
        TestProcess node = joined(cluster)) {
      Path inTheWay = keepBetweenTwoLives(node, cluster);
      Files.delete(inTheWay);
      Files.delete(socket());

      node.untilItSays(2, "tandem: ready: ");

      cluster.untilAgreed(3);
      await(node.join().subscribe("com.topic", event -> {}));
      // No stack trace, and no more than somebody reads.
      assertThat(said(node)).allMatch(line -> line.matches(TestProcess.TIMED)).hasSizeLessThan(40);
    }
  }

  @Test
  void signalBetweenTwoLivesEndsTheProcessWell() throws IOException {
    try (TestCluster cluster = TestCluster.start(2);
        TestProcess node = joined(cluster)) {
      keepBetweenTwoLives(node, cluster);

      node.terminate();

      assertThat(node.status()).isZero();
      assertThat(node.said()).last().asString().endsWith("tandem: stopped");
    }
  }

  @Test
  void processThatDrainedEndsWell() {
    try (TestCluster cluster = TestCluster.start(2);
        TestProcess node = joined(cluster)) {
      node.join();

      node.terminate();

      assertThat(node.status()).isZero();
      assertThat(node.said()).last().asString().endsWith("tandem: stopped");
      assertThat(said(node)).allMatch(line -> line.matches(TestProcess.TIMED));
      cluster.untilAgreed(2);
    }
  }

  @Test
  void signalBeforeTheNodeIsReadyEndsTheProcessWell() {
    String alone = "cluster: {port: 0, name: lives-" + UUID.randomUUID() + ", expect: 3}\n";
    try (TestProcess node =
        TestProcess.begin(TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM + alone)) {
      node.untilItSays(1, "majority: 1 of 3 nodes here");

      node.terminate();

      assertThat(node.status()).isZero();
      assertThat(node.said())
          .noneMatch(line -> line.contains("ready"))
          .last()
          .asString()
          .endsWith("tandem: stopped");
    }
  }

  @Test
  void secondSignalEndsAtOnceWhatStillDrains() {
    try (TestCluster cluster = TestCluster.start(1);
        TestProcess node = cluster.joinProcess("drainTimeout: 50s\n")) {
      ClientSession callee = node.join();
      Promise<Void> invoked = Promise.promise();
      await(
          callee.register(
              "com.slow",
              invocation -> {
                invoked.complete();
                return Promise.<Arguments>promise().future();
              }));
      node.join().call("com.slow", Arguments.none());
      await(invoked.future());

      node.terminate();
      node.untilItSays(1, "tandem: draining");
      // Not the next one within a second, which may be the same one said twice.
      until(
          "a later signal has ended it",
          () -> {
            node.terminate();
            return !node.isAlive();
          });

      assertThat(node.status()).isEqualTo(ENDED_BY_SIGTERM);
      assertThat(node.said()).noneMatch(line -> line.contains("stopped"));
    }
  }

  /** Its set-up took seconds of the event loop that first had a buffer. */
  @Test
  void nettyLeavesTheFlightRecorderAlone() throws IOException {
    Path loaded = directory.resolve("classes.log");
    try (TestProcess node =
        TestProcess.start(
            TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM,
            "-Xlog:class+load:file=" + loaded)) {
      await(node.join().subscribe("com.topic", event -> {}));
      node.terminate();
      assertThat(node.status()).isZero();
    }

    assertThat(Files.readString(loaded))
        .contains("io.netty.buffer.ByteBuf ")
        .doesNotContain("io.netty.buffer.AllocateBufferEvent ");
  }
}
