package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.node.auth.Action;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.NodeId;
import io.tandem.registry.sessions.SessionDetails;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A lane's share of a realm: its sessions here, with the broker and the dealer that serve them. */
public final class Realm {

  private final LaneContext lane;
  private final LiveSettings settings;
  private final AuthorizerProcedures procedures;
  private final Admission admission;
  private final Broker broker;
  private final Dealer dealer;
  private final Revocations revocations;
  private final Testaments testaments;
  private final Purse memory;
  private final LongSupplier sessionMemory;
  private final Map<Long, Session> sessions = new HashMap<>();
  private final Places places;
  private final DetailsChanges changes;

  private final Watchers watchers = new Watchers();

  /** Whether sessions may join. */
  private boolean isOpen;

  /** How many of them are clients'; and the same for other threads. */
  private int clients;

  private volatile int sessionCount;

  Realm(LaneContext lane, RealmSettings first) {
    this.lane = lane;
    this.settings = new LiveSettings(first);
    this.procedures = new AuthorizerProcedures(settings, lane.router().metrics());
    this.admission = new Admission(lane, settings, procedures);
    this.broker = new Broker(lane, settings, watchers);
    this.dealer = new Dealer(lane, settings, watchers, sessions::get);
    this.revocations = new Revocations(sessions::get, broker, dealer);
    this.testaments =
        new Testaments(lane, settings, admission, broker, sessions::get, this::accountOfRouter);
    this.sessionMemory = () -> settings.now().sessionMemory();
    this.memory = new Purse(lane.router().memory(first.name()));
    SessionCount count = lane.router().count(first.name());
    this.places = new Places(settings, count);
    this.changes =
        new DetailsChanges(
            lane, settings, sessions::get, count, admission, testaments, revocations);
  }

  public RealmSettings settings() {
    return settings.now();
  }

  public String name() {
    return settings.now().name();
  }

  boolean isOpen() {
    return isOpen;
  }

  void open(boolean open) {
    isOpen = open;
  }

  /** Its sessions are gone for good; what they may still give back goes to the node. */
  void close() {
    isOpen = false;
    memory.close();
  }

  /**
   * Other settings of the same realm hold from now on, and nothing of what authorizer procedures
   * have said.
   */
  void reload(RealmSettings next) {
    settings.swap(next);
    for (Session session : sessions.values()) {
      session.forgetDecisions();
      limit(session);
    }
  }

  private void limit(Session session) {
    if (!session.isOfRouter()) {
      session.limit(settings.now().limits(session.principal().authrole()));
    }
  }

  /**
   * Has a session join that has passed its login, if there is a place for it: the realm has not as
   * many sessions on this node as it may, nor has the role.
   *
   * @param joining {@link #join joins} it, or does not, before it returns
   */
  public boolean admit(String role, Runnable joining) {
    return places.admit(role, joining);
  }

  /** Whether nobody is admitted since the realm is about to close, with nobody in it. */
  public boolean isClosing() {
    return places.isShut();
  }

  /** For what a session is going to make the node keep. */
  public Account account() {
    return new Account(memory, sessionMemory);
  }

  /** For what a session of the router's own does: limits of one session are for clients. */
  public Account accountOfRouter() {
    return new Account(memory, () -> Long.MAX_VALUE);
  }

  /** The session is established; WELCOME is in its outbox already (SES-09). */
  public void join(Session session) {
    sessions.put(session.id(), session);
    if (!session.isOfRouter()) {
      sessionCount = ++clients;
      places.take(session.principal().authrole());
      limit(session);
      lane.router().metrics().sessionsOpened.increment();
      SessionDetails details = session.details();
      lane.router().audit().joined(details);
      CompletionStage<?> entered = lane.router().sessions().enter(details);
      Introduction.await(
          lane,
          session.outbox(),
          watchers.sessions().joined(details, entered).toCompletableFuture());
    }
  }

  /** Who is told what becomes of it. */
  public Watchers watchers() {
    return watchers;
  }

