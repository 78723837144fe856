package io.tandem.node.meta;

import io.tandem.node.auth.Principal;
import io.tandem.node.local.LocalClient;
import io.tandem.node.router.Attendance;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.SharedTurn;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.sessions.SessionDirectory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The session meta API of one realm, for the clients of one lane: answers their questions about the
 * sessions of the whole cluster, and publishes what becomes of the lane's own. Belongs to its lane.
 */
final class SessionMeta implements Attendance {

  private static final String ON_JOIN = "wamp.session.on_join";
  private static final String ON_LEAVE = "wamp.session.on_leave";

  /** What cannot be read where that fails. */
  private static final String SESSIONS = "the sessions of the cluster";

  private static final String COUNT = "session.count";

  private final Lane lane;
  private final String realm;
  private final Realm served;
  private final LocalClient client;
  private final SessionDirectory directory;
  private final SharedTurn<Roll, Roll> rollCall;

  /** Events that are due as soon as the directory is up to date, until they are said. */
  private int due;

  /** Sessions of which it is still to be said that they have joined. */
  private final Map<Long, CompletionStage<?>> joining = new HashMap<>();

  /** Completes when none is; null while nobody waits. */
  private @Nullable CompletableFuture<@Nullable Void> quiet;

  private SessionMeta(
      Lane lane, String realm, LocalClient client, SharedTurn<Roll, Roll> rollCall) {
    this.lane = lane;
    this.realm = realm;
    this.served = Objects.requireNonNull(lane.share(realm));
    this.client = client;
    this.directory = lane.router().sessions();
    this.rollCall = rollCall;
  }

  /**
   * Begins to serve. Any thread; completes, on the lane's, when it does.
   *
   * @param lanes how many the node has
   */
  static CompletionStage<SessionMeta> open(Lane lane, int lanes, String realm, Surveys surveys) {
    Principal router = new Principal(realm, "tandem", "router", "local", "node", null);
    return LocalClient.joinAsRouter(lane, router)
        .thenComposeAsync(
            client ->
                new SessionMeta(lane, realm, client, surveys.sessions())
                    .serve(new Colleagues(lane, client, lanes), surveys),
            lane::execute);
  }

  String realm() {
    return realm;
  }

