package io.tandem.node.router;

import io.tandem.cluster.entry.Entry;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.registry.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A lane's share of a realm: its sessions here, with the broker and the dealer that serve them. */
public final class Realm {

  private final Lane lane;
  private final RealmSettings settings;
  private final Broker broker;
  private final Dealer dealer;
  private final Purse memory;
  private final Map<Long, Session> sessions = new HashMap<>();

  Realm(Lane lane, RealmSettings settings) {
    this.lane = lane;
    this.settings = settings;
    this.broker = new Broker(lane, settings);
    this.dealer = new Dealer(lane, this);
    this.memory = new Purse(lane.router().memory(settings.name()));
  }

  public RealmSettings settings() {
    return settings;
  }

  /** For what a session is going to make the node keep. */
  public Account account() {
    return new Account(memory, settings.sessionMemory());
  }

  /** The session is established; WELCOME is in its outbox already (SES-09). */
  public void join(Session session) {
    sessions.put(session.id(), session);
    lane.sessionJoined();
    lane.router().metrics().sessionsOpened.increment();
  }

  /**
   * The session is over: settles its calls, then drops what it held (SES-17, SES-18). Completes, on
   * any thread, when that is withdrawn on every node that can be reached.
   */
  public CompletableFuture<?> leave(Session session) {
    if (session.ended()) {
      return CompletableFuture.completedFuture(null);
    }
    session.end();
    sessions.remove(session.id());
    lane.sessionLeft();
    CompletableFuture<?> withdrawn =
        CompletableFuture.allOf(dealer.leave(session), broker.leave(session));
    lane.router().sessionIds().release(session.id());
    lane.router().metrics().sessionsClosed.increment();
    return withdrawn;
  }

  /** Treats a request or answer of a session. */
  public void receive(Session session, WampMessage.FromClient message) throws ProtocolViolation {
    checkSequence(session, message);
    if (message instanceof WampMessage.ToBroker toBroker) {
      broker.receive(session, toBroker);
    } else if (message instanceof WampMessage.ToDealer toDealer) {
      dealer.receive(session, toDealer);
    } else if (message instanceof ErrorMessage error) {
      check(error);
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
    checkSequence(session, message);
    if (message instanceof Publish publish) {
      session.checkPassthru(ClientRole.PUBLISHER, publish.options());
      broker.refuse(session, publish, why);
    } else if (message instanceof Call call) {
      dealer.refuse(session, call, why);
    } else if (message instanceof Yield yield) {
      session.checkPassthru(ClientRole.CALLEE, yield.options());
      dealer.unreadable(session, yield.request(), !yield.options().is(Keys.PROGRESS), why);
    } else if (message instanceof ErrorMessage error) {
      check(error);
      session.checkPassthru(ClientRole.CALLEE, error.details());
      dealer.unreadable(session, error.request(), true, why);
    } else {
      throw new IllegalArgumentException(message.code() + " has no payload");
    }
  }

  private void checkSequence(Session session, WampMessage message) throws ProtocolViolation {
    if (message instanceof WampMessage.Request request && !session.isNext(request.request())) {
      lane.router().metrics().requestIdGaps.increment();
      if (settings.strictRequestIds()) {
        throw new ProtocolViolation(
            "request ID " + request.request() + " does not follow the one before");
      }
    }
  }

  private void check(ErrorMessage error) throws ProtocolViolation {
    if (error.requestType() != MessageCode.INVOCATION) {
      throw new ProtocolViolation(
          "ERROR for " + error.requestType() + "; a client may fail an INVOCATION only");
    }
    if (!settings.uriRule().isUri(error.error())) {
      throw new ProtocolViolation("ERROR.Error must be a URI");
    }
  }

  void receive(Entry entry) {
    if (entry instanceof Entry.Event event) {
      broker.deliver(event.publication());
    } else {
      dealer.receive(entry);
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

  @Nullable Session session(long id) {
    return sessions.get(id);
  }

  int pending() {
    return dealer.pending();
  }
}
