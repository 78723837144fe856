package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Principal;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link VirtualCluster}, as strict as the strictest, which keeps books about what it
 * must receive from nodes that its own is not cut off from. All that it sends carries its session
 * and a number that grows.
 */
final class ClusterClient implements Outbox {

  private static final MessageDecoder DECODER =
      new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT);

  /** Something that was promised: events of a topic or calls of a procedure, since this stamp. */
  record Promise(Actor.Offer offer, long since) {}

  private record Due(long subscription, long publisher, long number) {}

  /** An invocation that is not finished. */
  record Task(long request, boolean progressive, Payload payload) {}

  /**
   * A call under way.
   *
   * @param offering who could have taken it, from the CALL on
   * @param sure those among them to whom nobody is preferred: they offer just this procedure
   * @param calm whether all nodes were in step when it was made
   */
  private record Asked(
      long number, Set<ClusterClient> offering, Set<ClusterClient> sure, boolean calm, long since) {

    void forget(Predicate<ClusterClient> gone) {
      offering.removeIf(gone);
      sure.removeIf(gone);
    }
  }

  final VirtualCluster cluster;
  final VirtualLife life;
  final Lane lane;
  final long id;
  final Conduct conduct;
  private final FreezeWatch watch;
  private final Session session;
  private final List<WampMessage> unread = new ArrayList<>();
  private int holds;

  /** Its node drains and takes nothing new from it. */
  boolean paused;

  final Map<Long, Promise> subscriptions = new HashMap<>();
  final Map<Long, Promise> registrations = new HashMap<>();
  final Map<Long, Task> tasks = new HashMap<>();
  final Map<Long, Asked> calls = new HashMap<>();

  /** What must still arrive, and from where. */
  private final Map<Due, NodeId> due = new HashMap<>();

  private final Map<Long, WampMessage> requests = new HashMap<>();
  private final Map<Long, Long> lastHeard = new HashMap<>();
  private final Map<Long, Long> partsHeard = new HashMap<>();
  private final Map<Long, Long> partsSaid = new HashMap<>();
  private long lastRequest;
  private long number;

  ClusterClient(
      VirtualCluster cluster, VirtualLife life, int lane, long id, ClientFeatures features) {
    this.cluster = cluster;
    this.life = life;
    this.lane = life.lanes.get(lane);
    this.watch = life.watches.get(lane);
    this.id = id;
    this.conduct = new Conduct(this, () -> features);
    Principal principal = new Principal(World.REALM, "anybody", "anonymous", "test", "test", null);
    this.session = new Session(id, principal, features, this);
  }

  VirtualLoop loop() {
    return life.laneLoops.get(lane.number());
  }

  Session session() {
    return session;
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

  void leavesIfIdle() {
    if (!session.isBusy()) {
      leaves();
    }
  }

  /** Its node withdraws what it offers. */
  void retires() {
    registrations.clear();
    withdraw();
    realm().retire(session);
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
      says(DECODER.decode(bytes, 0, bytes.length));
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

  /** The arguments of the next message. */
  String arguments() {
    return "[" + id + "," + ++number + "]";
  }

  /** As {@code ClientTransport} takes what comes. */
  private void arrives(WampMessage message) {
    if (unread.isEmpty() && watch.mayRead()) {
      process(message);
      return;
    }
    if (unread.isEmpty()) {
      watch.whenAwake(this::readOn);
    }
    unread.add(message);
  }

  private void readOn() {
    List<WampMessage> messages = List.copyOf(unread);
    unread.clear();
    messages.forEach(this::process);
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

  private void treated(WampMessage message) {
    if (message instanceof WampMessage.Request request) {
      requests.put(request.request(), message);
    }
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
      Asked asked =
          new Asked(
              number(call.payload()),
              offering(offer -> offer.fits(call.procedure())),
              offering(new Actor.Offer(MatchPolicy.EXACT, call.procedure())::equals),
              cluster.isCalm(life),
              cluster.stamp());
      calls.put(call.request(), asked);
    } else if (message instanceof Yield yield && !yield.options().is(Keys.PROGRESS)) {
      tasks.remove(yield.request());
    } else if (message instanceof ErrorMessage error) {
      tasks.remove(error.request());
    }
  }

  private void expect(Publish publish, VirtualLife from) {
    subscriptions.forEach(
        (subscription, promise) -> {
          if (promise.offer().fits(publish.topic())
              && cluster.reaches(from, life, promise.since())) {
            due.put(
                new Due(subscription, sender(publish.payload()), number(publish.payload())),
                from.id);
          }
        });
  }

  private Set<ClusterClient> offering(Predicate<Actor.Offer> fits) {
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
    for (Asked call : calls.values()) {
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
  public Delivery send(SharedMessage message) {
    return send(message.message());
  }

  @Override
  public Delivery send(WampMessage message) {
    assertThat(session.ended()).as("%s sent after the end of %s", message, this).isFalse();
    cluster.tell("{} hears {}", this, message);
    conduct.hears(message);
    hears(message);
    return Delivery.SENT;
  }

  @Override
  public void hold() {
    holds++;
  }

  @Override
  public void release() {
    holds--;
  }

  private void hears(WampMessage message) {
    if (message instanceof Subscribed subscribed) {
      Subscribe asked = (Subscribe) Objects.requireNonNull(requests.get(subscribed.request()));
      subscriptions.putIfAbsent(
          subscribed.subscription(), promise(asked.options().get(Keys.MATCH), asked.topic()));
    } else if (message instanceof Registered registered) {
      Register asked = (Register) Objects.requireNonNull(requests.get(registered.request()));
      registrations.put(
          registered.registration(), promise(asked.options().get(Keys.MATCH), asked.procedure()));
    } else if (message instanceof Event event) {
      due.remove(new Due(event.subscription(), sender(event.payload()), number(event.payload())));
      inOrder(event.payload());
    } else if (message instanceof Invocation invocation) {
      hears(invocation);
    } else if (message instanceof Result result) {
      hears(result);
    } else if (message instanceof ErrorMessage error && error.requestType() == MessageCode.CALL) {
      failed(error);
    }
  }

  private Promise promise(@Nullable String match, String uri) {
    return new Promise(
        new Actor.Offer(MatchPolicy.of(match == null ? "exact" : match), uri), cluster.stamp());
  }

  private void hears(Invocation invocation) {
    boolean progressive = invocation.details().is(Keys.RECEIVE_PROGRESS);
    tasks.put(
        invocation.request(), new Task(invocation.request(), progressive, invocation.payload()));
    if (!mayBeLate(invocation.payload())) {
      inOrder(invocation.payload());
    }
  }

  /** Another callee may have turned the call away before: such a call may come late (O1). */
  private boolean mayBeLate(Payload payload) {
    return cluster.clients.stream()
        .filter(caller -> caller.id == sender(payload))
        .flatMap(caller -> caller.session.calls.values().stream())
        .filter(call -> number(call.message.payload()) == number(payload))
        .noneMatch(call -> call.refusals() == 0);
  }

  private void inOrder(Payload payload) {
    long last = lastHeard.getOrDefault(sender(payload), 0L);
    assertThat(number(payload))
        .as("%s hears %s in order (O1)", this, sender(payload))
        .isGreaterThanOrEqualTo(last);
    lastHeard.put(sender(payload), number(payload));
  }

  /** A result repeats the arguments of its call and adds 1, 2, 3 for its parts. */
  private void hears(Result result) {
    Asked call = Objects.requireNonNull(calls.get(result.request()));
    assertThat(sender(result.payload())).isEqualTo(id);
    assertThat(number(result.payload())).isEqualTo(call.number());
    long part = (Long) Objects.requireNonNull(result.payload().args().get(2));
    assertThat(part).isEqualTo(partsHeard.merge(result.request(), 1L, Long::sum));
    if (!result.details().is(Keys.PROGRESS)) {
      calls.remove(result.request());
      cluster.totals.answers++;
    }
  }

  private void failed(ErrorMessage error) {
    Asked call = Objects.requireNonNull(calls.remove(error.request()));
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
        .isIn(WampUri.NO_SUCH_PROCEDURE, WampUri.CANCELED, WampUri.TIMEOUT, "com.error");
    if (error.error().equals(WampUri.NO_SUCH_PROCEDURE)) {
      assertThat(call.offering()).as("callees that a call of %s missed (V1)", this).isEmpty();
    }
  }

  /** The text of an answer, or of a part of one. */
  String answer(Task task, boolean isFinal) {
    return "[70,"
        + task.request()
        + ",{'progress':"
        + !isFinal
        + "},["
        + sender(task.payload())
        + ","
        + number(task.payload())
        + ","
        + partsSaid.merge(task.request(), 1L, Long::sum)
        + "]]";
  }

  /** At rest nothing is owed to it. */
  void checkAtRest() {
    assertThat(due).as("events that %s missed (V1)", this).isEmpty();
    assertThat(conduct.unanswered).as("unanswered requests of %s (A1)", this).isEmpty();
    assertThat(holds).as("holds of %s", this).isZero();
  }

  private static long sender(Payload payload) {
    return (Long) Objects.requireNonNull(payload.args().get(0));
  }

  private static long number(Payload payload) {
    return (Long) Objects.requireNonNull(payload.args().get(1));
  }

  @Override
  public String toString() {
    return "client " + id + " on lane " + lane.number() + " of " + life;
  }
}
