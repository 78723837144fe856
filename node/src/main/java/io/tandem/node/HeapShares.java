package io.tandem.node;

import io.tandem.cluster.link.LinkSettings;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.KeptTopicsConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.RealmConfig;
import io.tandem.node.config.TemplateConfig;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the heap of a node is shared out among all that may fill it, in octets. Each share is a bound
 * that somebody keeps, and all of them full at once are still less than the heap: lanes and links
 * have what they need, sessions two fifths of the rest or a quarter of the heap, idle connections
 * what is left then or half of the heap. See docs/decisions/0017-memory.md.
 *
 * @param lanes of this node
 * @param nodes that there are to be, this one included
 * @param largestDelivery what one message takes, at most
 * @param configured what sessions may make the node keep, where that is configured
 * @param keptConfigured what publications that are kept may take, where that is configured
 * @param keptShares how many rules for these say nothing of it
 */
record HeapShares(
    long heap,
    int lanes,
    int nodes,
    int largestDelivery,
    @Nullable Long configured,
    long keptConfigured,
    int keptShares) {

  /** A node that serves nobody, by estimate. */
  private static final long IDLE = 24 << 20;

  /** What a delivery between lanes or nodes needs beside its message. */
  private static final int ENTRY_HEADER = 64 << 10;

  private static final long MOST_KEPT = 64 << 20;
  private static final long LEAST_BEHIND = 128 << 10;
  private static final long MOST_BEHIND = 16 << 20;
  private static final long LEAST_MAILBOX = 256 << 10;
  private static final long MOST_MAILBOX = 16 << 20;
  private static final long MOST_WINDOW = 8 << 20;
  private static final long LEAST_CONTROL = 256 << 10;
  private static final long MOST_CONTROL = 1 << 20;
  private static final long LEAST_CALLS = 1 << 10;
  private static final long MOST_CALLS = 1 << 13;

  /** Of the configuration's node in a heap of so many octets. */
  static HeapShares of(NodeConfig config, long heap) {
    ClusterConfig cluster = config.cluster();
    int largestMessage =
        config.listeners().stream()
            .mapToInt(listener -> listener.limits().maxMessageSize())
            .max()
            .orElseThrow();
    return new HeapShares(
        heap,
        laneCount(config),
        cluster == null ? 1 : cluster.plannedNodes(),
        largestMessage + ENTRY_HEADER,
        config.memory(),
        kept(config).map(KeptTopicsConfig::bytes).filter(Objects::nonNull).mapToLong(b -> b).sum(),
        (int) kept(config).filter(topics -> topics.bytes() == null).count());
  }

  private static Stream<KeptTopicsConfig> kept(NodeConfig config) {
    return config.realms().stream().flatMap(HeapShares::kept);
  }

  /** Of a template, those of all the realms that it may have. */
  private static Stream<KeptTopicsConfig> kept(RealmConfig realm) {
    List<KeptTopicsConfig> rules =
        Stream.concat(realm.retention().topics().stream(), realm.history().stream()).toList();
    TemplateConfig template = realm.template();
    return Collections.nCopies(template == null ? 1 : template.maxRealms(), rules).stream()
        .flatMap(List::stream);
  }

  static int laneCount(NodeConfig config) {
    int wanted = config.lanes() == 0 ? Runtime.getRuntime().availableProcessors() : config.lanes();
    return Math.min(wanted, NodeConfig.MAX_LANES);
  }

  private int otherNodes() {
    return nodes - 1;
  }

  private static long within(long least, long wanted, long most) {
    return Math.max(least, Math.min(wanted, most));
  }

  /** The mailbox of each lane: half of a sixteenth. One delivery of any size may go beyond it. */
  long mailbox() {
    return within(LEAST_MAILBOX, heap / 32 / lanes, MOST_MAILBOX);
  }

  /**
   * Each link, for what goes out and for what comes in: likewise, and twice the largest delivery.
   */
  private long window() {
    return Math.max(
        2L * largestDelivery, Math.min(heap / 32 / Math.max(1, otherNodes()), MOST_WINDOW));
  }

  /** The bounds of each link. */
  LinkSettings link() {
    LinkSettings usual = LinkSettings.of(lanes);
    return new LinkSettings(
        lanes,
        usual.features(),
        window(),
        largestDelivery,
        (int) within(LEAST_CONTROL, heap / 256, MOST_CONTROL),
        (int) within(LEAST_CALLS, window() >> 10, MOST_CALLS),
        usual.unreachableAfter(),
        usual.longestHold());
  }

  /** What the publications of one rule may take that says nothing of it. */
  long keptShare() {
    return keptShares == 0 ? 0 : Math.min(heap / 64, MOST_KEPT) / keptShares / keptCopies();
  }

  /**
   * Publications that are kept for those who come later; in a cluster as much again, since what two
   * nodes have of its record is all of it twice.
   */
  long kept() {
    return (keptConfigured + keptShares * keptShare()) * keptCopies();
  }

  private int keptCopies() {
    return Math.min(nodes, 2);
  }

  /** Those that are still to be written into the record. */
  long behind() {
    return within(LEAST_BEHIND, heap / 512, MOST_BEHIND);
  }

  /** Lanes and links, kept publications, and what a node takes in any case. */
  private long needed() {
    return IDLE
        + kept()
        + behind()
        + lanes * (mailbox() + largestDelivery)
        + otherNodes() * link().keptAtMost();
  }

  private long rest() {
    return Math.max(0, heap - needed());
  }

  /** What the sessions of this node may make it keep. */
  long sessions() {
    return configured == null ? usualSessions() : configured;
  }

  private long usualSessions() {
    return Math.max(1 << 20, Math.min(heap / 4, rest() / 5 * 2));
  }

  /**
   * What those of the other nodes make it keep, at most, if these have as much memory: a session is
   * charged with no less for each copy than for the first, and a node has one of each and its share
   * of the records.
   */
  long sessionsElsewhere() {
    return usualSessions() * otherNodes() / nodes;
  }

  /** Idle connections with their sessions. */
  long connections() {
    long left = rest() - usualSessions() - sessionsElsewhere();
    return within(heap / 16, left, heap / 2);
  }

  /** All of them together. */
  long total() {
    return needed() + sessions() + sessionsElsewhere() + connections();
  }

  /** Whether they fit where nothing is configured: there may be too many lanes or nodes. */
  boolean fit() {
    return needed() + usualSessions() + sessionsElsewhere() + connections() <= heap;
  }
}
