package io.tandem.cluster.nodes;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkClosed;
import io.tandem.cluster.link.LinkListener;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.Notice;
import io.tandem.cluster.link.Refund;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of another node: the link to it, and what each side has told the other. */
final class OtherNode implements LinkListener, NodeSessions.Subject {

  private static final Logger LOG = LoggerFactory.getLogger(OtherNode.class);

  /** A link that is not open for so long is missed. */
  private static final Duration MISSED = Duration.ofSeconds(3);

  private static final Duration REMIND = Duration.ofSeconds(10);

  /** What may wait to be told; what is more is not told, and whoever waits for it gives up. */
  private static final int MOST_UNTOLD = 32;

  private final NodeId node;
  private final OtherNodes otherNodes;
  private final Host host;
  private final RegistryLog log;
  private final RoutingTables tables;
  private final Loop home;
  private final Link link;
  private final Slice slice;

  /** What the other node is told in this epoch; null between epochs. */
  private @Nullable LogFeed feed;

  /** What the other node has to have acknowledged before this node may count as known to it. */
  private long snapshotSequence;

  /** Since when the link has not been open, by home's clock, and when that was last told. */
  private long closedAt;

  private long toldAt;

  /** The feature level on the link when it was last open; 0 before. */
  private int features;

  private boolean acknowledging;

  /** The newest entry of the other node's log that every lane goes by. */
  private long seenSequence;

  private boolean draining;

  /** It has said that nothing is to be expected of it any more. */
  private boolean leaving;

  /** A digest of the configuration that it goes by, as it last said; null before. */
  private @Nullable String configuration;

  /** What is told when the link has room: answers, and questions that wait for one. */
  private final Queue<Notice> untold = new ArrayDeque<>();

  /** Whom it reaches, as it last said; null before. */
  private @Nullable Set<Long> reaches;

  /** It has said that it saw this node leave. */
  private boolean parted;

  OtherNode(
      NodeId node,
      OtherNodes otherNodes,
      Host host,
      RegistryLog log,
      RoutingTables tables,
      Loop home,
      OtherNodes.Linker linker) {
    this.node = node;
    this.otherNodes = otherNodes;
    this.host = host;
    this.log = log;
    this.tables = tables;
    this.home = home;
    this.slice = new Slice(node, tables, home.scheduler());
    this.link = linker.link(node, this);
    this.toldAt = home.scheduler().nanoTime() - REMIND.toNanos();
  }

  @Override
  public NodeId node() {
    return node;
  }

  Link link() {
    return link;
  }

  /** Whether its release knows what came with this feature level. */
  boolean knows(int level) {
    return features >= level;
  }

  boolean isDraining() {
    return draining;
  }

  boolean isLeaving() {
    return leaving;
  }

  /** Whether it is there and says that it reaches the other one. */
  boolean reaches(NodeId other) {
    return link.isOpen() && reaches != null && reaches.contains(other.incarnation());
  }

  /** Whether it is there and says that it does not. */
  boolean misses(NodeId other) {
    return link.isOpen() && reaches != null && !reaches.contains(other.incarnation());
  }

  /** Whether its link has ever been open. */
  boolean isKnown() {
    return features > 0;
  }

  OtherNodes.State state() {
    return new OtherNodes.State(
        node,
        link.isOpen(),
        isInStep(),
        draining || leaving,
        features,
        slice.sequence(),
        closedAt,
        configuration);
  }

  /** For how long the link has not been open; no time at all while it is. */
  Duration missed() {
    return link.isOpen() ? Duration.ZERO : Duration.ofNanos(home.scheduler().nanoTime() - closedAt);
  }

  /** Nothing holds this node here for its sake: it has seen this node leave, or is away itself. */
  boolean hasParted() {
    return parted || leaving || !link.isOpen();
  }

  void start() {
    closedAt = home.scheduler().nanoTime();
    host.linked(node, link);
    link.start();
  }

  /** The other node has left the cluster for good. */
  void end() {
    link.stop();
    host.unlinked(node);
    slice.remove();
  }

  /** Each side knows all of the other's part of the registry; who leaves has none. */
  boolean isInStep() {
    return leaving
        || (link.isOpen() && slice.isWhole() && log.isAcknowledged(node, snapshotSequence));
  }

  /** Says in the log that the link is missing: after a while, and then now and again. */
  void remind() {
    long now = home.scheduler().nanoTime();
    boolean isDue =
        !leaving && now - closedAt >= MISSED.toNanos() && now - toldAt >= REMIND.toNanos();
    if (!link.isOpen() && isDue) {
      toldAt = now;
      LOG.warn(
          "no link to {} for {} s; {}",
          node.name(),
          Duration.ofNanos(now - closedAt).toSeconds(),
          link.isHeard() ? "it is heard, and does not hear" : "nothing is heard of it");
    }
  }

  void tellReach(Set<Long> reached) {
    if (!leaving) {
      link.tell(new Notice.Reaches(reached)); // where there is no room, when there is
    }
  }

