package io.tandem.node.router;

import io.tandem.registry.RealmRegistry;
import io.tandem.registry.record.Freed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells what nodes held that are gone. Any thread. */
final class FreedThings {

  /** Topics of a realm that tell what is no more. */
  private static final List<String> TOPICS =
      List.of(
          "wamp.session.on_leave",
          "wamp.registration.on_unregister",
          "wamp.registration.on_delete",
          "wamp.subscription.on_unsubscribe",
          "wamp.subscription.on_delete");

  private final Router router;

  FreedThings(Router router) {
    this.router = router;
  }

  /**
   * As {@link Router#freed}. Where the realm is not open here, and somebody on another node hears
   * of what becomes of it, it is opened for that.
   */
  CompletionStage<?> tell(Freed what) {
    String realm = what.realm();
    return router.serves(realm) || !isHeard(what)
        ? told(what)
        : router.onDemand().open(realm).thenCompose(open -> told(what));
  }

  private CompletionStage<?> told(Freed what) {
    Router.LanePort any = router.lane(what.topic());
    return CompletableFuture.supplyAsync(() -> any.freed().apply(what), any.executor())
        .thenCompose(told -> told);
  }

  /** Whether anybody has subscribed to what tells of it. */
  private boolean isHeard(Freed what) {
    RealmRegistry table = router.tables().known(what.realm());
    boolean[] heard = new boolean[1];
    if (what instanceof Freed.Inheritance) {
      return table != null && table.subscriptionCount() > 0; // it may be to any topic
    } else if (table != null) {
      TOPICS.forEach(topic -> table.interested(topic, interest -> heard[0] = true));
    }
    return heard[0];
  }
}
