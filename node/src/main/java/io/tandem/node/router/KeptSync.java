package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings nodes to keep the same where the way of events cannot: to a node that is new, or that has
 * missed some. A node asks another one for what it keeps, part by part, each when the one before is
 * in; from the beginning when it meets it, later from a minute before it was lost. Who could not
 * send an event to a node says so, and that node asks.
 *
 * <p>Runs on the node's first lane; its methods may be called by any thread.
 */
final class KeptSync {

  /** Octets that are told at once. */
  static final long PART = 64 << 10;

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** For an answer; links tell of what they lose sooner. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** Events may have been on their way for so long when their link was lost. */
  private static final Duration ON_THE_WAY = Duration.ofMinutes(1);

  private final Router router;
  private final Keeping keeping;

  /** Whether there is, or was, another node. */
  private volatile boolean hasBegun;

  // The rest belongs to the lane.
  private final Map<NodeId, Peer> peers = new LinkedHashMap<>();
  private @Nullable Question asked;
  private Scheduler.@Nullable Timer timer;
  private boolean isComplete;
  private final CompletableFuture<@Nullable Void> complete = new CompletableFuture<>();

  /** Another node, with what has to be asked and said; stamps, by realm. */
  private static final class Peer {
    final Map<String, Long> wanted = new HashMap<>();
    final Map<String, Long> unsaid = new HashMap<>();
  }

  /** What was asked and is not answered yet. */
  private record Question(
      NodeId node, String realm, long since, Delivery.Kept.Place after, Scheduler.Timer limit) {}

  KeptSync(Router router, Keeping keeping) {
    this.router = router;
    this.keeping = keeping;
  }

  private void onLane(Runnable task) {
    router.lane(0).executor().execute(task);
  }

  /** Completes, on the lane, when this node has heard from one other all that it keeps. */
  CompletionStage<@Nullable Void> complete() {
    onLane(
        () -> {
          if (peers.isEmpty()) {
            complete.complete(null);
          }
        });
    return complete;
  }

  // ---- what happens to the other nodes ----

  /** There is a way to the node. */
  void linked(NodeId node) {
    hasBegun = true;
    onLane(
        () -> {
          Peer peer = new Peer();
          peers.put(node, peer);
          keeping.realms().forEach(realm -> peer.wanted.put(realm, 0L));
          goOn();
        });
  }

  /** The realm is served from now on: other nodes may keep something of it already. */
  void added(String realm) {
    if (hasBegun) {
      onLane(
          () -> {
            peers.keySet().forEach(node -> want(node, realm, 0));
            goOn();
          });
    }
  }

  /** The node is gone for good. */
  void unlinked(NodeId node) {
    onLane(
        () -> {
          peers.remove(node);
          if (asked != null && asked.node().equals(node)) {
            giveUp(asked);
          }
          if (peers.isEmpty()) {
            isComplete = true;
            complete.complete(null);
          }
          goOn();
        });
  }

  /** What was on its way to or from the node will not arrive. */
  void lost(NodeId node) {
    onLane(
        () -> {
          keeping.realms().forEach(realm -> want(node, realm, keeping.ago(ON_THE_WAY)));
          if (asked != null && asked.node().equals(node)) {
            giveUp(asked);
          }
          goOn();
        });
  }

  /** The node was not told of a publication with this stamp. */
  void missed(String realm, NodeId node, long stamp) {
    onLane(
        () -> {
          Peer peer = peers.get(node);
          if (peer != null) {
            peer.unsaid.merge(realm, stamp, Math::min);
            goOnLater();
          }
        });
  }

  /** All nodes are told of the publication, and no client. */
  void tellAll(String realm, Publication publication) {
    onLane(
        () ->
            peers.forEach(
                (node, peer) -> {
                  Delivery told =
                      new Delivery.Kept.Tell(
                          realm, self(), List.of(publication), false, Delivery.Kept.Place.START);
                  if (!send(node, told)) {
                    peer.unsaid.merge(realm, publication.stamp(), Math::min);
                    goOnLater();
                  }
                }));
  }

  /** Another node says something. */
  void received(Delivery.Kept said) {
    onLane(
        () -> {
          if (said instanceof Delivery.Kept.Ask ask) {
            answer(ask);
          } else if (said instanceof Delivery.Kept.Tell tell) {
            told(tell);
          } else if (said instanceof Delivery.Kept.Missed missed) {
            want(missed.from().node(), missed.realm(), missed.since());
            goOn();
          }
        });
  }

