package io.tandem.node.testing;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Real nodes in this JVM that form one cluster on free ports of loopback. Ends with its nodes. The
 * first node is the one that all others look for, so it must not leave while others are to come.
 */
public final class TestCluster implements AutoCloseable {

  /** Two lanes each, so that all that crosses nodes crosses lanes as well. */
  private static final String NODE = TestNode.MANAGEMENT + TestNode.REALM + "lanes: 2\n";

  private final String name = "test-" + UUID.randomUUID();
  private final String settings;
  private final List<TestNode> nodes = new ArrayList<>();

  private TestCluster(String settings) {
    this.settings = settings;
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
    TestCluster cluster = new TestCluster(settings);
    IntStream.range(0, size).forEach(node -> cluster.join());
    cluster.untilAgreed(size);
    return cluster;
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
    TestNode node = TestNode.start(configuration());
    nodes.add(node);
    return node;
  }

  /**
   * One more node, in a process of its own; returns when it is ready. Not ended with this.
   *
   * @param more lines of its configuration, those of further listeners first
   */
  public NodeProcess joinProcess(String... more) {
    return NodeProcess.start(configuration(more));
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
    String join =
        nodes.isEmpty() ? "" : ", join: [\"127.0.0.1:" + first().node().clusterPort() + "\"]";
    return TestNode.LISTENER
        + String.join("", more)
        + NODE
        + "cluster: {port: 0, name: "
        + name
        + join
        + (settings.isEmpty() ? "" : ", " + settings)
        + "}\n";
  }

  private TestNode first() {
    return nodes.get(0);
  }

  /** Waits until the nodes here reach nobody but each other. */
  public void untilAmongThemselves() {
    TestNode.until(
        "the nodes reach each other alone",
        () -> nodes.stream().allMatch(node -> reachable(node) == nodes.size() - 1));
  }

  private static long reachable(TestNode node) {
    return node.members().stream().filter(member -> member.getBoolean("reachable", false)).count();
  }

  /** Waits until each node here counts so many members, and has the same of each as it has. */
  public void untilAgreed(int size) {
    TestNode.until(size + " nodes agree", () -> agree(size));
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
    boolean settled = member.getBoolean("self") || member.getBoolean("inStep");
    return settled
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
