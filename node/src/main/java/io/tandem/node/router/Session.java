package io.tandem.node.router;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.id.Ids;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Scheduler;
import io.tandem.registry.sessions.SessionDetails;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An established session, from WELCOME to its end: who it is, and what it holds. Owned by its lane;
 * broker and dealer keep their books about it here.
 */
public final class Session {

  /** Wishes that may wait for the registry before the client is held. */
  private static final int MAX_ASKED = 256;

  private final long id;
  private Principal principal;

  /** What others have said of it since it joined, by name. */
  Map<String, String> more = Map.of();

  private final ClientFeatures features;
  private final Outbox outbox;
  private final boolean ofRouter;

  /** What the node keeps on its behalf. */
  final Account memory;

  /** What it leaves when it ends; null for nothing. */
  @Nullable Legacy legacy;

  /** Completes when what it has published last has reached all of this lane; null where it has. */
  @Nullable CompletableFuture<?> spreading;

  private boolean ended;

  /** Says GOODBYE and ends it. */
  private Consumer<Goodbye> farewell = goodbye -> {};

  private boolean silent;

  /** Subscriptions that SUBSCRIBED was sent for, by ID, and how much of them it has asked for. */
  final Map<Long, LocalSubscription> subscriptions = new HashMap<>();

  final Holdings subscriptionsHeld = new Holdings("subscriptions");

  /** What {@link Admission} has not decided yet; null when nothing waits for it. */
  @Nullable CompletableFuture<Verdict.Final> awaited;

  /** When the request came that was decided on later and is treated now, on the lane's clock. */
  @Nullable Long came;

  /** Wishes to the registry that have no answer yet, and whether it is held for their number. */
  private int asked;

  private boolean heldForAsking;

  /** Registrations that REGISTERED was sent for, by ID, and how much of them it has asked for. */
  final Map<Long, LocalRegistration> registrations = new HashMap<>();

  final Holdings registrationsHeld = new Holdings("registrations");

  /** REGISTERs without an answer, and when the newest came, in nanoseconds of the lane's clock. */
  int registering;

  long registerAsked;

  /** Registrations that others took over before it was told of them; null for none. */
  @Nullable Set<Long> replacedEarly;

  /** Whether calls for it wait until it is told of a registration. */
  boolean callsWait;

  /** Registrations that it gives back, until others may have them. */
  int withdrawing;

  /**
   * Null until its registrations are withdrawn, since it has left or is about to; completes when
   * others may have what it held, was about to hold, or to give back.
   */
  @Nullable CompletableFuture<?> withdrawn;

  /** Completes when no REGISTER and no UNREGISTER is under way; null while nobody waits. */
  private @Nullable CompletableFuture<?> quiet;

  /** As caller: calls without a final answer, by request ID. */
  final Map<Long, PendingCall> calls = new HashMap<>();

  /** What keeps them in order; null before it matters. */
  @Nullable CallOrder order;

  /** As callee: invocations without a final answer, by request ID. */
  final Map<Long, PendingInvocation> invocations = new HashMap<>();

  /** What its role may have; as much as it likes until it joins, and where the router speaks. */
  private SessionLimits limits = SessionLimits.NONE;

  /** What authorizer procedures have said about it; null while nothing is kept. */
  private @Nullable KeptDecisions decisions;

  /** How many of these are over without the callee knowing. */
  int abandoned;

  /** Request ID of the client's newest request. */
  private long lastRequest;

  /** Request ID of the newest INVOCATION; they grow by one (ID-05). */
  long lastInvocation;

  /** A session of a client. */
  public Session(
      long id, Principal principal, ClientFeatures features, Outbox outbox, Account memory) {
    this(id, principal, features, outbox, memory, false);
  }

  private Session(
      long id,
      Principal principal,
      ClientFeatures features,
      Outbox outbox,
      Account memory,
      boolean ofRouter) {
    this.id = id;
    this.principal = principal;
    this.features = features;
    this.outbox = outbox;
    this.memory = memory;
    this.ofRouter = ofRouter;
  }

  /** A session of the router's own, see {@link #isOfRouter}. */
  public static Session ofRouter(
      long id, Principal principal, ClientFeatures features, Outbox outbox, Account memory) {
    return new Session(id, principal, features, outbox, memory, true);
  }

  public long id() {
    return id;
  }

  public Principal principal() {
    return principal;
  }

  /** It is known as this from now on; what was decided about it holds no more. */
  void become(Principal other, Map<String, String> said) {
    principal = other;
    more = Map.copyOf(said);
    forgetDecisions();
  }

  /**
   * Whether the router itself speaks in it: it serves and publishes under {@code wamp.} (META-03),
   * and is not one of the realm's sessions for anybody who looks (META-05).
   */
  public boolean isOfRouter() {
    return ofRouter;
  }

  /** When the request came that is treated now. */
  long since(Scheduler clock) {
    return came == null ? clock.nanoTime() : came;
  }

  /** Whether it waits for an answer, to whatever it asked, or owes one. */
  public boolean isBusy() {
    return !calls.isEmpty() || asked > 0 || awaited != null || owesAnswers();
  }

  /** Whether somebody waits for its answer to an invocation. */
  public boolean owesAnswers() {
    return invocations.size() > abandoned;
  }

  /** Whether it holds a registration. */
  public boolean isCallee() {
    return !registrations.isEmpty();
  }

  /** What procedures are told of its client that judge what it may do. */
  Map<String, Object> client() {
    return outbox.client();
  }

