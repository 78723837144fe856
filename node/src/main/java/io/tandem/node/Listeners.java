package io.tandem.node;

import io.tandem.node.config.ListenerConfig;
import io.tandem.node.ops.TryItPage;
import io.tandem.node.transport.Bans;
import io.tandem.node.transport.ConnectionCounts;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.node.transport.LongPolls;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where clients come in: each listener is open on all lanes of the node. Home loop. */
final class Listeners {

  private final Vertx vertx;
  private final List<LaneVerticle> lanes;
  private final Bans bans;
  private int count;

  /** In the order in which they were opened. */
  private volatile List<Listener> open = List.of();

  /**
   * One that is open.
   *
   * @param config with the port that it got, where it asked for any
   * @param number of the listener on the node, from 0; never used again
   */
  private record Listener(ListenerConfig asked, ListenerConfig config, int number) {

    boolean isAt(ListenerConfig other) {
      return other.endpoint().equals(asked.endpoint())
          || other.endpoint().equals(config.endpoint());
    }

    Listener withTlsOf(List<ListenerConfig> configs) {
      return configs.stream()
          .filter(this::isAt)
          .findFirst()
          .map(other -> new Listener(asked, config.withTls(other.tls()), number))
          .orElse(this);
    }
  }

  /**
   * @param lanes filled before the first listener opens
   * @param banned networks whose clients may not connect
   */
  Listeners(Vertx vertx, List<LaneVerticle> lanes, Set<String> banned) {
    this.vertx = vertx;
    this.lanes = lanes;
    this.bans = new Bans(banned);
  }

  /**
   * Opens those that are not open, and reads other certificates; fails with the first that cannot
   * be had, and with nothing changed.
   *
   * @param configs all that shall be open
   */
  Future<Void> open(List<ListenerConfig> configs) {
    List<Listener> before = open;
    List<@Nullable Listener> known = match(configs);
    List<Supplier<Future<Runnable>>> renewals = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < configs.size(); i++) {
      ListenerConfig config = configs.get(i);
      Listener listener = known.get(i);
      if (listener == null) {
        all = all.compose(opened -> openOne(config));
      } else if (!Objects.equals(config.tls(), listener.config().tls())) {
        lanes.forEach(
            lane ->
                renewals.add(
                    () ->
                        lane.renew(listener.number(), Objects.requireNonNull(config.tls()))
                            .map(renewed -> () -> lane.lane().execute(renewed))));
      }
    }
    return all.compose(opened -> Future.all(renewals.stream().map(Supplier::get).toList()))
        .compose(
            renewed -> {
              renewed.<Runnable>list().forEach(Runnable::run);
              open = open.stream().map(listener -> listener.withTlsOf(configs)).toList();
              return Future.<Void>succeededFuture();
            })
        .recover(
            failure -> closeBut(before).transform(closed -> Future.<Void>failedFuture(failure)));
  }

  /** Clients of these networks may not connect from now on, and those who have are told to go. */
  Future<Void> ban(Set<String> banned) {
    bans.ban(banned);
    return Future.all(lanes.stream().map(LaneVerticle::endBanned).toList()).mapEmpty();
  }

  private Future<Void> openOne(ListenerConfig listener) {
    int number = count++;
    ConnectionCounts connections = new ConnectionCounts(listener.limits());
    LongPolls longPolls = new LongPolls();
    Handler<HttpServerRequest> pages = new TryItPage(listener.tryIt()).router(vertx);
    try {
      UnixSockets.makeWay(listener.endpoint());
    } catch (IOException inTheWay) {
      return Future.failedFuture(closed(listener, inTheWay));
    }
    return Future.all(
            lanes.stream()
                .map(lane -> lane.open(listener, number, connections, bans, longPolls, pages))
                .toList())
        .recover(failure -> Future.failedFuture(closed(listener, failure)))
        .map(
            opened -> {
              List<Listener> more = new ArrayList<>(open);
              int port = opened.<Integer>resultAt(0);
              more.add(new Listener(listener, listener.withActualPort(port), number));
              open = List.copyOf(more);
              return null;
            });
  }

  private static CannotListenException closed(ListenerConfig listener, Throwable failure) {
    return new CannotListenException(
        CannotListenException.Purpose.CLIENTS, listener.endpoint(), failure);
  }

  /** Closes those that are not among these, with the connections on them. */
  Future<Void> closeAllBut(List<ListenerConfig> configs) {
    return closeBut(match(configs));
  }

  private Future<Void> closeBut(List<? extends @Nullable Listener> kept) {
    List<Listener> gone = open.stream().filter(listener -> !kept.contains(listener)).toList();
    open = open.stream().filter(kept::contains).toList();
    return Future.all(
            gone.stream()
                .flatMap(listener -> lanes.stream().map(lane -> lane.close(listener.number())))
                .toList())
        .onComplete(
            closed -> gone.forEach(listener -> UnixSockets.clear(listener.config().endpoint())))
        .mapEmpty();
  }

  /** Which one is open for each of these; null for none. Each stands for one at most. */
  private List<@Nullable Listener> match(List<ListenerConfig> configs) {
    List<Listener> left = new ArrayList<>(open);
    List<@Nullable Listener> known = new ArrayList<>();
    for (ListenerConfig config : configs) {
      Listener at = left.stream().filter(each -> each.isAt(config)).findFirst().orElse(null);
      left.remove(at);
      known.add(at);
    }
    return known;
  }

  /** These with the ports that they got, where they are open. Any thread. */
  List<ListenerConfig> actual(List<ListenerConfig> configs) {
    List<@Nullable Listener> known = match(configs);
    List<ListenerConfig> actual = new ArrayList<>();
    for (int i = 0; i < configs.size(); i++) {
      Listener listener = known.get(i);
      actual.add(
          listener == null ? configs.get(i) : configs.get(i).at(listener.config().endpoint()));
    }
    return actual;
  }

  /** Removes what is left of those that were open, and are closed. */
  void clear() {
    open.forEach(listener -> UnixSockets.clear(listener.config().endpoint()));
  }
}
