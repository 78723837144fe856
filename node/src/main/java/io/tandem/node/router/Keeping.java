package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.cluster.kept.Mirror;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.kept.WriteBehind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this node keeps of publications, retained events and history: all that the cluster keeps. A
 * publication to be kept goes to every node on the way of any event, and is kept there before lanes
 * hear of it; so who subscribes finds it, or is still told. Any thread.
 */
public final class Keeping {

  /** Clients of a node that has just started wait for so long for what is retained. */
  private static final Duration LONGEST_CATCHING_UP = Duration.ofSeconds(30);

  /** Those of a realm that has just been opened. */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  private final Mirror mirror;
  private final KeptNotices notices;

  Keeping(Router router, InstantSource clock) {
    this.mirror = new Mirror(clock, router.self().incarnation());
    this.notices = new KeptNotices(router, mirror);
  }

  /**
   * What is kept stands in this record from now on, which outlives the node; before there is any.
   *
   * @param executor writes there
   * @param mostOctets may wait for that
   */
  public void recordedIn(KeptRecord record, Executor executor, long mostOctets) {
    mirror.recordedIn(record, executor, mostOctets);
  }

  /** These rules hold for the realm from now on. */
  void rules(String realm, KeepRules rules) {
    mirror.rules(realm, rules);
  }

  /** This node keeps nothing of the realm any more. */
  void forget(String realm) {
    mirror.forget(realm);
  }

  /** What is kept of a realm; null where the node does not serve it. */
  public @Nullable KeptPublications realm(String name) {
    return mirror.realm(name);
  }

  /** The stamp of a publication that comes now. */
  long stamp() {
    return mirror.stamps().next();
  }

  /** The stamp of so long ago. */
  long ago(Duration duration) {
    return mirror.stamps().ago(duration);
  }

  /** Keeps a publication that comes from a client of this node and is one to be kept. */
  void keepOwn(String realm, Publication publication) {
    mirror.keepOwn(realm, publication);
  }

  /** Keeps a publication that comes from another node, if it is one to be kept. */
  void keepOthers(String realm, Publication publication) {
    if (publication.stamp() != 0) {
      mirror.keepOthers(realm, publication);
    }
  }

  /** Removes what a topic retains, on all nodes; whether there was something. Any lane. */
  public boolean removeRetained(String realm, String topic) {
    KeptPublications kept = mirror.realm(realm);
    if (kept == null || !kept.retains(topic)) {
      return false;
    }
    Publication removal = KeptPublications.removal(topic, stamp());
    mirror.keepOwn(realm, removal);
    notices.tellAll(realm, removal);
    return true;
  }

  /**
   * Completes, on any thread, when this node keeps what the cluster does, or has waited for that
   * long enough. To be asked once, when the node is about to serve.
   */
  public CompletionStage<@Nullable Void> caughtUp() {
    notices.tend();
    return inTime(notices.begin(), LONGEST_CATCHING_UP);
  }

  /** Likewise, after a realm has been added. */
  public CompletionStage<@Nullable Void> looked() {
    return inTime(mirror.compare(), LONGEST_LOOK);
  }

  private static CompletionStage<@Nullable Void> inTime(
      CompletionStage<@Nullable Void> stage, Duration limit) {
    return stage
        .<@Nullable Void>handle((done, failure) -> null)
        .toCompletableFuture()
        .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Completes when all that clients of this node have published until now outlives it. */
  public CompletionStage<@Nullable Void> written() {
    return mirror.written();
  }

  /** What is still to be written into the record. */
  public WriteBehind behind() {
    return mirror.behind();
  }

  /** Parts of the record may be lost. Any thread. */
  public void recordIsLost() {
    notices.recordIsLost();
  }

  /** What tells this node and the others when to look into the record. */
  KeptNotices notices() {
    return notices;
  }

  /** Another node says something about what it keeps. */
  void received(Delivery.Kept said) {
    if (said instanceof Delivery.Kept.Tell tell) {
      keepOthers(tell.realm(), tell.publication());
    } else if (said instanceof Delivery.Kept.Recorded recorded) {
      notices.received(recorded);
    }
  }
}
