package io.tandem.node.transport;

import io.netty.channel.EventLoop;
import io.tandem.cluster.link.Loop;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.TlsConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.node.session.SessionMachine;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One lane: an event loop with its share of the router and its share of every listener. */
public final class LaneVerticle extends VerticleBase {

  /** How often a lane that drains looks at what its sessions have left to do. */
  private static final long DRAIN_PERIOD_MILLIS = 20;

  /**
   * Sessions that begin to end in one such period, 2,500 in a second, and are withdrawn at once.
   */
  private static final int LEAVING_AT_ONCE = 50;

  private static final Goodbye CLOSED = new Goodbye(Options.EMPTY, WampUri.CLOSE_REALM);

  /** How long transports may take to say goodbye. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Router router;
  private final DirectMemory memory;
  private final Map<Integer, Door> doors = new LinkedHashMap<>();
  private @Nullable LaneIo io;

  /**
   * @param memory what the buffers of all lanes take together
   */
  public LaneVerticle(Router router, DirectMemory memory) {
    this.router = router;
    this.memory = memory;
  }

  @Override
  public Future<?> start() {
    EventLoop eventLoop = ((ContextInternal) context).nettyEventLoop();
    io = new LaneIo(router, memory, eventLoop);
    Thread.currentThread().setName("tandem-lane-" + lane().number());
    return Future.succeededFuture();
  }

  public Context context() {
    return context;
  }

  /** Its event loop, for the links. */
  public Loop loop() {
    Lane lane = lane();
    return new Loop(lane::execute, lane.scheduler());
  }

  public Lane lane() {
    return Objects.requireNonNull(io, "started").lane();
  }

  /**
   * Opens this lane's share of a listener. Any thread.
   *
   * @param number of the listener on the node, from 0
   * @param connections how many are open on the listener, counted by all its lanes
   * @param bans who may not connect
   * @param longPolls the long-poll transports of all its lanes
   * @return the port that it got; 0 for a Unix socket
   */
  public Future<Integer> open(
      ListenerConfig config,
      int number,
      ConnectionCounts connections,
      Bans bans,
      LongPolls longPolls,
      Handler<HttpServerRequest> pages) {
    return onLane(
        () -> {
          Door door =
              new Door(
                  vertx, Objects.requireNonNull(io), config, connections, bans, longPolls, pages);
          doors.put(number, door);
          return door.open(number);
        });
  }

  /**
   * Reads the certificate of a listener anew. Any thread.
   *
   * @return what has it shown from then on, to be run on the lane
   */
  public Future<Runnable> renew(int number, TlsConfig files) {
    return onLane(
        () -> {
          Door door = Objects.requireNonNull(doors.get(number));
          return vertx.executeBlocking(() -> door.renew(files));
        });
  }

  /**
   * Closes this lane's share of a listener, and the connections on it, a few at a time. Any thread.
   */
  public Future<Void> close(int number) {
    return onLane(
        () -> {
          Door door = Objects.requireNonNull(doors.get(number));
          door.refuseConnections();
          return until(
                  CLOSE_LIMIT,
                  () -> {
                    door.conversations().stream()
                        .limit(LEAVING_AT_ONCE)
                        .forEach(conversation -> conversation.leave(CloseCause.LISTENER_CLOSED));
                    return !door.hasTransports();
                  })
              .compose(
                  empty -> {
                    doors.remove(number);
                    return door.close();
                  });
        });
  }

  /** Ends the conversations of those who are banned by now. Any thread. */
  public Future<Void> endBanned() {
    return onLane(
        () -> {
          doors.values().forEach(Door::endBanned);
          return Future.succeededFuture();
        });
  }

  /** Sessions may join these realms from now on. Any thread. */
  public Future<Void> openRealms(List<String> names) {
    return onLane(
        () -> {
          names.forEach(lane()::open);
          return Future.succeededFuture();
        });
  }

  /**
   * Says GOODBYE to the sessions of a realm, a few at a time, which none can join any more. Any
   * thread; completes when they have left.
   */
  public Future<Void> closeRealm(String realm) {
    return onLane(
        () -> {
          lane().shut(realm);
          return until(
              CLOSE_LIMIT,
              () -> {
                conversations()
                    .filter(conversation -> conversation.isIn(realm))
                    .limit(LEAVING_AT_ONCE)
                    .forEach(conversation -> conversation.leave(CLOSED, CloseCause.REALM_CLOSED));
                return conversations().noneMatch(conversation -> conversation.isIn(realm));
              });
        });
  }

