package io.tandem.node;

import io.tandem.node.meta.MetaApi;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.router.LogSubject;
import io.tandem.node.router.OnDemand;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.router.SessionCount;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.registry.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which realms of a node are open. Those that the configuration names are so all the time. Those of
 * a template are opened when the first client has logged in, and closed when nobody has been in
 * them for a while; so there are as many as their templates may have, whatever clients ask for.
 *
 * <p>A realm is opened or closed once at a time, and who wants to join meanwhile waits for that.
 * Another configuration is taken over when no realm is half open, and none is opened before it
 * holds. Home loop, but for {@link OnDemand}.
 */
final class OpenRealms implements OnDemand {

  private static final Logger LOG = LoggerFactory.getLogger(OpenRealms.class);

  /** How often it is looked for realms that nobody is in. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final HomeVerticle home;
  private final Router router;
  private final MetaApi meta;
  private final RealmDoors doors;

  /** Those made from templates, by name. */
  private final Map<String, Made> made = new HashMap<>();

  /** By which realms are made from now on. */
  private volatile Templates templates;

  /** Under way while another configuration is taken over. */
  private Future<Void> reload = Future.succeededFuture();

  private Scheduler.@Nullable Timer look;
  private boolean over;

  /** A realm made from a template. */
  private static final class Made {
    Templates.Template template;

    /** Its opening, and then its closing; it is open when that is done. */
    Future<Void> change = Future.succeededFuture();

    boolean closes;

    /** Sessions that had come when it was looked at, and since when nobody is there. */
    long joins;

    long emptySince;

    Made(Templates.Template template, long now) {
      this.template = template;
      this.emptySince = now;
    }
  }

  private OpenRealms(
      HomeVerticle home, Router router, MetaApi meta, RealmDoors doors, Templates templates) {
    this.home = home;
    this.router = router;
    this.meta = meta;
    this.doors = doors;
    this.templates = templates;
  }

  /** Begins, with the realms that the router has; completes, on the home loop, when these serve. */
  static Future<OpenRealms> begin(
      HomeVerticle home,
      Router router,
      List<LaneVerticle> lanes,
      NodeMeters meters,
      Templates templates) {
    return Future.fromCompletionStage(
            MetaApi.open(lanes.stream().map(LaneVerticle::lane).toList()), home.context())
        .map(
            meta -> {
              RealmDoors doors = new RealmDoors(home, router, lanes, meta, meters);
              OpenRealms open = new OpenRealms(home, router, meta, doors, templates);
              router.onDemand(open);
              open.watch();
              return open;
            });
  }

  /**
   * Says what is left to be said in all realms, and completes when the cluster has what is kept of
   * it; none is opened or closed any more.
   */
  CompletionStage<?> close() {
    over = true;
    if (look != null) {
      look.cancel();
    }
    return meta.close().thenCompose(said -> router.keeping().written());
  }

  // ---- opening, when somebody comes ----

  @Override
  public @Nullable RealmSettings settings(String realm) {
    Templates.Template template = templates.of(realm);
    return template == null ? null : template.settings();
  }

  @Override
  public CompletionStage<Outcome> open(String realm) {
    return home.run(() -> opened(realm)).toCompletionStage();
  }

  private Future<Outcome> opened(String name) {
    if (over) {
      return Future.failedFuture("this node leaves");
    } else if (!reload.isComplete()) {
      return reload.transform(done -> opened(name));
    }
    Made known = made.get(name);
    if (known != null) {
      return known.closes
          ? known.change.transform(closed -> opened(name))
          : known.change.map(Outcome.OPEN);
    }
    Templates.Template template = templates.of(name);
    if (template == null) {
      return Future.succeededFuture(isServed(name) ? Outcome.OPEN : Outcome.UNKNOWN);
    } else if (count(template.title()) >= template.maxRealms()) {
      router.metrics().realmsRefused.increment();
      return Future.succeededFuture(Outcome.FULL);
    }
    return make(name, template).map(Outcome.OPEN);
  }

