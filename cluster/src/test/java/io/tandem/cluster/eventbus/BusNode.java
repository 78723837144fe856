package io.tandem.cluster.eventbus;

import io.tandem.cluster.hazelcast.EmbeddedHazelcast;
import io.tandem.cluster.hazelcast.Members;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A member with a bus and a wire, which remembers what it received. */
final class BusNode implements AutoCloseable {

  final EmbeddedHazelcast member;
  final int port;
  final Vertx vertx;
  final Context home;
  final EventBusWire wire;
  final List<byte[]> received = new CopyOnWriteArrayList<>();
  final Set<Thread> receivedOn = ConcurrentHashMap.newKeySet();

  BusNode(EmbeddedHazelcast member, int port) {
    this.member = member;
    this.port = port;
    vertx =
        get(
            ClusteredVertx.start(
                new VertxOptions().setEventLoopPoolSize(3), member, Members.HOST, port));
    home = vertx.getOrCreateContext();
    wire =
        get(
            EventBusWire.open(
                vertx,
                id(),
                home,
                frame -> {
                  receivedOn.add(Thread.currentThread());
                  received.add(frame);
                }));
  }

  NodeId id() {
    return member.membership().self().node();
  }

  static <T> T get(Future<T> future) {
    return Members.await(future.toCompletionStage());
  }

  /** Ends the node in the order in which a node ends; its member lives on when it was killed. */
  @Override
  public void close() {
    get(vertx.close());
  }
}
