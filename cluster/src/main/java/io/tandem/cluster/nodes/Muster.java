package io.tandem.cluster.nodes;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a node that starts has found enough of the others to serve: a majority of the nodes that
 * it was told it is one of, itself included, or, after a while, those that there are. Alone it does
 * not serve as long as discovery names others: it cannot tell whether they are gone or it is cut
 * off. The home thread, but for {@link #waitsFor}.
 */
public final class Muster {

  private static final Logger LOG = LoggerFactory.getLogger(Muster.class);

  /** Name servers remember for 30 s who was there, and it takes some seconds more to find them. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(1);
  private static final Duration TELL_FIRST = Duration.ofSeconds(1);
  private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

  /**
   * Whom discovery names.
   *
   * @param self whether this node is among them, or need not be
   */
  public record Named(boolean self, Set<String> others) {}

  private final int expect;
  private final IntSupplier otherNodesInStep;
  private final Supplier<CompletionStage<Named>> lookUp;
  private final Scheduler time;
  private final Runnable enough;
  private final long since;

  private @Nullable Named named;
  private long lookedUp;
  private boolean lookingUp;
  private long tellAt;
  private volatile @Nullable String waitsFor;

  /**
   * @param expect how many nodes the cluster is to have; 1 when nothing is known
   * @param otherNodesInStep how many of the others are linked and in step
   * @param lookUp asks discovery; fails when it cannot tell; completes on the home thread
   * @param enough is run once, when the node may serve
   */
  public Muster(
      int expect,
      IntSupplier otherNodesInStep,
      Supplier<CompletionStage<Named>> lookUp,
      Scheduler time,
      Runnable enough) {
    this.expect = expect;
    this.otherNodesInStep = otherNodesInStep;
    this.lookUp = lookUp;
    this.time = time;
    this.enough = enough;
    this.since = time.nanoTime();
    this.tellAt = since + TELL_FIRST.toNanos();
  }

  /** What the node waits for, in words; null when it does not. Any thread. */
  public @Nullable String waitsFor() {
    return waitsFor;
  }

  /** Begins to wait, which ends with the scheduler at the latest. */
  public void begin() {
    look();
  }

  private void look() {
    int present = 1 + otherNodesInStep.getAsInt();
    if (present == 1) {
      lookUp();
    }
    String missing = missing(present);
    waitsFor = missing;
    if (missing == null) {
      if (2 * present <= expect) {
        LOG.warn("serves with {} of {} nodes: no more came", present, expect);
      }
      enough.run();
      return;
    }
    tell(missing);
    time.schedule(LOOK_AGAIN, this::look);
  }

  private @Nullable String missing(int present) {
    boolean patient = time.nanoTime() - since < PATIENCE.toNanos();
    if (present == 1) {
      Named last = named;
      if (last != null && !last.others().isEmpty()) {
        return "other nodes: " + String.join(", ", last.others()) + " cannot be joined";
      }
      if (patient && (last == null || !last.self())) {
        return "discovery: does not even name this node";
      }
    }
    return patient && 2 * present <= expect
        ? "majority: " + present + " of " + expect + " nodes here"
        : null;
  }

  private void tell(String missing) {
    long now = time.nanoTime();
    if (now - tellAt >= 0) {
      tellAt = now + TELL_AGAIN.toNanos();
      LOG.info("waits since {} s: {}", Duration.ofNanos(now - since).toSeconds(), missing);
    }
  }

  private void lookUp() {
    long now = time.nanoTime();
    if (lookingUp || (named != null && now - lookedUp < LOOK_UP_AGAIN.toNanos())) {
      return;
    }
    lookingUp = true;
    lookedUp = now;
    lookUp
        .get()
        .whenComplete(
            (found, failure) -> {
              lookingUp = false;
              named = failure == null ? found : new Named(false, Set.of());
            });
  }
}
