package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.kept.Mirror;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * When to look into the record: nodes tell each other that what they had for one another, and could
 * not send, stands there now. A node that could not send something, or has lost the link on which
 * it may have been, says so once the record has it; a node that is new to another one says so too,
 * so who begins knows when to look. A node that is gone tells nothing, and the others look.
 *
 * <p>Runs on the node's first lane; its methods may be called by any thread.
 */
final class KeptNotices {

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** For the word of nodes that a new one has met. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  /** Events may have been on their way for so long when their link was lost. */
  private static final Duration ON_THE_WAY = Duration.ofMinutes(1);

  /** Between two looks, in times of what the last one took: they shall not be all that is done. */
  private static final int PAUSE = 4;

  private static final Duration TEND = Duration.ofMinutes(1);

  /** Whatever went wrong is put right by then, in times of {@link #TEND}. */
  private static final int LOOK_ANYWAY = 10;

  private final Router router;
  private final Mirror mirror;

  // All of it belongs to the lane.
  private final Map<NodeId, Peer> peers = new LinkedHashMap<>();
  private final CompletableFuture<@Nullable Void> complete = new CompletableFuture<>();

  /** Who has to speak before this node looks for the first time; null when it has, or need not. */
  private @Nullable Set<NodeId> awaited;

  private final Set<NodeId> heard = new HashSet<>();

  /** Whether it has looked, or waits for that. */
  private boolean hasBegun;

  private Scheduler.@Nullable Timer telling;
  private Scheduler.@Nullable Timer looking;
  private Duration lastLook = Duration.ZERO;
  private int tended;

  /** How many changes of the record there had been no room for when it was looked at last. */
  private long shed;

  /** Another node. */
  private static final class Peer {
    /** How often there was something to tell it, and how much of that it was told. */
    int due = 1;

    int told;

    /** Whether it is news. */
    boolean hasMissed;
  }

  KeptNotices(Router router, Mirror mirror) {
    this.router = router;
    this.mirror = mirror;
  }

  private void onLane(Runnable task) {
    router.lane(0).executor().execute(task);
  }

  private Scheduler scheduler() {
    return router.lane(0).scheduler();
  }

  // ---- what happens to the other nodes ----

  /** There is a way to the node. */
  void linked(NodeId node) {
    onLane(
        () -> {
          peers.put(node, new Peer());
          tellOthers();
          tell();
        });
  }

  /** The node is gone for good. */
  void unlinked(NodeId node) {
    onLane(
        () -> {
          peers.remove(node);
          tellOthers();
          heard.add(node);
          beginIfHeard();
          if (hasBegun) { // it may have left something undone
            lookSoon();
          }
        });
  }

  private void tellOthers() {
    mirror.others(peers.keySet().stream().mapToLong(NodeId::incarnation));
  }

  /** What was on its way to or from the node will not arrive. */
  void lost(NodeId node) {
    onLane(
        () -> {
          if (mirror.lastOwn() > mirror.stamps().ago(ON_THE_WAY)) {
            missed(node);
          }
        });
  }

  /** The node was not told of a publication. */
  void missed(NodeId node) {
    onLane(
        () -> {
          Peer peer = peers.get(node);
          if (peer != null) {
            peer.due++;
            peer.hasMissed = true;
            tellLater();
          }
        });
  }

  /** All nodes are told of the publication, and no client. */
  void tellAll(String realm, Publication publication) {
    onLane(
        () ->
            peers
                .keySet()
                .forEach(
                    node -> {
                      if (!send(node, new Delivery.Kept.Tell(realm, self(), publication))) {
                        missed(node);
                      }
                    }));
  }

  private LaneAddress self() {
    return new LaneAddress(router.self(), 0);
  }

  private boolean send(NodeId node, Delivery delivery) {
    return router.forward(0, new LaneAddress(node, 0), delivery);
  }

  // ---- telling ----

  private void tellLater() {
    if (telling == null) {
      telling =
          scheduler()
              .schedule(
                  AGAIN,
                  () -> {
                    telling = null;
                    tell();
                  });
    }
  }

  private void tell() {
    peers.forEach(
        (node, peer) -> {
          if (peer.told < peer.due) {
            int due = peer.due;
            boolean isNews = peer.hasMissed;
            mirror.written().thenRun(() -> onLane(() -> tell(node, peer, due, isNews)));
          }
        });
  }

  private void tell(NodeId node, Peer peer, int due, boolean isNews) {
    if (peers.get(node) != peer || peer.told >= due) {
      return;
    }
    if (send(node, new Delivery.Kept.Recorded(self(), isNews))) {
      peer.told = due;
      peer.hasMissed = peer.hasMissed && peer.due != due;
    } else {
      tellLater();
    }
  }

  // ---- looking ----

  /** Another node says that what it had for this one stands in the record. */
  void received(Delivery.Kept.Recorded recorded) {
    onLane(
        () -> {
          heard.add(recorded.from().node());
          if (awaited != null) {
            beginIfHeard();
          } else if (recorded.isNews()) {
            lookSoon();
          }
        });
  }

  /** Completes, on any thread, when this node keeps what the cluster does. */
  CompletionStage<@Nullable Void> begin() {
    onLane(
        () -> {
          hasBegun = true;
          awaited = new HashSet<>(peers.keySet());
          looking = scheduler().schedule(LONGEST_SILENCE, this::look);
          beginIfHeard();
        });
    return complete;
  }

  private void beginIfHeard() {
    if (awaited != null && heard.containsAll(awaited)) {
      look();
    }
  }

  private void lookSoon() {
    if (looking == null) {
      Duration pause = lastLook.multipliedBy(PAUSE);
      looking = scheduler().schedule(pause.compareTo(AGAIN) < 0 ? AGAIN : pause, this::look);
    }
  }

  private void look() {
    awaited = null;
    if (looking != null) {
      looking.cancel();
      looking = null;
    }
    long begun = scheduler().nanoTime();
    shed = mirror.behind().shed().sum();
    mirror.compare().whenComplete((done, failure) -> onLane(() -> looked(begun, failure == null)));
  }

  private void looked(long begun, boolean isDone) {
    lastLook = Duration.ofNanos(scheduler().nanoTime() - begun);
    if (!isDone) {
      lookSoon();
      return;
    }
    complete.complete(null);
    if (hasShed()) { // it goes on when there is room again
      mirror.written().thenRun(() -> onLane(this::lookSoon));
    }
  }

  private boolean hasShed() {
    return mirror.behind().shed().sum() != shed;
  }

  /** Parts of the record may be lost. */
  void recordIsLost() {
    onLane(this::lookSoon);
  }

  /** Looks after what is kept once a minute from now on. */
  void tend() {
    onLane(this::tendLater);
  }

  private void tendLater() {
    scheduler()
        .schedule(
            TEND,
            () -> {
              mirror.tend();
              if (hasShed() || (++tended % LOOK_ANYWAY == 0 && !peers.isEmpty())) {
                lookSoon();
              }
              tendLater();
            });
  }
}
