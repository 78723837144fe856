package io.tandem.node.balance;

import io.tandem.cluster.nodes.NodeSessions;
import io.tandem.node.config.RebalanceConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a node parts with sessions, and with how many, so that their clients connect to nodes that
 * have fewer. It looks at the effect before it goes on, and gives up for long where there is none.
 * One node of a cluster at a time, the one that has most. Has no clock; belongs to one thread.
 */
public final class Rebalance {

  private static final Logger LOG = LoggerFactory.getLogger(Rebalance.class);

  /** What the first failure costs, in periods; each further one twice as much. */
  private static final int FIRST_PAUSE = 10;

  private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

  /** What a node is about. */
  public enum Stage {
    /** It has not too many, or does not know. */
    BALANCED,
    /** It has too many: for too short a time as yet, or it is another node's turn. */
    WAITS,
    /** It parts with some, or waits for what becomes of them. */
    SHEDS,
    /** Parting with them was of no use; it waits for long. */
    PAUSES
  }

  private final long self;
  private final RebalanceConfig rules;
  private final long period;

  /** The lives that there were at the last look; as soon as others are there all begins anew. */
  private Set<Long> known = Set.of();

  /** Since when it has had too many; null while it has not. */
  private @Nullable Long aboveSince;

  /** Since when it has parted with sessions, until it is well within the margin; null before. */
  private @Nullable Long begun;

  private @Nullable Round round;
  private Trial trial = new Trial();

  /** How many sessions the next round may cost, by what is known of its effect. */
  private long most;

  /** How many it has parted with since it began. */
  private long parted;

  private int failures;

  /** Until when it pauses; null while it does not. */
  private @Nullable Long pausedUntil;

  /**
   * @param self the incarnation of this node
   */
  public Rebalance(long self, RebalanceConfig rules) {
    this.self = self;
    this.rules = rules;
    this.period = rules.period().toNanos();
  }

  /**
   * Looks at what there is; to be done every second or so.
   *
   * @param now by a clock whose differences count
   * @param own how many sessions this node has
   * @param others what the others have; null where that is not known of each, or one comes or goes
   * @return how many sessions are to be ended now
   */
  public int look(long now, long own, @Nullable List<NodeSessions.Other> others) {
    if (pausedUntil != null && now - pausedUntil >= 0) {
      pausedUntil = null;
    }
    if (others == null || !areKnown(others)) {
      interrupt();
      return 0;
    }
    Scene scene = new Scene(own, others, rules.tolerance());
    if (round != null) {
      return goOn(round, now, scene);
    }
    if (pausedUntil == null && isToBegin(now, scene) && isItsTurn(scene)) {
      long few = Math.max(1, own * rules.share() / 100);
      round = new Round(now, period, Math.min(scene.surplus(), Math.min(few, most)), scene);
    }
    return 0;
  }

  /** So many sessions, of those that {@link #look} asked for, do end. */
  public void parted(int sessions) {
    parted += sessions;
    if (round != null) {
      round.parted(sessions);
    }
  }

  /**
   * Sessions that have come since then are left alone, so that no client is sent away twice; by the
   * clock of {@link #look}, which has asked for sessions to be ended.
   */
  public long begunAt() {
    return Objects.requireNonNull(begun, "begun");
  }

  public Stage stage() {
    if (round != null) {
      return Stage.SHEDS;
    } else if (pausedUntil != null) {
      return Stage.PAUSES;
    }
    return aboveSince == null ? Stage.BALANCED : Stage.WAITS;
  }

  /** Whether the others are the same as before. */
  private boolean areKnown(List<NodeSessions.Other> others) {
    Set<Long> now =
        others.stream().map(other -> other.node().incarnation()).collect(Collectors.toSet());
    boolean same = now.equals(known);
    known = now;
    return same;
  }

  private void interrupt() {
    if (begun != null) {
      LOG.info("no more sessions are ended for now: nodes come or go; so far {}", parted);
    }
    reset();
  }

  private void reset() {
    round = null;
    begun = null;
    aboveSince = null;
  }

  /** Whether it has too many, for long enough, or still has after it has begun. */
  private boolean isToBegin(long now, Scene scene) {
    if (begun != null) {
      if (scene.surplus() <= 0) {
        LOG.info("{} sessions were ended; {}", parted, said(scene));
        reset();
      }
      return begun != null;
    }
    if (!scene.isFarAbove()) {
      aboveSince = null;
      failures = 0;
      return false;
    }
    if (aboveSince == null) {
      aboveSince = now;
    }
    if (now - aboveSince < period) {
      return false;
    }
    begun = now;
    parted = 0;
    trial = new Trial();
    most = Math.max(Trial.LEAST, scene.own() / 100);
    if (failures == 0) {
      LOG.info("some sessions are ended, so that other nodes get them: {}", said(scene));
    }
    return true;
  }

  /** Those that have more come first, and two at a time would not see what each of them does. */
  private boolean isItsTurn(Scene scene) {
    return scene.others().stream()
        .noneMatch(
            other ->
                other.sheds()
                    || (other.waits()
                        && (other.sessions() > scene.own()
                            || (other.sessions() == scene.own()
                                && other.node().incarnation() < self))));
  }

  private int goOn(Round current, long now, Scene scene) {
    if (!current.isOver(now)) {
      return current.due(now);
    }
    round = null;
    trial.add(current.parted(), current.before(), scene);
    if (current.parted() == 0) {
      pause(now, Trial.Failure.NOBODY, scene);
    } else if (trial.isOver()) {
      Trial.Failure failure = trial.failure();
      if (failure != null) {
        pause(now, failure, scene);
      } else {
        failures = 0;
        most = Math.min(2 * most, Integer.MAX_VALUE);
        trial = new Trial();
      }
    }
    return 0;
  }

  private void pause(long now, Trial.Failure failure, Scene scene) {
    Duration pause = rules.period().multipliedBy((long) FIRST_PAUSE << Math.min(failures, 20));
    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    if (failures == 0) {
      LOG.warn(
          "no more sessions are ended for {} s, then for twice as long, and so on: {}; {}",
          pause.toSeconds(),
          trial.said(failure),
          said(scene));
    }
    failures++;
    pausedUntil = now + pause.toNanos();
    reset();
  }

  private static String said(Scene scene) {
    return scene.own()
        + " here, "
        + Math.round(scene.mean())
        + " on average of "
        + scene.nodes()
        + " nodes";
  }
}
