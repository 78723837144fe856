package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.Notice;
import io.tandem.cluster.link.ReloadOutcome;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * By which configurations the nodes of the cluster go, as far as their digests tell, and the
 * question that has all of them read theirs again. Each node decides for itself about its own.
 *
 * <p>Home thread; {@link #count} on any.
 */
public final class NodeConfigurations {

  /** How long another node may take to say what came of it. */
  public static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  /** What one other node may ask of this one before it has been answered; more is not heard. */
  private static final int MOST_ASKED = 16;

  private final NodeId self;
  private final Loop home;
  private final Host host;
  private final Presence presence;
  private final Collection<OtherNode> otherNodes;
  private final ConfigurationAlarm alarm = new ConfigurationAlarm();

  /** Those that wait for answers, by number. */
  private final Map<Long, Round> rounds = new HashMap<>();

  /** What others have asked and are not told yet. */
  private final Map<OtherNode, Integer> asked = new HashMap<>();

  private volatile String digest = "";
  private long lastNumber;

  /**
   * What another node has answered.
   *
   * @param result also where the node has said nothing
   */
  public record Answer(NodeId node, ReloadResult result) {}

  /** One question to all. */
  private static final class Round {
    final Set<OtherNode> awaited = new LinkedHashSet<>();
    final Map<NodeId, ReloadResult> answers = new LinkedHashMap<>();
    final CompletableFuture<List<Answer>> done = new CompletableFuture<>();

    /** Drops the limit. */
    Scheduler.Timer timer = () -> {};

    void answer(OtherNode by, ReloadResult result) {
      if (awaited.remove(by)) {
        answers.put(by.node(), result);
        end();
      }
    }

    void end() {
      if (awaited.isEmpty()) {
        timer.cancel();
        List<Answer> all = new ArrayList<>();
        answers.forEach((node, result) -> all.add(new Answer(node, result)));
        done.complete(all);
      }
    }
  }

  /**
   * @param otherNodes those that there are, whenever it is looked at
   */
  NodeConfigurations(
      NodeId self, Loop home, Host host, Presence presence, Collection<OtherNode> otherNodes) {
    this.self = self;
    this.home = home;
    this.host = host;
    this.presence = presence;
    this.otherNodes = otherNodes;
  }

  // ---- digests ----

  /** This node goes by a configuration with this digest from now on. */
  public void changed(String now) {
    digest = now;
    otherNodes.forEach(this::tell);
  }

  /** Tells another node, which has just come to be reached or has room again. */
  void tell(OtherNode otherNode) {
    if (!digest.isEmpty()) {
      otherNode.tellAbout(new Notice.Configured(digest));
    }
  }

  /**
   * How many configurations there are among the nodes that can be reached, this one included; 1
   * where all are alike. Any thread.
   */
  public int count() {
    return byDigest().size();
  }

  /** Who has which. */
  private Map<String, List<String>> byDigest() {
    Map<String, List<String>> nodes = new TreeMap<>();
    nodes.computeIfAbsent(digest, first -> new ArrayList<>()).add(self.name());
    for (OtherNodes.State state : presence.states()) {
      String theirs = state.configuration();
      if (theirs != null && state.open() && !state.draining()) {
        nodes.computeIfAbsent(theirs, first -> new ArrayList<>()).add(state.node().name());
      }
    }
    return nodes;
  }

  /** Says in the log where the nodes are not configured alike; to be run now and again. */
  void look() {
    if (!digest.isEmpty()) {
      alarm.look(home.scheduler().nanoTime(), byDigest());
    }
  }

  // ---- this node asks ----

  /**
   * Has every other node read its configuration again. Completes, on the home thread, when each has
   * said what came of it, or after {@link #LONGEST_ANSWER}.
   */
  public CompletionStage<List<Answer>> reloadOthers() {
    long number = ++lastNumber;
    Round round = new Round();
    rounds.put(number, round);
    round.done.whenComplete((answers, failure) -> rounds.remove(number));
    round.awaited.addAll(otherNodes);
    round.timer = home.scheduler().schedule(LONGEST_ANSWER, () -> expire(round));
    for (OtherNode otherNode : List.copyOf(otherNodes)) {
      ReloadOutcome without = withoutAsking(otherNode);
      if (without != null) {
        round.answer(otherNode, ReloadResult.of(without));
      } else {
        otherNode.tellSurely(new Notice.Reload(number));
      }
    }
    round.end();
    return round.done;
  }

  private static @Nullable ReloadOutcome withoutAsking(OtherNode other) {
    if (other.isDraining() || other.isLeaving()) {
      return ReloadOutcome.LEAVING;
    } else if (!other.link().isOpen()) {
      return ReloadOutcome.UNREACHABLE;
    }
    return other.knows(Notice.CONFIGURATIONS) ? null : ReloadOutcome.TOO_OLD;
  }

  private static void expire(Round round) {
    List.copyOf(round.awaited)
        .forEach(silent -> round.answer(silent, ReloadResult.of(ReloadOutcome.UNANSWERED)));
  }

  void answered(OtherNode by, Notice.Reloaded reloaded) {
    Round round = rounds.get(reloaded.number());
    if (round != null) { // or it comes too late
      round.answer(by, reloaded.result());
    }
  }

  /** The other node cannot be reached any more, or goes. */
  void lost(OtherNode otherNode) {
    ReloadOutcome outcome =
        otherNode.isLeaving() ? ReloadOutcome.LEAVING : ReloadOutcome.UNREACHABLE;
    List.copyOf(rounds.values())
        .forEach(round -> round.answer(otherNode, ReloadResult.of(outcome)));
  }

  // ---- this node is asked ----

  void asked(OtherNode by, long number) {
    if (asked.getOrDefault(by, 0) >= MOST_ASKED) {
      return;
    }
    asked.merge(by, 1, Integer::sum);
    host.reload(by.node())
        .whenComplete(
            (result, failure) -> home.executor().execute(() -> answer(by, number, result)));
  }

  private void answer(OtherNode by, long number, @Nullable ReloadResult result) {
    asked.computeIfPresent(by, (node, count) -> count > 1 ? count - 1 : null);
    ReloadResult said = result == null ? ReloadResult.of(ReloadOutcome.REFUSED) : result;
    by.tellSurely(new Notice.Reloaded(number, said));
  }
}