  /** What others may know of it. */
  SessionDetails details() {
    return new SessionDetails(
        id,
        principal.realm(),
        principal.authid(),
        principal.authrole(),
        principal.authmethod(),
        principal.authprovider(),
        outbox.transport(),
        more);
  }

  /** What an authorizer procedure has said already, or null. */
  @Nullable Decision kept(Action action, String uri, MatchPolicy match) {
    return decisions == null ? null : decisions.get(action, uri, match);
  }

  void keep(Action action, String uri, MatchPolicy match, Decision decision) {
    if (decisions == null) {
      decisions = new KeptDecisions(memory);
    }
    decisions.put(action, uri, match, decision);
  }

  /** What was decided holds no more. */
  void forgetDecisions() {
    if (decisions != null) {
      decisions.clear();
      decisions = null;
    }
  }

  SessionLimits limits() {
    return limits;
  }

  /** These hold from now on: for what it asks for next, not for what it holds. */
  void limit(SessionLimits next) {
    limits = next;
    outbox.pace(next.rate());
  }

  ClientFeatures features() {
    return features;
  }

  Outbox outbox() {
    return outbox;
  }

  public boolean ended() {
    return ended;
  }

  void end() {
    ended = true;
    if (awaited != null) {
      awaited.cancel(false);
    }
  }

  /** It is held until a fan-out of its own comes to its end, and then runs what is returned. */
  Runnable spreads() {
    CompletableFuture<?> spread = new CompletableFuture<>();
    spreading = spread;
    outbox.hold();
    return () -> {
      spreading = null;
      spread.complete(null);
      outbox.release();
    };
  }

  /** Is run, on the lane, when the router wants it to end: says so to the client, and ends it. */
  public void whenExpelled(Consumer<Goodbye> newFarewell) {
    farewell = newFarewell;
  }

  /**
   * The router ends it.
   *
   * @param silently whether nobody else is told, neither by meta events nor by testaments
   */
  public void expel(Goodbye goodbye, boolean silently) {
    if (!ended) {
      silent = silently;
      farewell.accept(goodbye);
    }
  }

  /** Whether nobody else is told that it has ended, and what it held. */
  boolean isSilent() {
    return silent;
  }

  /** It has put a wish to the registry. */
  void asks() {
    asked++;
    if (asked == MAX_ASKED && !heldForAsking) {
      heldForAsking = true;
      outbox.hold();
    }
  }

  /** The registry has answered one of them. */
  void answered() {
    asked--;
    if (asked == MAX_ASKED / 2 && heldForAsking) {
      heldForAsking = false;
      outbox.release();
    }
  }

  /** Whether what it offers is withdrawn, so that it offers nothing any more. */
  boolean isRetired() {
    return withdrawn != null;
  }

  /** Completes, on its lane, when no REGISTER and no UNREGISTER of it is under way. */
  CompletableFuture<?> quiet() {
    CompletableFuture<?> future = new CompletableFuture<>();
    quiet = future;
    noteQuiet();
    return future;
  }

  /** One of them may have been the last. */
  void noteQuiet() {
    if (quiet != null && registering == 0 && withdrawing == 0) {
      quiet.complete(null);
    }
  }

  /**
   * Whether this is the request ID that follows the one before (ID-05, ID-07); takes note of it.
   */
  boolean isNext(long request) {
    boolean isNext = request == (lastRequest == Ids.MAX ? Ids.MIN : lastRequest + 1);
    lastRequest = request;
    return isNext;
  }

  /** Whether its client has made a request with this ID, or a later one (RPC-PCI-08). */
  boolean hasRequested(long request) {
    return request <= lastRequest && !(lastRequest == Ids.MAX && request == Ids.MIN);
  }

  /** A payload in passthru mode may come only from a role that announced the mode (PPT-05). */
  void checkPassthru(ClientRole role, Options options) throws ProtocolViolation {
    if (!understands(role, options)) {
      throw new ProtocolViolation(
          "ppt_scheme: the " + role.wireName() + " did not announce payload_passthru_mode");
    }
  }

  /** Whether this role of the client can take a payload so described (PPT-06, PPT-07). */
  boolean understands(ClientRole role, Options details) {
    return !details.isPassthru() || features.passthru().contains(role);
  }

  CallOrder order() {
    if (order == null) {
      order = new CallOrder();
    }
    return order;
  }

  SendResult send(WampMessage message) {
    return ended ? SendResult.CLOSED : outbox.send(message);
  }

  /** Answers a request with an error of the router's own, explained in Arguments[0] (RPC-09). */
  void refuse(MessageCode requestType, long request, String error, String explanation) {
    Payload payload = Payload.encode(outbox.serializer(), List.of(explanation), Map.of());
    if (fail(requestType, request, error, payload) == SendResult.TOO_LONG) {
      // It may quote a long URI, and the client may take short messages only; it waits all the
      // same.
      fail(requestType, request, error, Payload.EMPTY);
    }
  }

  /** Answers a request with an error of the router's own. */
  SendResult fail(MessageCode requestType, long request, String error, Payload payload) {
    return send(new ErrorMessage(requestType, request, Options.EMPTY, error, payload));
  }

  /** An invocation by its ID; null when it was answered or given up (RPC-12). */
  @Nullable PendingInvocation invocation(long request) throws ProtocolViolation {
    PendingInvocation invocation = invocations.get(request);
    if (invocation == null && request > lastInvocation) {
      throw new ProtocolViolation("no invocation " + request + " was sent to this session");
    }
    return invocation;
  }
}
