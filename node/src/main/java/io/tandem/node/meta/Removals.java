package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Scheduler;
import io.tandem.registry.sessions.SessionDetails;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes from sessions of one realm what they have subscribed to, or registered, for those clients
 * of one lane that may: {@code remove_subscriber} and {@code remove_callee}. All lanes of all nodes
 * that can be reached are asked; the one that has the session does it. Belongs to its lane.
 */
final class Removals {

  /** How long a lane waits until the record knows, before it answers that it is done. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);

  private static final Options DISCLOSED = Options.of(Keys.DISCLOSE_CALLER, true);

  /** What a lane answers. */
  private enum Answer {
    REMOVED,
    NOT_HERE,
    /** It is the router's own. */
    PROTECTED
  }

  /** Does it on this lane; false where the session has no such thing here. */
  private interface Revoking {
    boolean revoke(long session, long id, String reason);
  }

  private final Lane lane;
  private final Realm realm;
  private final LocalClient client;
  private final Colleagues colleagues;

  Removals(Lane lane, Realm realm, LocalClient client, Colleagues colleagues) {
    this.lane = lane;
    this.realm = realm;
    this.client = client;
    this.colleagues = colleagues;
  }

  /** Begins to serve; knows by these whether there is one with an ID at all. */
  CompletionStage<?> serve(SubscriptionMeta subscriptions, RegistrationMeta registrations) {
    return RegistryMeta.all(
        offer(subscriptions.meta(), "remove_subscriber", realm.revocations()::subscription),
        offer(registrations.meta(), "remove_callee", realm.revocations()::registration));
  }

  private CompletionStage<?> offer(RegistryMeta<?> meta, String name, Revoking here) {
    return RegistryMeta.all(
        colleagues.offer(name, call -> obey(call, meta.kind(), here)),
        client.register(
            "wamp." + meta.kind() + "." + name, DISCLOSED, call -> remove(call, meta, name)));
  }

  // ---- what clients call ----

  private CompletionStage<Payload> remove(Invocation call, RegistryMeta<?> meta, String name) {
    Arguments args = Arguments.of(call.payload());
    long id = args.id(0, meta.kind());
    long session = args.id(1, "session");
    String reason = args.reason(realm.settings().uriRule(), WampUri.UNREGISTERED);
    List<Object> order =
        List.of(
            id,
            session,
            reason,
            call.details().get(Keys.CALLER, 0L),
            call.details().get(Keys.CALLER_AUTHID, ""));
    return colleagues
        .ask(name, order)
        .thenCompose(
            answers -> {
              if (has(answers, Answer.REMOVED)) {
                return CompletableFuture.completedFuture(Payload.EMPTY);
              } else if (has(answers, Answer.PROTECTED)) {
                throw new WampFailure(WampUri.NOT_AUTHORIZED, "it is the router's own");
              }
              answers.whole();
              return meta.found(args)
                  .thenCompose(found -> lane.router().sessions().find(session))
                  .thenApply(details -> unmet(details, session, id, meta));
            });
  }

  private static boolean has(Colleagues.Answers answers, Answer which) {
    return answers.lanes().stream().anyMatch(lane -> which.name().equals(lane.get(0)));
  }

  private Payload unmet(
      @Nullable SessionDetails details, long session, long id, RegistryMeta<?> meta) {
    Results.session(details, realm.name(), session);
    throw meta.unknown("session " + session + " holds no " + meta.kind() + " " + id);
  }

  // ---- what this lane does ----

  private CompletionStage<Payload> obey(Invocation call, String kind, Revoking here) {
    Arguments order = Arguments.of(call.payload());
    long id = order.id(0, kind);
    long session = order.id(1, "session");
    String reason = order.string(2, "reason");
    if (session == client.session()) {
      return CompletableFuture.completedFuture(Results.of(Answer.PROTECTED.name()));
    } else if (!here.revoke(session, id, reason)) {
      return CompletableFuture.completedFuture(Results.of(Answer.NOT_HERE.name()));
    }
    lane.router()
        .audit()
        .tell(
            "revoked",
            "realm",
            realm.name(),
            "session",
            session,
            kind,
            id,
            "by",
            order.id(3, "session"),
            "byAuthid",
            order.string(4, "authid"),
            "reason",
            reason);
    return whenRecorded();
  }

  /** Whoever is told that it is done finds it done. */
  private CompletionStage<Payload> whenRecorded() {
    CompletableFuture<Payload> answer = new CompletableFuture<>();
    Payload removed = Results.of(Answer.REMOVED.name());
    Scheduler.Timer limit =
        lane.scheduler().schedule(LONGEST_ANSWER, () -> answer.complete(removed));
    lane.router()
        .registry()
        .recorded()
        .whenComplete(
            (done, failure) ->
                lane.execute(
                    () -> {
                      limit.cancel();
                      answer.complete(removed);
                    }));
    return answer;
  }
}
