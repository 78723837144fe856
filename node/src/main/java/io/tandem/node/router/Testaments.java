package io.tandem.node.router;

import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Scheduler;
import io.tandem.registry.testaments.Testament;
import io.tandem.registry.testaments.Will;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sessions of a lane's share of a realm leave to be published when they end. A testament
 * is judged when it is added, and again when it is published (PS-TEST-09); in between it is kept
 * where it outlives this node. Belongs to its lane.
 */
public final class Testaments {

  private static final Logger LOG = LoggerFactory.getLogger(Testaments.class);

  /** In a cluster: the owner of the record, its backup, and this node. */
  private static final int COPIES = 3;

  /** For so long the end of a session waits for its will. */
  private static final Duration LONGEST_READING = Duration.ofSeconds(2);

  private static final Verdict.Refused ENDED =
      new Verdict.Refused(WampUri.CANCELED, "the session has ended");

  private final LaneContext lane;
  private final LiveSettings settings;
  private final Admission admission;
  private final Broker broker;
  private final Function<Long, @Nullable Session> sessions;
  private final Supplier<Account> accounts;

  /**
   * @param sessions finds a session of this lane and realm by its ID
   * @param accounts for those that keep nothing any more
   */
  Testaments(
      LaneContext lane,
      LiveSettings settings,
      Admission admission,
      Broker broker,
      Function<Long, @Nullable Session> sessions,
      Supplier<Account> accounts) {
    this.lane = lane;
    this.settings = settings;
    this.admission = admission;
    this.broker = broker;
    this.sessions = sessions;
    this.accounts = accounts;
  }

  /**
   * Adds a testament behind the session's others. Completes on the lane: with null when it outlives
   * this node, else with why it was not added.
   */
  public CompletionStage<Verdict.@Nullable Refused> add(long sessionId, Testament testament) {
    Session session = sessions.apply(sessionId);
    if (session == null) {
      return CompletableFuture.completedFuture(ENDED);
    }
    return inTurn(
        session,
        () ->
            judged(session, testament.publish())
                .thenCompose(
                    refused ->
                        refused == null
                            ? keep(session, legacy(session).will.with(testament))
                            : CompletableFuture.completedFuture(refused)));
  }

  /** Takes back what the session has added in this scope; completes as {@link #add} does. */
  public CompletionStage<Verdict.@Nullable Refused> flush(long sessionId, Testament.Scope scope) {
    Session session = sessions.apply(sessionId);
    return session == null || session.legacy == null
        ? CompletableFuture.completedFuture(null)
        : inTurn(session, () -> keep(session, legacy(session).will.without(scope)));
  }

  /**
   * The session is known as somebody else now, and so are its testaments; completes as {@link #add}
   * does.
   */
  CompletionStage<Verdict.@Nullable Refused> inherit(Session session) {
    return session.legacy == null
        ? CompletableFuture.completedFuture(null)
        : inTurn(
            session,
            () -> {
              Will will = legacy(session).will;
              return keep(
                  session,
                  new Will(Legacy.testator(session), will.version() + 1, will.testaments()));
            });
  }

  private static Legacy legacy(Session session) {
    Legacy legacy = session.legacy;
    if (legacy == null) {
      legacy = new Legacy(session);
      session.legacy = legacy;
    }
    return legacy;
  }

  /** Changes of one session's will are made one after the other, in the order asked for. */
  private <T extends @Nullable Object> CompletionStage<T> inTurn(
      Session session, Supplier<CompletionStage<T>> change) {
    Legacy legacy = legacy(session);
    CompletionStage<T> next =
        legacy
            .last
            .handleAsync((done, failure) -> change.get(), lane.executor())
            .thenCompose(changed -> changed);
    legacy.last = next;
    return next;
  }