  private LaneAddress self() {
    return new LaneAddress(router.self(), 0);
  }

  private boolean send(NodeId node, Delivery delivery) {
    return router.forward(0, new LaneAddress(node, 0), delivery);
  }

  private void want(NodeId node, String realm, long since) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.wanted.merge(realm, since, Math::min);
    }
  }

  // ---- asking ----

  private void goOn() {
    peers.forEach(this::sayWhatWasMissed);
    for (Map.Entry<NodeId, Peer> each : peers.entrySet()) {
      if (asked == null) {
        each.getValue().wanted.keySet().stream()
            .findFirst()
            .ifPresent(realm -> ask(each.getKey(), each.getValue(), realm));
      }
    }
    // A question that is put goes on by its answer, or by its limit.
    boolean isDue =
        peers.values().stream()
            .anyMatch(peer -> !peer.unsaid.isEmpty() || (asked == null && !peer.wanted.isEmpty()));
    if (isDue) {
      goOnLater();
    } else if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void goOnLater() {
    if (timer == null) {
      timer =
          router
              .lane(0)
              .scheduler()
              .schedule(
                  AGAIN,
                  () -> {
                    timer = null;
                    goOn();
                  });
    }
  }

  private void sayWhatWasMissed(NodeId node, Peer peer) {
    peer.unsaid
        .entrySet()
        .removeIf(
            each -> send(node, new Delivery.Kept.Missed(each.getKey(), self(), each.getValue())));
  }

  private void ask(NodeId node, Peer peer, String realm) {
    long since = Objects.requireNonNull(peer.wanted.get(realm));
    if (ask(node, realm, since, Delivery.Kept.Place.START)) {
      peer.wanted.remove(realm);
    }
  }

  private boolean ask(NodeId node, String realm, long since, Delivery.Kept.Place after) {
    KeptPublications kept = keeping.realm(realm);
    boolean isWhole = since == 0 && after.equals(Delivery.Kept.Place.START);
    long digest = isWhole && kept != null ? kept.digest() : 0;
    if (!send(node, new Delivery.Kept.Ask(realm, self(), since, after, digest))) {
      return false;
    }
    Scheduler.Timer limit =
        router
            .lane(0)
            .scheduler()
            .schedule(
                LONGEST_ANSWER,
                () -> {
                  if (asked != null) {
                    giveUp(asked);
                    goOnLater();
                  }
                });
    asked = new Question(node, realm, since, after, limit);
    return true;
  }

  /** There will be no answer: the question is put once more, from the beginning. */
  private void giveUp(Question question) {
    question.limit().cancel();
    asked = null;
    want(question.node(), question.realm(), question.since());
  }

  private void told(Delivery.Kept.Tell tell) {
    tell.publications().forEach(publication -> keeping.keep(tell.realm(), publication));
    Question question = asked;
    if (question == null
        || !question.node().equals(tell.from().node())
        || !question.realm().equals(tell.realm())
        || (!tell.isLast() && tell.upTo().equals(Delivery.Kept.Place.START))) {
      return;
    }
    question.limit().cancel();
    asked = null;
    if (tell.isLast()) {
      noteComplete(question.node());
    } else if (!ask(question.node(), question.realm(), question.since(), tell.upTo())) {
      want(question.node(), question.realm(), question.since());
    }
    goOn();
  }

  private void noteComplete(NodeId node) {
    Peer peer = peers.get(node);
    if (peer != null && peer.wanted.isEmpty() && !isComplete) {
      isComplete = true;
      complete.complete(null);
    }
  }

  // ---- answering ----

  private void answer(Delivery.Kept.Ask ask) {
    KeptPublications kept = keeping.realm(ask.realm());
    KeptPublications.Chunk chunk =
        kept == null || (ask.digest() != 0 && ask.digest() == kept.digest())
            ? new KeptPublications.Chunk(List.of(), true, ask.after())
            : kept.chunk(ask.since(), ask.after(), PART);
    // Where there is no room for it now, the question comes again.
    send(
        ask.from().node(),
        new Delivery.Kept.Tell(
            ask.realm(), self(), chunk.publications(), chunk.isLast(), chunk.upTo()));
  }
}