  private CompletionStage<SessionMeta> serve(Colleagues colleagues, Surveys surveys) {
    SubscriptionMeta subscriptions =
        new SubscriptionMeta(lane, served, client, colleagues, surveys.subscriptions());
    RegistrationMeta registrations =
        new RegistrationMeta(lane, served, client, surveys.registrations());
    served.watchers().ofSessions(this);
    served.watchers().ofRegistry(subscriptions.news(), registrations.news());
    served.inquire(client::call);
    return CompletableFuture.allOf(
            Stream.of(
                    Stream.of(
                        colleagues.open(),
                        subscriptions.open(),
                        registrations.open(),
                        new Removals(lane, served, client, colleagues)
                            .serve(subscriptions, registrations),
                        new HistoryMeta(lane, served, client, subscriptions).open(),
                        colleagues.offer(COUNT, this::countHere),
                        client.register(
                            "wamp.session.count", Options.EMPTY, call -> count(call, colleagues)),
                        client.register("wamp.session.list", Options.EMPTY, this::list),
                        client.register("wamp.session.get", Options.EMPTY, this::get)),
                    new SessionKills(lane, served, client, colleagues).serve(),
                    new ModifiedDetails(lane, served, client, colleagues).serve(),
                    new TestamentMeta(served, client).serve(),
                    new RetainedMeta(lane, served, client).serve())
                .flatMap(procedures -> procedures)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(registered -> this);
  }

  /** Ends when all is said. Any thread; completes, on any, when it has ended. */
  CompletionStage<?> close() {
    CompletableFuture<@Nullable Void> said = new CompletableFuture<>();
    lane.execute(
        () -> {
          quiet = said;
          noteQuiet();
        });
    return said.thenComposeAsync(done -> client.leave(), lane::execute);
  }

  private void noteQuiet() {
    if (due == 0 && quiet != null) {
      quiet.complete(null);
    }
  }

  // ---- procedures ----

  /** Each node counts its own as they come and go, so nothing is read, many as they may be. */
  private static CompletionStage<Payload> count(Invocation call, Colleagues colleagues) {
    Set<String> roles = roles(call);
    return colleagues
        .askNodes(COUNT, roles == null ? List.of() : List.of(List.copyOf(roles)))
        .thenApply(answers -> Results.of(answers.sum()));
  }

  private CompletionStage<Payload> countHere(Invocation call) {
    return CompletableFuture.completedFuture(
        Results.of(lane.router().count(realm).count(roles(call))));
  }

  /** Those asked for; null stands for all (META-SES-03). */
  private static @Nullable Set<String> roles(Invocation call) {
    return Arguments.of(call.payload()).strings(0, "role");
  }

  private CompletionStage<Payload> list(Invocation call) {
    Set<String> roles = roles(call);
    // The answer is made, long as it may be, on the thread that has read the directory.
    return Results.readable(rollCall.ask(), SESSIONS).thenApply(roll -> roll.list(realm, roles));
  }

  private CompletionStage<Payload> get(Invocation call) {
    long id = Arguments.of(call.payload()).id(0, "session");
    return Results.readable(directory.find(id), SESSIONS)
        .thenApply(found -> Results.of(details(Results.session(found, realm, id))));
  }

  // ---- events ----

  @Override
  public CompletionStage<?> joined(SessionDetails session, CompletionStage<?> entered) {
    if (!served.settings().metaEvents()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletionStage<?> said =
        when(entered, () -> client.publish(ON_JOIN, Options.EMPTY, Results.of(details(session))));
    joining.put(session.session(), said);
    said.thenRunAsync(() -> joining.remove(session.session(), said), lane::execute);
    return said;
  }

  @Override
  public void left(SessionDetails session, CompletionStage<?> removed) {
    if (!served.settings().metaEvents()) {
      return;
    }
    CompletionStage<?> join = joining.remove(session.session());
    // Never before it is said that the session has joined.
    when(join == null ? removed : join.thenCompose(said -> removed), () -> leaves(session));
  }

  @Override
  public CompletionStage<?> freed(SessionDetails session) {
    return served.settings().metaEvents()
        ? leaves(session)
        : CompletableFuture.completedFuture(null);
  }

  private CompletionStage<?> leaves(SessionDetails session) {
    return client.publish(
        ON_LEAVE,
        Options.EMPTY,
        Results.of(session.session(), session.authid(), session.authrole()));
  }

  /**
   * Says it, on the lane, when the directory knows. Of a life that is over nobody hears any more:
   * the others have said for it that its sessions left.
   */
  private CompletionStage<?> when(CompletionStage<?> known, Supplier<CompletionStage<?>> event) {
    due++;
    CompletableFuture<@Nullable Void> said = new CompletableFuture<>();
    known.whenComplete(
        (done, failure) ->
            lane.execute(
                () -> {
                  if (failure == null && !lane.router().hasExpired()) {
                    event.get().whenComplete((taken, refused) -> said.complete(null));
                  } else {
                    said.complete(null);
                  }
                }));
    return said.thenRunAsync(
        () -> {
          due--;
          noteQuiet();
        },
        lane::execute);
  }

  /** As META-SES-01 has it. */
  private static Map<String, Object> details(SessionDetails session) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("session", session.session());
    details.put("authid", session.authid());
    details.put("authrole", session.authrole());
    details.put("authmethod", session.authmethod());
    details.put("authprovider", session.authprovider());
    if (!session.transport().isEmpty()) {
      details.put("transport", session.transport());
    }
    details.putAll(session.more());
    return details;
  }
}
