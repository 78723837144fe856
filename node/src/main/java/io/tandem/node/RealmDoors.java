package io.tandem.node;

import io.tandem.node.meta.MetaApi;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.transport.LaneVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Opens and closes realms on all lanes of a node; who asks says which and when. Home loop. */
final class RealmDoors {

  /** How long the last that is to be said in a realm may take before it is closed. */
  private static final long LAST_WORDS_SECONDS = 5;

  /** How often sessions are asked to go that do not: each time they have seconds. */
  private static final int MOST_ROUNDS = 6;

  private final HomeVerticle home;
  private final Router router;
  private final List<LaneVerticle> lanes;
  private final MetaApi meta;
  private final NodeMeters meters;

  RealmDoors(
      HomeVerticle home, Router router, List<LaneVerticle> lanes, MetaApi meta, NodeMeters meters) {
    this.home = home;
    this.router = router;
    this.lanes = lanes;
    this.meta = meta;
    this.meters = meters;
  }

  /** Other settings hold on all lanes when it completes; new realms are not open yet. */
  Future<Void> swap(List<RealmSettings> realms) {
    return told(done -> router.reload(realms, done));
  }

  /** One more realm, which is open when it completes. */
  Future<Void> open(RealmSettings realm) {
    return told(done -> router.add(realm, done)).compose(added -> open(List.of(realm.name())));
  }

  /** Opens realms that all lanes know. */
  Future<Void> open(Collection<String> names) {
    names.forEach(name -> meters.bindRealm(router, name));
    return Future.fromCompletionStage(router.keeping().looked(), home.context())
        .compose(looked -> Future.fromCompletionStage(meta.serve(names), home.context()))
        .compose(served -> onLanes(lane -> lane.openRealms(List.copyOf(names))));
  }

  /** Says GOODBYE to the sessions of these realms; nothing is left of them when it completes. */
  Future<Void> close(Collection<String> names) {
    return Future.join(names.stream().map(this::close).toList()).mapEmpty();
  }

  /** The same for one; does not fail. */
  Future<Void> close(String name) {
    return emptied(name, MOST_ROUNDS)
        .compose(
            empty ->
                Future.fromCompletionStage(meta.withdraw(List.of(name)), home.context())
                    .timeout(LAST_WORDS_SECONDS, TimeUnit.SECONDS))
        .<Void>mapEmpty()
        .otherwiseEmpty()
        .compose(quiet -> told(done -> router.forget(name, done)))
        .onComplete(gone -> meters.unbindRealm(name));
  }

  private Future<Void> emptied(String name, int rounds) {
    return onLanes(lane -> lane.closeRealm(name))
        .compose(
            told ->
                router.count(name).shut() || rounds == 1
                    ? Future.succeededFuture()
                    : emptied(name, rounds - 1));
  }

  private Future<Void> told(Consumer<Runnable> change) {
    Promise<Void> done = Promise.promise();
    change.accept(done::complete);
    return home.run(done::future);
  }

  private Future<Void> onLanes(Function<LaneVerticle, Future<Void>> task) {
    return Future.all(lanes.stream().map(task).toList()).mapEmpty();
  }
}