  private CompletionStage<Verdict.@Nullable Refused> judged(Session session, Publish publish) {
    if (session.ended()) {
      return CompletableFuture.completedFuture(ENDED);
    }
    try {
      session.checkPassthru(ClientRole.PUBLISHER, publish.options());
    } catch (ProtocolViolation violation) {
      return refused(WampUri.INVALID_ARGUMENT, String.valueOf(violation.getMessage()));
    }
    Verdict.Refused excess = PayloadLimit.excess(session, publish);
    if (excess != null) {
      return CompletableFuture.completedFuture(excess);
    }
    Verdict verdict = admission.on(session, publish);
    CompletionStage<Verdict.Final> known =
        verdict instanceof Verdict.Pending pending
            ? pending.verdict()
            : CompletableFuture.completedFuture((Verdict.Final) verdict);
    return known.thenApply(it -> it instanceof Verdict.Refused refused ? refused : null);
  }

  private static CompletionStage<Verdict.@Nullable Refused> refused(String error, String why) {
    return CompletableFuture.completedFuture(new Verdict.Refused(error, why));
  }

  private CompletionStage<Verdict.@Nullable Refused> keep(Session session, Will next) {
    Legacy legacy = legacy(session);
    if (session.ended()) {
      return CompletableFuture.completedFuture(ENDED);
    }
    long octets = Legacy.weight(next);
    long more = copies() * octets - legacy.charged;
    TestamentLimits limits = settings.now().testaments();
    if (more > 0 && (next.testaments().size() > limits.count() || octets > limits.octets())) {
      return refused(
          WampUri.UNAVAILABLE,
          "a session may leave "
              + limits.count()
              + " testaments, of "
              + limits.octets()
              + " octets together");
    }
    if (more > 0 && !session.memory.tryTake(more)) {
      lane.router().metrics().memoryRefusals.increment();
      return refused(WampUri.UNAVAILABLE, RealmSettings.NO_MEMORY);
    }
    return lane.router()
        .wills()
        .keep(next)
        .handleAsync(
            (kept, failure) -> {
              boolean isKept = failure == null && !session.ended();
              long back = isKept ? Math.max(0, -more) : Math.max(0, more);
              if (back > 0) {
                session.memory.give(back);
              }
              if (isKept) {
                legacy.charged += more;
                legacy.will = next;
              } else if (failure != null) {
                // Of two changes of unknown outcome none must look like the other.
                legacy.will = new Will(next.testator(), next.version(), legacy.will.testaments());
                lane.clientLog().outage(LOG, "No testament of session {}", session.id(), failure);
                return new Verdict.Refused(
                    WampUri.NETWORK_FAILURE, "it is not known whether the testament is kept");
              }
              return null;
            },
            lane.executor());
  }

  private int copies() {
    return settings.now().nodes() == 1 ? 1 : COPIES;
  }

  /**
   * The session is over: publishes what it leaves, behind all that it has published itself.
   * Completes on the lane, when that is done or has been waited for, and never with a failure.
   *
   * @param isHeard whether there is anybody to hear it; else it is forgotten
   */
  CompletableFuture<?> leave(Session session, boolean isHeard) {
    Legacy legacy = session.legacy;
    if (legacy == null) {
      return CompletableFuture.completedFuture(null);
    }
    session.memory.give(legacy.charged);
    legacy.charged = 0;
    if (lane.router().hasExpired()) { // others see to it
      return CompletableFuture.completedFuture(null);
    }
    if (!isHeard || session.isSilent() || lane.router().isTheEnd()) {
      inTurn(session, () -> lane.router().wills().take(session.id()));
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<@Nullable Void> read = new CompletableFuture<>();
    Scheduler.Timer limit = lane.scheduler().schedule(LONGEST_READING, () -> read.complete(null));
    CompletableFuture<?> said =
        session.spreading == null ? CompletableFuture.completedFuture(null) : session.spreading;
    said.thenCompose(done -> inTurn(session, () -> lane.router().wills().take(session.id())))
        .whenCompleteAsync(
            (will, failure) -> {
              if (will == null || lane.router().hasExpired()) {
                read.complete(null);
              } else {
                read(will).thenRun(() -> read.complete(null));
              }
            },
            lane.executor());
    return read.whenComplete((done, failure) -> limit.cancel());
  }

  /** Publishes the will of a session that is over; completes, on the lane, when that is done. */
  CompletableFuture<?> read(Will will) {
    return new Reading(lane, admission, broker, accounts.get(), will).begin();
  }
}