  /** The sessions of clients here that are subscribed to exactly this. */
  public List<Long> subscribers(MatchPolicy match, String uri) {
    return broker.subscribers(match, uri);
  }

  /** Procedures are asked about this lane's clients in this way from now on. */
  public void inquire(Inquiry by) {
    procedures.inquire(by);
  }

  /** How procedures are asked about this lane's clients. */
  public Inquiry inquiry() {
    return procedures.inquiry();
  }

  /** Those of the clients' sessions here that this holds of. */
  public List<Session> sessions(Predicate<? super Session> which) {
    return sessions.values().stream().filter(it -> !it.isOfRouter() && which.test(it)).toList();
  }

  /** Whether a session of this lane may do it, as if it asked for it now. Completes on the lane. */
  public CompletionStage<Boolean> allows(
      long session, Action action, String uri, MatchPolicy match) {
    Session who = sessions.get(session);
    return who == null
        ? CompletableFuture.completedFuture(false)
        : admission.allows(who, action, uri, match);
  }

  /**
   * The session is over: ends its calls, publishes its testaments, then drops what it held (SES-17,
   * SES-18). Completes, on any thread, when that is withdrawn on every node that can be reached.
   */
  public CompletableFuture<?> leave(Session session) {
    if (session.ended()) {
      return CompletableFuture.completedFuture(null);
    }
    session.end();
    session.forgetDecisions();
    sessions.remove(session.id());
    CompletableFuture<?> read = testaments.leave(session, isOpen);
    CompletableFuture<?> dropped = read;
    try {
      if (!read.isDone()) {
        dealer.settle(session);
      }
      dropped = read.isDone() ? drop(session) : read.thenCompose(done -> drop(session));
      return dropped;
    } finally {
      tellLeft(session, dropped.handleAsync((done, failure) -> null, lane.executor()));
    }
  }

  private CompletableFuture<?> drop(Session session) {
    return CompletableFuture.allOf(dealer.leave(session), broker.leave(session));
  }

  private void tellLeft(Session session, CompletableFuture<?> dropped) {
    if (session.isOfRouter()) {
      lane.router().sessions().release(session.id());
    } else {
      sessionCount = --clients;
      places.leave(session.principal().authrole());
      session.outbox().pace(null);
      lane.router().metrics().sessionsClosed.increment();
      lane.router().audit().left(session.details());
      CompletionStage<?> removed = lane.router().sessions().leave(session.id());
      if (!session.isSilent()) {
        watchers.sessions().left(session.details(), dropped.thenCompose(done -> removed));
      }
    }
  }

  /**
   * Treats a request or answer of a session, unless that has to be decided first.
   *
   * @return null when it is treated; else the verdict with which {@link #treat} has to be called,
   *     and nothing that the session says before. It is cancelled when the session ends.
   */
  public @Nullable CompletableFuture<Verdict.Final> receive(
      Session session, WampMessage.FromClient message) throws ProtocolViolation {
    if (message instanceof Call part && dealer.isPart(session, part)) {
      dealer.receivePart(session, part, PayloadLimit.excess(session, part));
      return null;
    }
    checkSequence(session, message);
    check(session, message);
    Verdict.Refused excess = PayloadLimit.excess(session, message);
    if (excess != null) {
      refuse(session, message, excess.error(), excess.why());
      return null;
    }
    Verdict verdict = admission.on(session, message);
    if (verdict instanceof Verdict.Pending pending) {
      session.awaited = pending.verdict();
      session.came = lane.scheduler().nanoTime();
      return pending.verdict();
    }
    dispatch(session, message, (Verdict.Final) verdict);
    return null;
  }

  /** What breaks the protocol, whatever is decided and whatever the payload. */
  private void check(Session session, WampMessage.FromClient message) throws ProtocolViolation {
    if (message instanceof Publish publish) {
      session.checkPassthru(ClientRole.PUBLISHER, publish.options());
    } else if (message instanceof Call call) {
      dealer.check(session, call);
    }
  }