  /**
   * Takes no more connections, and ends the sessions that nobody calls, a few at a time, each when
   * its own calls are over. Any thread; completes when only callees are left, or when the time is
   * over.
   */
  public Future<Void> drainCallers(Duration limit) {
    return onLane(
        () -> {
          doors.values().forEach(Door::leave);
          return until(
              limit,
              () -> {
                doors.values().forEach(Door::leave);
                depart(conversations().filter(conversation -> !conversation.isCallee()));
                return conversations().allMatch(SessionMachine::isCallee);
              });
        });
  }

  /**
   * Ends the other sessions, a few at a time: each is withdrawn, and closed when it has answered
   * its invocations. Any thread; completes when none is left, or when the time is over.
   */
  public Future<Void> drainCallees(Duration limit) {
    return onLane(
        () ->
            until(
                limit,
                () -> {
                  doors.values().forEach(Door::leave);
                  depart(conversations());
                  return conversations().findAny().isEmpty();
                }));
  }

  /** As many as may come back elsewhere at once without being a burden there. */
  private void depart(Stream<SessionMachine> conversations) {
    List<SessionMachine> all = conversations.toList();
    // Also those that have nothing to write and nothing to wait for any more.
    all.forEach(conversation -> conversation.departure().turned());
    long retiring = conversations().filter(each -> each.departure().isRetiring()).count();
    all.stream()
        .filter(conversation -> !conversation.departure().hasBegun())
        .limit(Math.max(0, LEAVING_AT_ONCE - retiring))
        .forEach(conversation -> conversation.departure().begin());
  }

  /**
   * Asks some sessions to leave, so that their clients connect to other nodes: each goes in the way
   * of one that drains, its calls cut off when the time is over. Any thread.
   *
   * @param before who came at this time of the lane's clock, or later, stays
   * @return how many sessions these are, at most as many as asked for
   */
  public Future<Integer> shed(int most, long before, Duration limit) {
    return onLane(
        () -> {
          List<SessionMachine> chosen =
              Chosen.of(
                  doors.values().stream().flatMap(Door::movable),
                  each -> each.departure().movableSince(),
                  most,
                  before);
          chosen.forEach(each -> each.departure().move());
          until(
                  limit,
                  () -> {
                    chosen.forEach(each -> each.departure().turned());
                    return chosen.stream().allMatch(each -> each.departure().isOver());
                  })
              .onSuccess(
                  over ->
                      chosen.stream()
                          .filter(each -> !each.departure().isOver())
                          .forEach(each -> each.leave(CloseCause.REBALANCED)));
          return Future.succeededFuture(chosen.size());
        });
  }

  /** Closes every session. Any thread; completes when the lane has no transport any more. */
  public Future<Void> closeTransports(CloseCause cause) {
    return onLane(
        () -> {
          doors.values().forEach(Door::leave);
          return until(
              CLOSE_LIMIT,
              () -> {
                doors.values().forEach(Door::leave);
                // Also those whose handshake was under way and has ended meanwhile.
                conversations().forEach(conversation -> conversation.leave(cause));
                return doors.values().stream().noneMatch(Door::hasTransports);
              });
        });
  }

  /** Closes every session, a few at a time. Any thread; completes when none is left. */
  public Future<Void> dropTransports(CloseCause cause, Duration limit) {
    return onLane(
        () -> {
          doors.values().forEach(Door::refuseConnections);
          return until(
              limit,
              () -> {
                conversations()
                    .limit(LEAVING_AT_ONCE)
                    .forEach(conversation -> conversation.leave(cause));
                return conversations().findAny().isEmpty();
              });
        });
  }

  private Stream<SessionMachine> conversations() {
    return doors.values().stream().flatMap(door -> door.conversations().stream());
  }

  /** Completes when the condition, looked at again and again, holds, or the time is over. */
  private Future<Void> until(Duration limit, BooleanSupplier condition) {
    Promise<Void> reached = Promise.promise();
    long deadline = System.nanoTime() + limit.toNanos();
    long timer =
        vertx.setPeriodic(
            0,
            DRAIN_PERIOD_MILLIS,
            id -> {
              if (condition.getAsBoolean() || System.nanoTime() - deadline >= 0) {
                reached.tryComplete();
              }
            });
    return reached.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private <T> Future<T> onLane(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        ignored -> {
          try {
            task.get().onComplete(promise);
          } catch (RuntimeException failure) {
            promise.tryFail(failure);
          }
        });
    return promise.future();
  }
}
