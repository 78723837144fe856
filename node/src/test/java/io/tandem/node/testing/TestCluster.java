package io.tandem.node.testing;

import com.hazelcast.core.Hazelcast;
import io.tandem.node.config.ClusterConfig;
import io.tandem.testing.Patience;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Real nodes in this JVM that form one cluster on free ports of loopback. Ends with its nodes. The
 * first node is the one that all others look for, so it must not leave while others are to come.
 */
public final class TestCluster implements AutoCloseable {

  /** Two lanes each, so that all that crosses nodes crosses lanes as well. */
  private static final String LANES = "lanes: 2\n";

  /** The default, unless {@code -Dtandem.wire} says otherwise. */
  private static final String WIRE =
      System.getProperty("tandem.wire", ClusterConfig.DEFAULT.wire().toString());

  private final String name = "test-" + UUID.randomUUID();
  private final String wire;
  private final String settings;
  private final String management;
  private final String realms;
  private final List<TestNode> nodes = new CopyOnWriteArrayList<>();

  private TestCluster(String wire, String settings, String management, String realms) {
    this.wire = wire;
    this.settings = settings;
    this.management = management;
    this.realms = realms;
  }

  /** So many nodes, each of which knows all others. */
  public static TestCluster start(int size) {
    return start(size, "");
  }

  /**
   * The same, with more to say about the cluster.
   *
   * @param settings keys of the section {@code cluster} beside those that make one of the nodes, as
   *     {@code "evictAfter: 20s"}
   */
  public static TestCluster start(int size, String settings) {
    return start(size, WIRE, settings);
  }

  /** The same, over this wire. */
  public static TestCluster start(int size, String wire, String settings) {
    return started(size, new TestCluster(wire, settings, TestNode.MANAGEMENT, TestNode.REALM));
  }

  /**
   * So many nodes with other realms than {@link TestNode#REALM}.
   *
   * @param realms the section {@code realms}
   */
  public static TestCluster serving(int size, String realms) {
    return managed(size, TestNode.MANAGEMENT, realms);
  }

  /** The same, with more to say about the cluster. */
  public static TestCluster serving(int size, String settings, String realms) {
    return started(size, new TestCluster(WIRE, settings, TestNode.MANAGEMENT, realms));
  }

  /**
   * The same, with another door for whoever runs the nodes.
   *
   * @param management the section {@code management}
   */
  public static TestCluster managed(int size, String management, String realms) {
    return started(size, new TestCluster(WIRE, "", management, realms));
  }

  private static TestCluster started(int size, TestCluster cluster) {
    return cluster.begun(size, () -> IntStream.range(0, size).forEach(node -> cluster.join()));
  }

  /** All nodes go on with these realms, one after the other; returns when they do. */
  public void reload(String other) {
    nodes.forEach(node -> node.reload(node.yaml().replace(realms, other)));
  }

  /** So many nodes; all but the first start at once. */
  public static TestCluster startAtOnce(int size) {
    TestCluster cluster = new TestCluster(WIRE, "", TestNode.MANAGEMENT, TestNode.REALM);
    return cluster.begun(
        size,
        () -> {
          cluster.join();
          cluster.joinAtOnce(size - 1);
        });
  }

  private TestCluster begun(int size, Runnable joining) {
    try {
      joining.run();
      untilAgreed(size);
      return this;
    } catch (AssertionError vain) {
      close();
      throw vain;
    }
  }

  /** The nodes, the one that has been there longest first. */
  public List<TestNode> nodes() {
    return List.copyOf(nodes);
  }

  public TestNode node(int number) {
    return nodes.get(number);
  }

  /** One more node; returns when it is ready. */
  public TestNode join() {
    TestNode node = started(configuration());
    nodes.add(node);
    return node;
  }

  /** One more node, with other settings than the rest. */
  public TestNode join(String others) {
    TestNode node = started(configuration(others, new String[0]));
    nodes.add(node);
    return node;
  }

  private void joinAtOnce(int count) {
    String configuration = configuration();
    CompletableFuture<?>[] coming =
        Stream.generate(
                () ->
                    CompletableFuture.runAsync(
                        () -> nodes.add(started(configuration)),
                        task -> new Thread(task, "start").start()))
            .limit(count)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(coming).join();
    } catch (CompletionException failure) {
      throw new AssertionError(failure.getCause());
    }
  }

  private static TestNode started(String configuration) {
    return explained(() -> TestNode.start(configuration));
  }

  /** Who waits in vain is told what the nodes say of it. */
  private static <T> T explained(Supplier<T> wait) {
    try {
      return wait.get();
    } catch (AssertionError vain) {
      throw new AssertionError(vain.getMessage() + "\n" + Diagnosis.ofThisJvm(), vain);
    }
  }

  private static void until(String what, BooleanSupplier condition) {
    explained(
        () -> {
          Patience.until(what, condition);
          return what;
        });
  }

  /**
   * One more node, in a process of its own; returns when it is ready. Not ended with this.
   *
   * @param more lines of its configuration, those of further listeners first
   */
  public TestProcess joinProcess(String... more) {
    return TestProcess.start(configuration(more));
  }

  /** The node drains and leaves. */
  public void leave(TestNode node) {
    nodes.remove(node);
    node.close();
  }

  /**
   * @param more lines after those of the first listener
   */
  private String configuration(String... more) {
    return configuration(settings, more);
  }

  private String configuration(String settings, String[] more) {
    String join =
        nodes.isEmpty() ? "" : ", join: [\"127.0.0.1:" + first().node().clusterPort() + "\"]";
    return TestNode.LISTENER
        + String.join("", more)
        + management
        + LANES
        + realms
        + "cluster: {port: 0, name: "
        + name
        + ", wire: "
        + wire
        + join
        + (settings.isEmpty() ? "" : ", " + settings)
        + "}\n";
  }

  private TestNode first() {
    return nodes.get(0);
  }

  /** Waits until the nodes here reach nobody but each other. */
  public void untilAmongThemselves() {
    until(
        "the nodes reach each other alone",
        () -> nodes.stream().allMatch(node -> reachable(node) == nodes.size() - 1));
  }

  private static long reachable(TestNode node) {
    return node.members().stream().filter(member -> member.getBoolean("reachable", false)).count();
  }

  /** Waits until each node here counts so many members, and has the same of each as it has. */
  public void untilAgreed(int size) {
    until(size + " nodes agree", () -> agree(size));
  }

  /**
   * Waits until all that the members share has its backup: while it moves, as after a join, a
   * member that is killed may take along what only it had.
   */
  public void untilBackedUp() {
    until(
        "all has its backup",
        () ->
            Hazelcast.getAllHazelcastInstances().stream()
                .allMatch(member -> member.getPartitionService().isClusterSafe()));
  }

  /** Equal digests at equal sequences (C1). */
  private boolean agree(int size) {
    List<List<String>> views = nodes.stream().map(TestCluster::view).toList();
    return views.stream().allMatch(view -> view.size() == size && view.equals(views.get(0)));
  }

  private static List<String> view(TestNode node) {
    return node.members().stream().map(TestCluster::content).sorted().toList();
  }

  /** What every node has to say of a member in the same way. */
  private static String content(JsonObject member) {
    boolean inStep = member.getBoolean("self") || member.getBoolean("inStep");
    return inStep
        ? member.getString("incarnation")
            + " at "
            + member.getLong("sequence")
            + " "
            + member.getString("digest")
        : "not in step";
  }

  @Override
  public void close() {
    // All at once: each of them takes a while.
    nodes.forEach(node -> node.node().stop());
    nodes.forEach(TestNode::close);
  }
}
