package io.tandem.node;

import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.ops.TryItPage;
import io.tandem.node.transport.LaneVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where clients come in: each listener is open on all lanes of the node. */
final class Listeners {

  private final Vertx vertx;
  private final List<Endpoint> opened = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  Listeners(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Opens them one after the other; fails with the first that cannot be opened. */
  Future<Void> open(List<ListenerConfig> configs, List<LaneVerticle> lanes) {
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < configs.size(); i++) {
      int number = i;
      all = all.compose(before -> open(configs.get(number), number, lanes));
    }
    return all;
  }

  private Future<Void> open(ListenerConfig listener, int number, List<LaneVerticle> lanes) {
    AtomicInteger connections = new AtomicInteger();
    Handler<HttpServerRequest> pages = new TryItPage(listener.tryIt()).router(vertx);
    try {
      UnixSockets.makeWay(listener.endpoint());
    } catch (IOException inTheWay) {
      return Future.failedFuture(closed(listener, inTheWay));
    }
    return Future.all(
            lanes.stream().map(lane -> lane.open(listener, number, connections, pages)).toList())
        .recover(failure -> Future.failedFuture(closed(listener, failure)))
        .map(
            open -> {
              opened.add(listener.endpoint());
              ports.add(open.<Integer>resultAt(0));
              return null;
            });
  }

  private static CannotListenException closed(ListenerConfig listener, Throwable failure) {
    return new CannotListenException(
        CannotListenException.Purpose.CLIENTS, listener.endpoint(), failure);
  }

  /** The port that each got, in the order of the configuration; 0 for a Unix socket. */
  List<Integer> ports() {
    return List.copyOf(ports);
  }

  /** Removes what is left of those that were open, and are closed. */
  void clear() {
    opened.forEach(UnixSockets::clear);
  }
}
