package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Frames;
import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkListener;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.Membership;
import io.tandem.cluster.membership.Remembered;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes of the cluster, as this one knows them. Membership says who they are, links say
 * who can be reached; these are two things, and neither is taken for the other. An unreachable
 * other node is waited for by nobody and keeps what it holds. One that has left the membership is
 * gone for good: what it held is freed, by the node that has been there longest.
 *
 * <p>Everything runs on the node's home thread, which is also the links' and the registry writer's;
 * {@link #isAway}, {@link #states}, {@link #waitsFor} and {@link #hasQuorum} may be asked from any.
 */
public final class OtherNodes {

  private static final Logger LOG = LoggerFactory.getLogger(OtherNodes.class);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Makes the link to another node. */
  public interface Linker {
    Link link(NodeId otherNode, LinkListener listener);
  }

  /**
   * What this node knows of another node.
   *
   * @param open whether the link takes deliveries
   * @param inStep whether each side has acknowledged the other's part of the registry
   * @param sequence the newest entry of the other node's log that is in this node's tables
   * @param features the feature level on its link when that was last open, 0 before
   * @param closedAt where the link is not open, since when by the home scheduler's clock
   * @param configuration a digest of the configuration that the node goes by, as it last said; null
   *     before, and where its release does not say it
   */
  public record State(
      NodeId node,
      boolean open,
      boolean inStep,
      boolean draining,
      int features,
      long sequence,
      long closedAt,
      @Nullable String configuration) {}

  private final Membership membership;
  private final RoutingTables tables;
  private final RegistryLog log;
  private final Linker linker;
  private final Wire wire;
  private final Loop home;
  private final Host host;
  private final Map<Long, OtherNode> otherNodes = new LinkedHashMap<>();
  private final Presence presence = new Presence();

  /** Lives that are over, by incarnation; they are told so when they still send frames. */
  private final Map<Long, NodeId> gone = new Remembered<>(presence::forget);

  private final Verdict verdict;
  private final Estates estates;
  private final Steps steps;
  private final NodeConfigurations configurations;
  private final NodeSessions sessions;
  private boolean draining;
  private boolean leaving;
  private boolean over;

  /**
   * @param wire only for what is said to nodes that have no link any more
   * @param unreachableAfter how long a silent node is waited for
   * @param evictAfter how long one may be silent that is evicted
   */
  public OtherNodes(
      Membership membership,
      RoutingTables tables,
      RegistryLog log,
      Linker linker,
      Wire wire,
      Loop home,
      Duration unreachableAfter,
      Duration evictAfter,
      Host host) {
    this.membership = membership;
    this.tables = tables;
    this.log = log;
    this.linker = linker;
    this.wire = wire;
    this.home = home;
    presence.begins(home.scheduler().nanoTime());
    // A link is gone after that silence; the others have to see it too.
    Duration rest = evictAfter.minus(unreachableAfter);
    Duration partialAfter = (rest.isNegative() ? Duration.ZERO : rest).plus(AGAIN);
    this.verdict = new Verdict(membership, otherNodes.values(), partialAfter);
    this.host = host;
    this.estates = new Estates(membership, home, host, () -> over || leaving);
    this.configurations =
        new NodeConfigurations(membership.self().node(), home, host, presence, otherNodes.values());
    this.sessions = new NodeSessions(home.scheduler(), otherNodes.values(), this::knowsAll);
    this.steps = new Steps(home, unreachableAfter, this::areInStep);
  }

  /** Begins to link the members, as they come. Home thread. */
  public void start() {
    watch();
    membership.listen(
        new Membership.Listener() {
          @Override
          public void joined(Membership.Member member) {
            home.executor().execute(() -> joins(member.node()));
          }

          @Override
          public void left(Membership.Member member) {
            home.executor().execute(() -> leaves(member.node()));
          }

          @Override
          public void merged() {
            home.executor().execute(OtherNodes.this::endLife);
          }
        });
  }

  private void watch() {
    if (!over) {
      otherNodes.values().forEach(OtherNode::remind);
      configurations.look();
      sessions.tell();
      resolve();
      home.scheduler().schedule(AGAIN, this::watch);
    }
  }

  private void resolve() {
    OtherNode missed = draining ? null : verdict.givesWayTo();
    if (missed != null) {
      LOG.warn(
          "{} is there for others and not for this node, for {} s",
          missed.node().name(),
          missed.missed().toSeconds());
      endLife();
    }
  }

  /** Ends all links. Home thread. */
  public void stop() {
    over = true;
    otherNodes.values().forEach(otherNode -> otherNode.link().stop());
    steps.end();
  }

  // ---- membership ----

  private void joins(NodeId node) {
    if (over
        || otherNodes.containsKey(node.incarnation())
        || gone.containsKey(node.incarnation())) {
      return;
    }
    LOG.info("{} has joined", node.name());
    OtherNode otherNode = new OtherNode(node, this, host, log, tables, home, linker);
    otherNodes.put(node.incarnation(), otherNode);
    presence.away(node);
    otherNode.start();
    changed();
  }

  private void leaves(NodeId node) {
    if (over) {
      return;
    }
    LOG.info("{} has left", node.name());
    presence.away(node); // until it is forgotten: a record may name it a little longer
    gone.put(node.incarnation(), node);
    OtherNode otherNode = otherNodes.remove(node.incarnation());
    if (otherNode != null) {
      if (otherNode.isDraining()) {
        presence.drained(node);
      }
      otherNode.end();
    }
    // It need not ask: who has left waits for this, and who was evicted shall know it.
    wire.send(node, Wire.NODE, farewell(node.incarnation()));
    estates.left();
    changed();
  }

  /** Leaves what gone nodes held to others. Home thread, as what it completes. */
  public CompletionStage<@Nullable Void> stopFreeing() {
    return estates.stop();
  }

  /** This life is over, as the membership or another node says. */
  private void endLife() {
    if (!over) {
      over = true;
      leaving = true;
      otherNodes.values().forEach(OtherNode::tellEnd); // nobody shall wait for it
      home.executor()
          .execute( // after this turn, with which that leaves
              () -> {
                stop();
                host.evicted();
              });
    }
  }

  /**
   * Another node saw this node leave, and goes on with the members that it names. Of two sides the
   * smaller one starts over: at once, since the membership may not notice for as long as some of
   * them cannot reach each other. After a freeze of this node there is no doubt.
   */
  void saidToBeGone(long by, long[] members) {
    if (!leaving && (steps.isAwaited() || verdict.isOutvoted(by, members))) {
      endLife();
    }
  }

  // ---- frames ----

  /** A frame from the wire. */
  public void received(byte[] frame) {
    long from = Frames.sender(frame);
    OtherNode otherNode = otherNodes.get(from);
    if (otherNode != null) {
      otherNode.link().received(frame);
    } else if (!over && gone.containsKey(from)) {
      long[] members = Frames.farewelled(membership.self().node(), frame);
      if (members == null) {
        wire.send(gone.get(from), Wire.NODE, farewell(from));
      } else {
        saidToBeGone(from, members);
      }
    }
  }

  private byte[] farewell(long incarnation) {
    return Frames.farewell(
        membership.self().node(),
        incarnation,
        membership.members().stream().mapToLong(each -> each.node().incarnation()).toArray());
  }

  // ---- who can be reached ----

  /** Whether the node cannot be reached, or is on its way out, or is gone already. Any thread. */
  public boolean isAway(NodeId node) {
    return presence.isAway(node);
  }

  /** What is known of each other node. Any thread. */
  public List<State> states() {
    return presence.states();
  }

  /** The other nodes' links, for what is measured on them. Any thread. */
  public List<Link> links() {
    return presence.links();
  }

  /** For how long this node has reached the same other nodes. Any thread. */
  public Duration unchangedFor() {
    return Duration.ofNanos(home.scheduler().nanoTime() - presence.changedAt());
  }

  /** What keeps this node from being in step with the others, for people to read. Any thread. */
  public List<String> waitsFor() {
    return presence.waitsFor(home.scheduler().nanoTime());
  }

  /**
   * Calls back when this node is in step with every member, each of which has answered something
   * sent at {@code since}, by the home scheduler's clock, or later. Without patience, another node
   * that has not answered for as long as it takes to be unreachable is not waited for. When it
   * turns out meanwhile that this node was evicted, its life ends and nothing is called.
   */
  public void whenInStep(long since, boolean patient, Runnable passed) {
    steps.await(since, patient, passed);
  }

  /** Something about another node has changed. */
  void changed() {
    if (presence.changed(otherNodes.values(), home.scheduler().nanoTime())) {
      otherNodes.values().forEach(this::tellReach);
    }
  }

  /** Tells another node which ones this node reaches. */
  void tellReach(OtherNode otherNode) {
    otherNode.tellReach(presence.reached());
  }

  /**
   * Whether this node reaches a majority, itself included, of the nodes that last agreed on each
   * other. Nodes that drained before they left are not counted any more. Any thread.
   */
  public boolean hasQuorum() {
    return presence.hasQuorum();
  }

  /** By which configurations the nodes go. */
  public NodeConfigurations configurations() {
    return configurations;
  }

  /** How many sessions the nodes have. */
  public NodeSessions sessions() {
    return sessions;
  }

  private boolean knowsAll() {
    return otherNodes.size() == membership.members().size() - 1;
  }

  private boolean areInStep(long since) {
    return knowsAll()
        && otherNodes.values().stream()
            .allMatch(
                otherNode ->
                    otherNode.isLeaving()
                        || (otherNode.isInStep() && otherNode.link().hasAnsweredSince(since)));
  }

  // ---- the end of this node ----

  boolean isDraining() {
    return draining;
  }

  /** Tells the other nodes that this node is on its way out. */
  public void drain() {
    draining = true;
    otherNodes.values().forEach(OtherNode::tellEnd);
  }

  boolean isLeaving() {
    return leaving;
  }

  /**
   * Tells the other nodes that nothing is to be expected of this node any more. What it held has
   * been withdrawn, in the record too; it may leave the cluster when they have heard it.
   */
  public void leave() {
    draining = true;
    leaving = true;
    otherNodes.values().forEach(OtherNode::tellEnd);
  }

  /**
   * Whether every other node has seen this node leave the cluster, or cannot be reached, or leaves
   * as well. Until then a process that ends, and takes its address with it, looks like one that is
   * lost.
   */
  public boolean hasParted() {
    return otherNodes.values().stream().allMatch(OtherNode::hasParted);
  }

  /** Whether every other node that can be reached has all that was sent to it. */
  public boolean isDelivered() {
    return otherNodes.values().stream().allMatch(otherNode -> otherNode.link().isDelivered());
  }
}
