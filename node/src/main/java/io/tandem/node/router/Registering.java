package io.tandem.node.router;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.record.SharedRecords;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * REGISTER and UNREGISTER of one lane's callees, and what becomes of their registrations when they
 * leave. Belongs to the lane.
 */
final class Registering {

  private static final Logger LOG = LoggerFactory.getLogger(Registering.class);

  private final LaneContext lane;
  private final LiveSettings settings;
  private final RealmRegistry registry;
  private final RouterProcedures ofRouter;
  private final Invocations invocations;
  private final Watchers watchers;

  /**
   * @param invocations is told which calls wait no longer for their callee's REGISTERED
   * @param watchers are told what is registered
   */
  Registering(
      LaneContext lane,
      LiveSettings settings,
      RouterProcedures ofRouter,
      Invocations invocations,
      Watchers watchers) {
    this.lane = lane;
    this.settings = settings;
    this.registry = lane.router().tables().realm(settings.now().name());
    this.ofRouter = ofRouter;
    this.invocations = invocations;
    this.watchers = watchers;
  }

  /** Treats a REGISTER that is admitted. */
  void register(Session session, Register message) {
    Options options = message.options();
    MatchPolicy match = MatchPolicy.of(options.get(Keys.MATCH, "exact"));
    InvocationPolicy policy =
        InvocationPolicy.of(options.get(Keys.EXTENDED_INVOKE, options.get(Keys.INVOKE, "single")));
    String procedure = message.procedure();
    Resource resource = new Resource(settings.now().name(), match, procedure);
    if (WampUri.isReserved(procedure)) {
      ofRouter.offer(session, message, resource);
      return;
    }
    if (options.get(Keys.CONCURRENCY, 1L) < 1) {
      refuse(session, message, WampUri.INVALID_ARGUMENT, "concurrency must be 1 or more");
      return;
    }
    String excess =
        session.registrationsHeld.excess(
            resource, session.limits().maxRegistrations(), settings.now().maxWildcardShapes());
    if (excess == null && !registry.hasRoomForRegistration(match, procedure)) {
      excess = "the realm has too many kinds of wildcard patterns like this one";
    }
    if (excess != null) {
      refuse(session, message, WampUri.NOT_AUTHORIZED, excess);
      return;
    }
    if (settings.now().requiresQuorum()
        && policy == InvocationPolicy.SINGLE
        && !lane.router().hasQuorum()) {
      refuse(
          session,
          message,
          WampUri.NETWORK_FAILURE,
          "most nodes of the cluster cannot be reached, so nobody can tell whether it is taken");
      return;
    }
    if (session.isRetired()) {
      refuseRetired(session, message.request());
      return;
    }
    if (!session.memory.tryTake(upkeep(resource))) {
      lane.router().metrics().memoryRefusals.increment();
      refuse(session, message, WampUri.UNAVAILABLE, RealmSettings.NO_MEMORY);
      return;
    }
    session.registrationsHeld.add(resource);
    session.registering++;
    session.registerAsked = lane.scheduler().nanoTime();
    ask(session, message.request(), resource, policy, options);
  }

  private void ask(
      Session session, long request, Resource resource, InvocationPolicy policy, Options options) {
    session.asks();
    long concurrency = options.get(Keys.CONCURRENCY, 0L);
    Callee callee =
        new Callee(
            lane.address().node(),
            lane.number(),
            session.id(),
            0,
            options.is(Keys.DISCLOSE_CALLER),
            session.features().callTimeout()
                && settings.now().calls().forwards(options.is(Keys.FORWARD_TIMEOUT)),
            options.is(Keys.FORCE_REREGISTER));
    lane.measured(Latency.REGISTER, lane.router().registry().register(resource, policy, callee))
        .whenComplete(
            (outcome, failure) ->
                lane.execute(
                    () ->
                        afterWithdrawals(
                            session,
                            () ->
                                settled(
                                    session,
                                    request,
                                    resource,
                                    callee,
                                    concurrency,
                                    outcome,
                                    failure))));
  }

