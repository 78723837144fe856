package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Principal;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link VirtualCluster}, as strict as the strictest, which keeps books about what it
 * must receive from nodes that its own is not cut off from.
 */
final class ClusterClient extends Bookkeeper implements Outbox {

  private final MessageDecoder decoder = new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT);

  /** Something that was promised: events of a topic or calls of a procedure, since this stamp. */
  record Promise(Offer offer, long since) {}

  final VirtualCluster cluster;
  final VirtualLife life;
  final Lane lane;
  final Conduct conduct;
  private final FreezeWatch watch;
  private final Session session;
  private final Deque<WampMessage> unread = new ArrayDeque<>();
  private int holds;

  /** Its node drains and takes nothing new from it. */
  boolean paused;

  final Map<Long, Promise> subscriptions = new HashMap<>();
  final Map<Long, Promise> registrations = new HashMap<>();
  final Map<Long, OpenCall> calls = new HashMap<>();

  /** What must still arrive, and from where. */
  private final Map<Due, NodeId> due = new HashMap<>();

  private long lastRequest;
  private @Nullable CompletableFuture<?> retired;

  ClusterClient(
      VirtualCluster cluster, VirtualLife life, int lane, long id, ClientFeatures features) {
    super(id);
    this.cluster = cluster;
    this.life = life;
    this.lane = life.lanes.get(lane);
    this.watch = life.watches.get(lane);
    this.conduct = new Conduct(this, () -> features);
    Principal principal = new Principal(World.REALM, "anybody", "anonymous", "test", "test", null);
    this.session = new Session(id, principal, features, this, realm().account());
  }

  VirtualLoop loop() {
    return life.laneLoops.get(lane.number());
  }

  @Override
  Session session() {
    return session;
  }

  @Override
  Stream<Session> sessions() {
    return cluster.clients.stream().map(ClusterClient::session);
  }

  private Realm realm() {
    return Objects.requireNonNull(lane.realm(World.REALM));
  }

  // ---- its session ----

  void join() {
    lane.execute(() -> realm().join(session));
  }

  /** The session ends, as its lane sees it. */
  void leaves() {
    ends();
    realm().leave(session);
  }

  private void leavesIfIdle() {
    if (!session.isBusy()) {
      leaves();
    }
  }

  /** As {@code SessionMachine} departs: its node withdraws what it offers, and is done with it. */
  void departs() {
    if (retired == null) {
      registrations.clear();
      withdraw();
      retired = realm().retire(session);
    } else if (retired.isDone()) {
      leavesIfIdle();
    }
  }

  /** Its node is no more. */
  void lost() {
    ends();
    session.end();
  }

  private void ends() {
    cluster.tell("{} ends", this);
    subscriptions.clear();
    registrations.clear();
    tasks.clear();
    calls.clear();
    due.clear();
    withdraw();
    cluster.clients.remove(this);
  }

  // ---- what it says ----

  int holds() {
    return holds;
  }

  boolean maySpeak() {
    return !paused && holds == 0;
  }

  void says(String text) {
    byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    try {
      says(decoder.decode(bytes, 0, bytes.length));
    } catch (ProtocolViolation violation) {
      throw new AssertionError(text, violation);
    }
  }

  private void says(WampMessage message) {
    if (message instanceof WampMessage.Request request) {
      lastRequest = request.request();
    }
    lane.execute(() -> arrives(message));
  }

  long next() {
    return lastRequest + 1;
  }

  /** As {@code ClientTransport} takes what comes. */
  private void arrives(WampMessage message) {
    holdAfterSleep();
    if (holds > 0 || !unread.isEmpty()) {
      unread.add(message);
    } else {
      process(message);
    }
  }

  private void holdAfterSleep() {
    if (holds == 0 && !watch.mayRead()) {
      hold();
      watch.whenAwake(this::release);
    }
  }

  private void readOn() {
    holdAfterSleep();
    while (holds == 0 && !unread.isEmpty()) {
      process(unread.remove());
    }
  }

  private void process(WampMessage message) {
    if (session.ended()) {
      return;
    }
    cluster.tell("{} says {}", this, message);
    assertThat(life.hasToAsk()).as("%s is read from after a freeze", this).isFalse();
    conduct.says((WampMessage.FromClient) message);
    treated(message);
    try {
      realm().receive(session, (WampMessage.FromClient) message);
    } catch (ProtocolViolation violation) {
      throw new AssertionError(this + " said " + message, violation);
    }
  }

  @Override
  void treated(WampMessage message) {
    super.treated(message);
    if (message instanceof Publish publish) {
      cluster.totals.events++;
      for (ClusterClient other : cluster.clients) {
        if (other != this) {
          other.expect(publish, life);
        }
      }
    } else if (message instanceof Unsubscribe unsubscribe) {
      subscriptions.remove(unsubscribe.subscription());
      due.keySet().removeIf(event -> event.subscription() == unsubscribe.subscription());
    } else if (message instanceof Unregister unregister) {
      registrations.remove(unregister.registration());
      withdraw();
    } else if (message instanceof Call call) {
      cluster.totals.calls++;
      OpenCall asked =
          new OpenCall(
              number(call.payload()),
              offering(offer -> offer.fits(call.procedure())),
              offering(new Offer(MatchPolicy.EXACT, call.procedure())::equals),
              cluster.isCalm(life),
              cluster.stamp());
      calls.put(call.request(), asked);
    }
  }

  private void expect(Publish publish, VirtualLife from) {
    subscriptions.forEach(
        (subscription, promise) -> {
          if (promise.offer().fits(publish.topic())
              && cluster.reaches(from, life, promise.since())) {
            due.put(Due.of(subscription, publish.payload()), from.id);
          }
        });
  }

  private Set<ClusterClient> offering(Predicate<Offer> fits) {
    Set<ClusterClient> offering = new HashSet<>();
    for (ClusterClient other : cluster.clients) {
      for (Promise promise : other.registrations.values()) {
        if (fits.test(promise.offer()) && cluster.reaches(life, other.life, promise.since())) {
          offering.add(other);
        }
      }
    }
    return offering;
  }

  /** It offers less than before: calls under way need not find it any more. */
  private void withdraw() {
    for (ClusterClient other : cluster.clients) {
      other.calls.values().forEach(call -> call.forget(this::equals));
    }
  }

  /** The ways between its node and the other one are broken. */
  void cutOff(VirtualLife other) {
    forget(other.id);
    for (OpenCall call : calls.values()) {
      call.forget(callee -> callee.life == other);
    }
  }

  void forget(NodeId other) {
    due.values().removeIf(other::equals);
  }

  // ---- what it hears ----

  @Override
  public Serializer serializer() {
    return Serializer.JSON;
  }

  @Override
  public SendResult send(SharedMessage message) {
    return send(message.message());
  }

  @Override
  public SendResult send(WampMessage message) {
    assertThat(session.ended()).as("%s sent after the end of %s", message, this).isFalse();
    cluster.tell("{} hears {}", this, message);
    conduct.hears(message);
    hears(message);
    return SendResult.SENT;
  }

  @Override
  public boolean isCrowded() {
    return false;
  }

  @Override
  public void hold() {
    holds++;
  }

  @Override
  public void release() {
    if (--holds == 0) {
      lane.execute(this::readOn);
    }
  }

  @Override
  void hears(WampMessage message) {
    super.hears(message);
    if (message instanceof Subscribed subscribed) {
      subscriptions.putIfAbsent(subscribed.subscription(), promise(asked(subscribed)));
    } else if (message instanceof Registered registered) {
      registrations.put(registered.registration(), promise(asked(registered)));
    } else if (message instanceof Event event) {
      due.remove(Due.of(event.subscription(), event.payload()));
    } else if (message instanceof Result result) {
      hears(result);
    } else if (message instanceof ErrorMessage error && error.requestType() == MessageCode.CALL) {
      failed(error);
    }
  }

  private Promise promise(Offer offer) {
    return new Promise(offer, cluster.stamp());
  }

  private void hears(Result result) {
    OpenCall call = Objects.requireNonNull(calls.get(result.request()));
    inParts(result, call.number());
    if (!result.details().is(Keys.PROGRESS)) {
      calls.remove(result.request());
      cluster.totals.answers++;
    }
  }

  private void failed(ErrorMessage error) {
    OpenCall call = Objects.requireNonNull(calls.remove(error.request()));
    if (error.error().equals(WampUri.NETWORK_FAILURE)) {
      assertThat(call.calm() && life.lastTrouble < call.since())
          .as("%s lost call %s although nothing was wrong", this, call.number())
          .isFalse();
      if (String.valueOf(error.payload().args().get(0)).startsWith("no callee")) {
        assertThat(call.sure()).as("callees that a call of %s did not find (V1)", this).isEmpty();
      }
      return;
    }
    assertThat(error.error())
        .isIn(
            WampUri.NO_SUCH_PROCEDURE,
            WampUri.UNAVAILABLE,
            WampUri.CANCELED,
            WampUri.TIMEOUT,
            "com.error");
    if (error.error().equals(WampUri.UNAVAILABLE)) {
      cluster.totals.overtaken++;
    }
    if (error.error().equals(WampUri.NO_SUCH_PROCEDURE)) {
      assertThat(call.offering()).as("callees that a call of %s missed (V1)", this).isEmpty();
    }
  }

  /** At rest nothing is owed to it. */
  void checkAtRest() {
    assertThat(due).as("events that %s missed (V1)", this).isEmpty();
    assertThat(conduct.unanswered).as("unanswered requests of %s (A1)", this).isEmpty();
    assertThat(holds).as("holds of %s", this).isZero();
  }

  @Override
  public String toString() {
    return "client " + id + " on lane " + lane.number() + " of " + life;
  }
}