  /** Treats a request of a session that was decided on meanwhile. */
  public void treat(Session session, WampMessage.FromClient message, Verdict.Final verdict)
      throws ProtocolViolation {
    session.awaited = null;
    dispatch(session, message, verdict);
    session.came = null;
  }

  /**
   * @param verdict on a request that needs one, else null
   */
  private void dispatch(
      Session session, WampMessage.FromClient message, Verdict.@Nullable Final verdict)
      throws ProtocolViolation {
    if (message instanceof WampMessage.ToBroker toBroker) {
      broker.receive(session, toBroker, verdict);
    } else if (message instanceof WampMessage.ToDealer toDealer) {
      dealer.receive(session, toDealer, verdict);
    } else if (message instanceof ErrorMessage error) {
      dealer.check(error);
      dealer.failed(session, error);
    } else {
      throw new IllegalArgumentException(message.code() + " is not for a realm");
    }
  }

  /**
   * Treats a request or answer whose payload is beyond the listener's limits: whoever waits for it
   * gets an ERROR, and the session goes on.
   */
  public void refuse(Session session, WampMessage.FromClient message, String why)
      throws ProtocolViolation {
    if (message instanceof Call part && dealer.isPart(session, part)) {
      dealer.receivePart(session, part, new Verdict.Refused(WampUri.INVALID_ARGUMENT, why));
      return;
    }
    checkSequence(session, message);
    check(session, message);
    refuse(session, message, WampUri.INVALID_ARGUMENT, why);
  }

  private void refuse(Session session, WampMessage.FromClient message, String error, String why)
      throws ProtocolViolation {
    if (message instanceof Publish publish) {
      broker.refuse(session, publish, error, why);
    } else if (message instanceof Call call) {
      dealer.refuse(session, call, error, why);
    } else if (message instanceof Yield yield) {
      session.checkPassthru(ClientRole.CALLEE, yield.options());
      dealer.refused(session, yield.request(), !yield.options().is(Keys.PROGRESS), error, why);
    } else if (message instanceof ErrorMessage failed) {
      dealer.check(failed);
      session.checkPassthru(ClientRole.CALLEE, failed.details());
      dealer.refused(session, failed.request(), true, error, why);
    } else {
      throw new IllegalArgumentException(message.code() + " has no payload");
    }
  }

  private void checkSequence(Session session, WampMessage message) throws ProtocolViolation {
    if (message instanceof WampMessage.Request request && !session.isNext(request.request())) {
      lane.router().metrics().requestIdGaps.increment();
      if (settings.now().strictRequestIds()) {
        throw new ProtocolViolation(
            "request ID " + request.request() + " does not follow the one before");
      }
    }
  }

  void receive(Delivery delivery) {
    if (delivery instanceof Delivery.Event event) {
      broker.deliver(event.publication(), event.since());
    } else {
      dealer.receive(delivery);
    }
  }

  void lost(NodeId node) {
    dealer.lost(node);
  }

  /**
   * Withdraws what others can call of a session that is about to leave. What is on its way to it
   * still arrives and is answered. Completes on this lane when all of it is there.
   */
  public CompletableFuture<?> retire(Session session) {
    return dealer.retire(session);
  }

  /** What sessions leave to be published when they end. */
  public Testaments testaments() {
    return testaments;
  }

  /** What takes registrations and subscriptions from sessions of this lane. */
  public Revocations revocations() {
    return revocations;
  }

  /** What changes what sessions of this lane are known as. */
  public DetailsChanges changes() {
    return changes;
  }

  /**
   * Whether the session may be asked to connect elsewhere: nothing is under way, nobody calls it,
   * and it has never left a testament, which would tell others that it is gone.
   */
  public boolean isMovable(Session session) {
    return !session.isBusy() && !session.isCallee() && session.legacy == null;
  }

  /** How many sessions of clients are established here. Any thread. */
  int sessions() {
    return sessionCount;
  }

  int pending() {
    return dealer.pending();
  }
}