  /** A session that registers again what it has just given back hears of both in that order. */
  private void afterWithdrawals(Session session, Runnable task) {
    if (session.withdrawing == 0) {
      task.run();
    } else {
      afterLateCalls(task);
    }
  }

  /** Runs the task on this lane when the calls that others had sent by then are in. */
  private void afterLateCalls(Runnable task) {
    lane.router().afterTurns(() -> lane.mailbox().afterwards(task));
  }

  private void settled(
      Session session,
      long request,
      Resource resource,
      Callee callee,
      long concurrency,
      SharedRecords.@Nullable Outcome outcome,
      @Nullable Throwable failure) {
    session.answered();
    session.registering--;
    answer(session, request, resource, callee, concurrency, outcome, failure);
    if (session.registering == 0) {
      session.replacedEarly = null;
    }
    invocations.registered(session);
    session.noteQuiet();
  }

  private void answer(
      Session session,
      long request,
      Resource resource,
      Callee callee,
      long concurrency,
      SharedRecords.@Nullable Outcome outcome,
      @Nullable Throwable failure) {
    if (outcome instanceof SharedRecords.Outcome.Settled settled) {
      LocalRegistration registration =
          new LocalRegistration(
              settled.record().id(),
              resource,
              callee,
              concurrency == 0 ? null : new CallLimit(concurrency),
              false);
      tellRegistered(session, resource, settled);
      if (session.isRetired()) {
        session.withdrawing++;
        withdraw(session, registration)
            .whenComplete((done, failed) -> lane.execute(() -> withdrawn(session)));
        refuseRetired(session, request);
      } else {
        session.registrations.put(registration.id(), registration);
        session.send(new Registered(request, registration.id()));
        if (session.replacedEarly != null && session.replacedEarly.remove(registration.id())) {
          revoke(session, registration.id(), WampUri.UNREGISTERED);
        }
      }
      return;
    }
    session.registrationsHeld.remove(resource);
    session.memory.give(upkeep(resource));
    if (outcome instanceof SharedRecords.Outcome.Refused refused) {
      session.refuse(
          MessageCode.REGISTER, request, WampUri.PROCEDURE_ALREADY_EXISTS, refused.reason());
    } else {
      lane.clientLog().outage(LOG, "No registration for {}", resource, failure);
      session.refuse(
          MessageCode.REGISTER,
          request,
          WampUri.NETWORK_FAILURE,
          "the registration could not be recorded");
    }
  }

  private void tellRegistered(
      Session session, Resource resource, SharedRecords.Outcome.Settled settled) {
    RegistryWatch<RegistrationRecord> watch = watchers.registrations(session);
    if (settled.replaced() != 0) {
      // Its callees, as they hear of it, are told of one by one (RPC-REV-04).
      watch.deleted(0, resource, settled.replaced());
    }
    if (settled.isFirst()) {
      watch.created(session.id(), resource, settled.record());
    }
    watch.joined(session.id(), resource, settled.record().id());
  }

  private void tellUnregistered(Session session, LocalRegistration registration, boolean isGone) {
    RegistryWatch<RegistrationRecord> watch = watchers.registrations(session);
    watch.left(session.id(), registration.resource(), registration.id());
    if (isGone) {
      watch.deleted(session.id(), registration.resource(), registration.id());
    }
  }

  /**
   * Whoever hears UNREGISTERED may register next, and gets no INVOCATION any more (V2). What others
   * have sent before they knew arrives before that: turned away, a call might find that later ones
   * have overtaken it (O1).
   */
  void unregister(Session session, Unregister message) {
    LocalRegistration registration = session.registrations.get(message.registration());
    if (registration == null || registration.isWithdrawn()) {
      session.refuse(
          MessageCode.UNREGISTER,
          message.request(),
          WampUri.NO_SUCH_REGISTRATION,
          "this session holds no registration " + message.registration());
      return;
    }
    giveBack(session, registration, new Unregistered(message.request(), Options.EMPTY));
  }

