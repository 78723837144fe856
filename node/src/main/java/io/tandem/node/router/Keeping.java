package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.delivery.Stamps;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this node keeps of publications, retained events and history: all that the cluster keeps. A
 * publication to be kept goes to every node on the way of any event, and is kept there before lanes
 * hear of it; so who subscribes finds it, or is still told. Any thread.
 */
public final class Keeping {

  /** Clients of a node that has just started wait for so long for what is retained. */
  private static final Duration LONGEST_CATCHING_UP = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Stamps stamps;
  private final Map<String, KeptPublications> realms = new ConcurrentHashMap<>();
  private final KeptSync sync;

  Keeping(Router router, InstantSource clock) {
    this.clock = clock;
    this.stamps = new Stamps(clock);
    this.sync = new KeptSync(router, this);
  }

  /** These rules hold for the realm from now on. */
  void rules(String realm, KeepRules rules) {
    KeptPublications known = realms.get(realm);
    if (known != null) {
      known.rules(rules);
    } else {
      realms.put(realm, new KeptPublications(rules, clock));
      sync.added(realm);
    }
  }

  /** Nothing of the realm is kept any more. */
  void forget(String realm) {
    realms.remove(realm);
  }

  /** What is kept of a realm; null where the node does not serve it. */
  public @Nullable KeptPublications realm(String name) {
    return realms.get(name);
  }

  /** The realms of which something may be kept. */
  Iterable<String> realms() {
    return realms.keySet();
  }

  /** The stamp of a publication that comes now. */
  long stamp() {
    return stamps.next();
  }

  /** The stamp of so long ago. */
  long ago(Duration duration) {
    return stamps.ago(duration);
  }

  /** Keeps a publication that comes from a client or another node, if it is one to be kept. */
  void keep(String realm, Publication publication) {
    KeptPublications kept = publication.stamp() == 0 ? null : realms.get(realm);
    if (kept != null) {
      stamps.heard(publication.stamp());
      kept.keep(publication);
    }
  }

  /** Removes what a topic retains, on all nodes; whether there was something. Any lane. */
  public boolean removeRetained(String realm, String topic) {
    KeptPublications kept = realms.get(realm);
    if (kept == null || !kept.retains(topic)) {
      return false;
    }
    Publication removal = KeptPublications.removal(topic, stamp());
    keep(realm, removal);
    sync.tellAll(realm, removal);
    return true;
  }

  /**
   * Completes, on any thread, when this node keeps what the others do, or has waited for that long
   * enough.
   */
  public CompletionStage<@Nullable Void> caughtUp() {
    return sync.complete()
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(null, LONGEST_CATCHING_UP.toSeconds(), TimeUnit.SECONDS);
  }

  /** What keeps the nodes alike. */
  KeptSync sync() {
    return sync;
  }

  /** Another node was not told of a publication to be kept. */
  void missed(String realm, NodeId node, Publication publication) {
    sync.missed(realm, node, publication.stamp());
  }

  /** Another node says something about what it keeps. */
  void received(Delivery.Kept said) {
    sync.received(said);
  }
}