  private boolean isServed(String name) {
    return router.realms().stream().anyMatch(realm -> realm.name().equals(name));
  }

  private long count(String template) {
    return made.values().stream().filter(each -> each.template.title().equals(template)).count();
  }

  private Future<Void> make(String name, Templates.Template template) {
    Made fresh = new Made(template, now());
    made.put(name, fresh);
    fresh.change =
        doors
            .open(template.settings())
            .onSuccess(
                open -> {
                  fresh.emptySince = now();
                  router.metrics().realmsMade.increment();
                  router.audit().tell("realm opened", "realm", name, "template", template.title());
                  LogSubject.of(name)
                      .on(LOG.atInfo())
                      .log("Realm {} is open, of the template {}", name, template.title());
                });
    return fresh.change.onFailure(
        failure -> {
          LogSubject.of(name)
              .on(LOG.atWarn())
              .log("Realm {} could not be opened: {}", name, failure.toString());
          close(name, fresh);
        });
  }

  // ---- closing, when nobody is there ----

  private void watch() {
    look = home.loop().scheduler().schedule(LOOK, this::lookAround);
  }

  private void lookAround() {
    if (!over) {
      if (reload.isComplete()) {
        Map.copyOf(made).forEach(this::look);
      }
      watch();
    }
  }

  private void look(String name, Made realm) {
    if (realm.closes || !realm.change.isComplete()) {
      return;
    }
    SessionCount count = router.count(name);
    if (count.sessions() > 0 || count.joins() != realm.joins) {
      realm.joins = count.joins();
      realm.emptySince = now();
    } else if (now() - realm.emptySince >= realm.template.closeWhenEmptyFor().toNanos()
        && count.shut()) { // unless somebody has just joined
      close(name, realm);
    }
  }

  private void close(String name, Made realm) {
    realm.closes = true;
    realm.change =
        doors
            .close(name)
            .onComplete(
                gone -> {
                  made.remove(name, realm);
                  router.audit().tell("realm closed", "realm", name);
                  LogSubject.of(name)
                      .on(LOG.atInfo())
                      .log("Realm {} is closed, nobody was in it", name);
                });
  }

  private long now() {
    return home.loop().scheduler().nanoTime();
  }

  // ---- another configuration ----

  /**
   * These realms have entries of their own from now on, and others are made by these templates.
   * Realms that are there and have neither are closed. Reloads come one at a time.
   */
  Future<Void> reload(List<RealmSettings> named, Templates next) {
    Promise<Void> done = Promise.promise();
    reload = done.future();
    return settled().compose(settled -> swap(named, next)).onComplete(swapped -> done.complete());
  }

  /** No realm is half open. */
  private Future<Void> settled() {
    List<Future<Void>> changes =
        made.values().stream()
            .map(each -> each.change)
            .filter(change -> !change.isComplete())
            .toList();
    return changes.isEmpty()
        ? Future.succeededFuture()
        : Future.join(changes).transform(changed -> settled());
  }

  private Future<Void> swap(List<RealmSettings> named, Templates next) {
    List<RealmSettings> all = new ArrayList<>(named);
    Set<String> taken = names(named);
    Set<String> before = names(router.realms());
    List<String> closed = new ArrayList<>();
    Map<String, Made> rest = new HashMap<>();
    for (String name : before) {
      Templates.Template template = next.of(name);
      if (template != null) {
        Made realm = made.getOrDefault(name, new Made(template, now()));
        realm.template = template;
        rest.put(name, realm);
        all.add(template.settings());
      } else if (!taken.contains(name)) {
        closed.add(name);
      }
    }
    made.clear();
    made.putAll(rest);
    templates = next;
    List<String> added = taken.stream().filter(name -> !before.contains(name)).toList();
    return doors
        .swap(all)
        .compose(swapped -> doors.open(added))
        .compose(open -> doors.close(closed));
  }

  private static Set<String> names(List<RealmSettings> realms) {
    return realms.stream().map(RealmSettings::name).collect(Collectors.toSet());
  }
}