  /**
   * Takes a registration from a session, which is told where it has announced that it can be
   * (RPC-REV-02, RPC-REV-03). What it was called for it may still answer (RPC-REV-06).
   *
   * @param reason a URI
   * @return false where the session does not hold it
   */
  boolean revoke(Session session, long id, String reason) {
    LocalRegistration registration = session.registrations.get(id);
    if (registration == null || registration.isWithdrawn()) {
      return false;
    }
    Options details = Options.of(Keys.REGISTRATION, id).with(Keys.REASON, reason);
    giveBack(
        session,
        registration,
        session.features().has(ClientFeature.REGISTRATIONS_REVOKED)
            ? new Unregistered(0, details)
            : null);
    return true;
  }

  /**
   * Another session has taken the place of this one. Where it was not told REGISTERED yet, it loses
   * the registration right behind that.
   */
  void replaced(Session session, long id) {
    if (!revoke(session, id, WampUri.UNREGISTERED) && session.registering > 0) {
      if (session.replacedEarly == null) {
        session.replacedEarly = new HashSet<>(2);
      }
      session.replacedEarly.add(id);
    }
  }

  /**
   * @param word for the session when it gets no INVOCATION any more, or null
   */
  private void giveBack(
      Session session, LocalRegistration registration, @Nullable Unregistered word) {
    LocalRegistration withdrawn = registration.withdrawn();
    session.registrations.put(withdrawn.id(), withdrawn);
    session.registrationsHeld.remove(registration.resource());
    session.withdrawing++;
    session.asks();
    withdraw(session, registration)
        .whenComplete(
            (done, failure) ->
                afterLateCalls(
                    () -> {
                      session.answered();
                      session.registrations.remove(withdrawn.id());
                      invocations.unregistered(withdrawn);
                      if (word != null) {
                        session.send(word);
                      }
                      withdrawn(session);
                    }));
  }

  private static void withdrawn(Session session) {
    session.withdrawing--;
    session.noteQuiet();
  }

  /**
   * What the session offers is withdrawn. Completes on this lane when others may register in its
   * place, and what they had sent to it by then, or published on this node, is in.
   */
  CompletableFuture<?> retire(Session session) {
    CompletableFuture<?> arrived = new CompletableFuture<>();
    withdrawAll(session)
        .whenComplete((done, failure) -> afterLateCalls(() -> arrived.complete(null)));
    return arrived;
  }

  /**
   * Completes, on any thread, when others may register in its place, and in that of what it was
   * about to register or to give back.
   */
  CompletableFuture<?> withdrawAll(Session session) {
    CompletableFuture<?> withdrawn = session.withdrawn;
    if (withdrawn == null) {
      Stream<CompletableFuture<?>> held =
          session.registrations.values().stream()
              .filter(registration -> !registration.isWithdrawn())
              .map(registration -> withdraw(session, registration).toCompletableFuture());
      withdrawn =
          CompletableFuture.allOf(
              Stream.concat(held, Stream.of(session.quiet())).toArray(CompletableFuture<?>[]::new));
      session.withdrawn = withdrawn;
    }
    return withdrawn;
  }

  private CompletionStage<?> withdraw(Session session, LocalRegistration registration) {
    if (WampUri.isReserved(registration.resource().uri())) {
      ofRouter.remove(registration.resource());
      return CompletableFuture.completedFuture(null);
    }
    return lane.router()
        .registry()
        .unregister(registration.resource(), registration.id(), registration.callee())
        .whenComplete(
            (isGone, failure) -> {
              // Of a life that is over the others free what it held.
              boolean isLeft = failure != null && !lane.router().hasExpired();
              lane.execute(
                  () -> {
                    session.memory.give(upkeep(registration.resource()));
                    tellUnregistered(session, registration, Boolean.TRUE.equals(isGone));
                    if (isLeft) {
                      lane.clientLog()
                          .outage(
                              LOG, "The record still names a callee of {}", registration, failure);
                    }
                  });
            });
  }

  private long upkeep(Resource resource) {
    return Upkeep.of(resource, settings.now().nodes());
  }

  private static void refuseRetired(Session session, long request) {
    session.refuse(
        MessageCode.REGISTER, request, WampUri.UNAVAILABLE, "this node is on its way out");
  }

  static void refuse(Session session, Register message, String error, String why) {
    session.refuse(MessageCode.REGISTER, message.request(), error, why);
  }
}
