package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.registry.RealmRegistry;
import org.jspecify.annotations.Nullable;

/** Spreads what comes from other nodes over the lanes of this one. Any thread. */
final class Incoming {

  private final Router router;

  Incoming(Router router) {
    this.router = router;
  }

  /** As {@link Router#receive}. */
  void receive(int toLane, Delivery delivery, Runnable consumed) {
    if (delivery instanceof Delivery.Event event) {
      router.keeping().keepOthers(event.realm(), event.publication());
      spread(event, consumed);
      return;
    } else if (delivery instanceof Delivery.Kept kept) {
      router.keeping().received(kept);
      consumed.run();
      return;
    }
    Mailbox mailbox = router.mailbox(toLane);
    if (!mailbox.offer(delivery) && delivery instanceof Delivery.Invoke invoke) {
      // What a lane sends leaves on its own thread.
      router
          .lane(toLane)
          .executor()
          .execute(
              () ->
                  router.forward(
                      toLane, invoke.call().lane(), invoke.refused(Delivery.Refusal.BUSY)));
    }
    whenRoomy(mailbox, consumed);
  }

  private void spread(Delivery.Event event, Runnable consumed) {
    long[] lanesInterested = new long[1];
    RealmRegistry table = router.tables().known(event.realm());
    if (table != null) {
      table.interested(
          event.publication().topic(), interest -> lanesInterested[0] |= interest.lanes());
    }
    Delivery.Event here =
        event.at(lanesInterested[0] == 0 ? 0 : router.lane(0).scheduler().nanoTime());
    Mailbox slow = null;
    for (long rest = lanesInterested[0]; rest != 0; rest &= rest - 1) {
      Mailbox mailbox = router.mailbox(Long.numberOfTrailingZeros(rest));
      if (!mailbox.offer(here)) {
        router.metrics().drops(RouterMetrics.Drop.EVENT_LANE_FULL).increment();
      }
      slow = mailbox.isCrowded() ? mailbox : slow;
    }
    whenRoomy(slow, consumed);
  }

  private static void whenRoomy(@Nullable Mailbox mailbox, Runnable consumed) {
    if (mailbox != null && mailbox.isCrowded()) {
      mailbox.whenRoomy(consumed);
    } else {
      consumed.run();
    }
  }
}
