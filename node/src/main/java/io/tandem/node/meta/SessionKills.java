package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.LogSubject;
import io.tandem.node.router.Realm;
import io.tandem.node.router.Session;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Scheduler;
import io.tandem.registry.sessions.SessionDetails;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions of one realm for those clients of one lane that may: {@code wamp.session.kill} and
 * its like. Each lane of each node that can be reached ends its own, a few in each turn, and tells
 * whom it has ended. Belongs to its lane.
 */
final class SessionKills {

  private static final Logger LOG = LoggerFactory.getLogger(SessionKills.class);

  /** What lanes ask each other. */
  private static final String KILL = "kill";

  private static final Options DISCLOSED = Options.of(Keys.DISCLOSE_CALLER, true);

  /** In characters: each of the sessions is told. */
  static final int LONGEST_MESSAGE = 1_024;

  /** Sessions that end in one turn of the lane. */
  private static final int AT_ONCE = 50;

  /** After this long a lane tells who is about to end, too; before it is given up. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);

  private final Lane lane;
  private final Realm realm;
  private final LocalClient client;
  private final Colleagues colleagues;

  SessionKills(Lane lane, Realm realm, LocalClient client, Colleagues colleagues) {
    this.lane = lane;
    this.realm = realm;
    this.client = client;
    this.colleagues = colleagues;
  }

  /** Begins to serve; each stage completes when a part of it does. */
  Stream<CompletionStage<?>> serve() {
    return Stream.of(
        colleagues.offer(KILL, this::obey),
        client.register("wamp.session.kill", DISCLOSED, this::kill),
        client.register("wamp.session.kill_by_authid", DISCLOSED, this::killByAuthid),
        client.register("wamp.session.kill_by_authrole", DISCLOSED, this::killByAuthrole),
        client.register("wamp.session.kill_all", DISCLOSED, this::killAll));
  }

  // ---- what clients call ----

  private CompletionStage<Payload> kill(Invocation call) {
    Arguments args = Arguments.of(call.payload());
    long session = args.id(0, "session");
    KillOrder order = order(call, args, KillOrder.Which.SESSION, session);
    if (session == order.by()) {
      throw Results.noSuchSession(session);
    }
    return done(order)
        .thenCompose(
            killed ->
                killed.count() > 0
                    ? CompletableFuture.completedFuture(Payload.EMPTY)
                    : lane.router().sessions().find(session).thenApply(it -> unmet(session, it)));
  }

  private Payload unmet(long session, @Nullable SessionDetails details) {
    throw Results.unmet(details, realm.name(), session);
  }

  private CompletionStage<Payload> killByAuthid(Invocation call) {
    Arguments args = Arguments.of(call.payload());
    return done(order(call, args, KillOrder.Which.AUTHID, args.string(0, "authid")))
        .thenApply(killed -> Results.of(killed.sessions()));
  }

  private CompletionStage<Payload> killByAuthrole(Invocation call) {
    Arguments args = Arguments.of(call.payload());
    return done(order(call, args, KillOrder.Which.AUTHROLE, args.string(0, "authrole")))
        .thenApply(killed -> Results.of(killed.count()));
  }

  private CompletionStage<Payload> killAll(Invocation call) {
    return done(order(call, Arguments.of(call.payload()), KillOrder.Which.ALL, null))
        .thenApply(killed -> Results.of(killed.count()));
  }

  private KillOrder order(
      Invocation call, Arguments args, KillOrder.Which which, @Nullable Object value) {
    String reason = args.reason(realm.settings().uriRule(), WampUri.KILLED);
    String message = args.string("message");
    if (message != null && message.length() > LONGEST_MESSAGE) {
      throw Arguments.invalid("message may have " + LONGEST_MESSAGE + " characters");
    }
    return new KillOrder(
        which,
        value,
        reason,
        message,
        call.details().get(Keys.CALLER, 0L),
        call.details().get(Keys.CALLER_AUTHID, ""));
  }

  /**
   * Who has ended, wherever that was.
   *
   * @param sessions their IDs, where the order asks for them
   */
  private record Killed(long count, List<Object> sessions) {}

  private CompletionStage<Killed> done(KillOrder order) {
    return colleagues
        .ask(KILL, order.args())
        .thenApply(
            answers -> {
              List<Object> sessions = new ArrayList<>();
              for (List<@Nullable Object> lane : answers.lanes()) {
                sessions.addAll((List<?>) Objects.requireNonNull(lane.get(1)));
              }
              return new Killed(answers.sum(), sessions);
            });
  }

  // ---- what this lane does ----

  private CompletionStage<Payload> obey(Invocation call) {
    return new Execution(KillOrder.of(call.payload().args())).begin();
  }

  /** One order, on this lane. */
  private final class Execution {

    private final KillOrder order;
    private final Goodbye goodbye;
    private final Queue<Session> left;
    private final List<Long> killed = new ArrayList<>();
    private final CompletableFuture<Payload> answer = new CompletableFuture<>();
    private final Scheduler.Timer limit;

    Execution(KillOrder order) {
      this.order = order;
      this.goodbye = order.goodbye();
      this.left = new ArrayDeque<>(realm.sessions(order::means));
      this.limit = lane.scheduler().schedule(LONGEST_ANSWER, this::tell);
    }

    CompletionStage<Payload> begin() {
      goOn();
      return answer;
    }

    private void goOn() {
      for (int i = 0; i < AT_ONCE && !left.isEmpty(); i++) {
        end(left.remove());
      }
      if (left.isEmpty()) {
        limit.cancel();
        tell();
      } else {
        lane.execute(this::goOn);
      }
    }

    private void end(Session session) {
      if (session.ended()) {
        return;
      }
      killed.add(session.id());
      lane.router()
          .audit()
          .tell(
              "killed",
              "realm",
              realm.name(),
              "session",
              session.id(),
              "by",
              order.by(),
              "byAuthid",
              order.byAuthid(),
              "reason",
              order.reason());
      try {
        session.expel(goodbye, order.isSilent());
      } catch (RuntimeException defect) { // of this session, not of the others
        new LogSubject(realm.name(), session.id(), CloseCause.KILLED)
            .on(LOG.atError().setCause(defect))
            .log("Session {} could not be ended in due form", session.id());
      }
    }

    private void tell() {
      Stream<Long> about = left.stream().filter(session -> !session.ended()).map(Session::id);
      List<Long> all = Stream.concat(killed.stream(), about).toList();
      List<Long> named = order.which() == KillOrder.Which.AUTHID ? all : List.of();
      answer.complete(Results.of(all.size(), named));
    }
  }
}