  /** Tells, as often as it takes, how far this node is on its way out. */
  void tellEnd() {
    if (otherNodes.isDraining()) {
      link.tell(new Notice.Draining());
    }
    if (otherNodes.isLeaving()) {
      link.tell(new Notice.Leaving());
    }
  }

  @Override
  public boolean isSettled() {
    return isInStep() && !draining && !leaving;
  }

  /** Tells something that is told anew whenever there is room again. */
  @Override
  public void tellAbout(Notice notice) {
    if (!leaving && knows(notice.level())) {
      link.tell(notice);
    }
  }

  /** Tells something once, as soon as there is room, unless the link closes before. */
  void tellSurely(Notice notice) {
    if (link.isOpen() && knows(notice.level()) && untold.size() < MOST_UNTOLD) {
      untold.add(notice);
      tellUntold();
    }
  }

  private void tellUntold() {
    Notice next = untold.peek();
    while (next != null && link.tell(next)) {
      untold.remove();
      next = untold.peek();
    }
  }

  // ---- from the link ----

  @Override
  public void opened(int level) {
    LOG.info("{} is reachable", node.name());
    features = level;
    toldAt = home.scheduler().nanoTime() - REMIND.toNanos();
    tellEnd();
    if (leaving || otherNodes.isLeaving()) {
      otherNodes.changed();
      return;
    }
    snapshotSequence = log.last();
    LogFeed fresh = new LogFeed(log, tables, link::tell);
    feed = fresh;
    log.opened(node, fresh);
    fresh.begin();
    otherNodes.changed();
    otherNodes.tellReach(this);
    otherNodes.configurations().tell(this);
  }

  @Override
  public void closed(LinkClosed why, Runnable cleared) {
    if (why == LinkClosed.STOPPED || leaving) {
      LOG.info("the link to {} has ended", node.name());
    } else {
      LOG.warn("{} is not reachable: {}", node.name(), why);
    }
    closedAt = home.scheduler().nanoTime();
    reaches = null;
    feed = null;
    untold.clear();
    slice.interrupted();
    log.unreachable(node);
    host.lost(node, cleared);
    otherNodes.changed();
    otherNodes.configurations().lost(this);
  }

  @Override
  public void told(Notice notice) {
    if (notice instanceof Notice.Seen seen) {
      log.acknowledged(node, seen.sequence());
      otherNodes.changed();
    } else if (notice instanceof Notice.Draining) {
      draining = true;
      host.draining(node);
      otherNodes.changed();
    } else if (notice instanceof Notice.Reaches said) {
      reaches = said.otherNodes();
    } else if (notice instanceof Notice.Leaving) {
      leaves();
    } else if (notice instanceof Notice.Configured said) {
      configuration = said.digest();
      otherNodes.changed();
    } else if (notice instanceof Notice.Populated said) {
      otherNodes.sessions().told(this, said);
    } else if (notice instanceof Notice.Reload question) {
      otherNodes.configurations().asked(this, question.number());
    } else if (notice instanceof Notice.Reloaded answer) {
      otherNodes.configurations().answered(this, answer);
    } else if (!leaving) {
      slice.told(notice);
      acknowledge();
    }
  }

  /** The other node holds nothing any more: what it held is gone, and nobody waits for it. */
  private void leaves() {
    leaving = true;
    feed = null;
    log.unreachable(node);
    slice.remove();
    host.draining(node);
    otherNodes.changed();
    otherNodes.configurations().lost(this);
  }

  /** Once for all that came in one turn. */
  private void acknowledge() {
    if (!acknowledging && slice.isWhole()) {
      acknowledging = true;
      home.executor()
          .execute(
              () -> {
                long sequence = slice.sequence();
                if (slice.takeWithdrawals()) {
                  // What the lanes have for the callees that go leaves before the other node is
                  // told.
                  host.afterTurns(() -> home.executor().execute(() -> seen(sequence)));
                } else {
                  seen(sequence);
                }
              });
    }
  }

  private void seen(long sequence) {
    acknowledging = false;
    seenSequence = sequence;
    tellSeen();
    if (slice.sequence() != sequence) {
      acknowledge();
    }
  }

  private void tellSeen() {
    // Where there is no room, it is told when there is.
    if (slice.isWhole() && link.tell(new Notice.Seen(seenSequence))) {
      otherNodes.changed();
    }
  }

  @Override
  public void roomToTell() {
    tellSeen();
    tellEnd();
    otherNodes.tellReach(this);
    otherNodes.configurations().tell(this);
    tellUntold();
    if (feed != null) {
      feed.resume();
    }
  }

  @Override
  public void received(int toLane, Delivery delivery, Refund refund) {
    host.received(toLane, delivery, refund);
  }

  @Override
  public void gone(long[] members) {
    parted = true;
    otherNodes.saidToBeGone(node.incarnation(), members);
  }

  @Override
  public void hold() {
    host.hold(node);
  }

  @Override
  public void resume() {
    host.resume(node);
  }
}
