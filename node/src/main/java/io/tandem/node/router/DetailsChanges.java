package io.tandem.node.router;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Principal;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Resource;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes what the sessions of one lane and realm are known as. What a session asks for next is
 * judged by its new role, and what it holds is judged anew. Belongs to the lane.
 */
public final class DetailsChanges {

  /** Of what a session holds, so much is judged in one turn of the lane. */
  private static final int AT_ONCE = 100;

  /** What has come of a change. */
  public enum Outcome {
    CHANGED,
    /** The session is none of a client's here. */
    NOT_HERE,
    /** The realm has no such role. */
    NO_SUCH_ROLE,
    /** More would be said of the session than may be. */
    TOO_MUCH,
    /** It holds; but not every node may know, or what it leaves goes by what it was before. */
    CHANGED_IN_PART
  }

  private final LaneContext lane;
  private final LiveSettings settings;
  private final Function<Long, @Nullable Session> sessions;
  private final SessionCount count;
  private final Admission admission;
  private final Testaments testaments;
  private final Revocations revocations;

  /**
   * @param sessions finds a session of this lane and realm by its ID
   */
  DetailsChanges(
      LaneContext lane,
      LiveSettings settings,
      Function<Long, @Nullable Session> sessions,
      SessionCount count,
      Admission admission,
      Testaments testaments,
      Revocations revocations) {
    this.lane = lane;
    this.settings = settings;
    this.sessions = sessions;
    this.count = count;
    this.admission = admission;
    this.testaments = testaments;
    this.revocations = revocations;
  }

  /**
   * Makes the change. Completes, on the lane, when every node finds it, and what the session may
   * not have any more is taken from it; fails when the session ends before.
   *
   * @param made is told what the session was and is, as soon as the change holds
   */
  public CompletionStage<Outcome> make(
      long id, DetailsChange change, BiConsumer<Principal, Principal> made) {
    Session session = sessions.apply(id);
    if (session == null || session.isOfRouter()) {
      return CompletableFuture.completedFuture(Outcome.NOT_HERE);
    }
    String role = change.authrole();
    if (role != null && !settings.now().authentication().hasRole(role)) {
      return CompletableFuture.completedFuture(Outcome.NO_SUCH_ROLE);
    }
    Map<String, String> more = change.applied(session.more);
    if (more == null) {
      return CompletableFuture.completedFuture(Outcome.TOO_MUCH);
    }
    Principal before = session.principal();
    Principal after = role == null ? before : before.in(role);
    session.become(after, more);
    count.move(before.authrole(), after.authrole());
    session.limit(settings.now().limits(after.authrole()));
    made.accept(before, after);
    CompletableFuture<Outcome> left =
        testaments
            .inherit(session)
            .thenApply(refused -> refused == null ? Outcome.CHANGED : Outcome.CHANGED_IN_PART)
            .toCompletableFuture();
    CompletableFuture<?> found =
        lane.router().sessions().change(session.details()).toCompletableFuture();
    return CompletableFuture.allOf(left, found, judge(session))
        .thenApplyAsync(done -> left.join(), lane.executor());
  }

  /** Something that the session holds, and what takes it away. */
  private record Held(Action action, Resource resource, Runnable revoking) {}

  /** Takes from the session what it would not get now. */
  private CompletableFuture<?> judge(Session session) {
    Stream<Held> subscriptions =
        session.subscriptions.values().stream()
            .map(
                it ->
                    new Held(
                        Action.SUBSCRIBE,
                        it.resource,
                        () ->
                            revocations.subscription(
                                session.id(), it.id(), WampUri.NOT_AUTHORIZED)));
    Stream<Held> registrations =
        session.registrations.values().stream()
            .map(
                it ->
                    new Held(
                        Action.REGISTER,
                        it.resource(),
                        () ->
                            revocations.registration(
                                session.id(), it.id(), WampUri.NOT_AUTHORIZED)));
    CompletableFuture<@Nullable Void> judged = new CompletableFuture<>();
    next(session, Stream.concat(subscriptions, registrations).toList().iterator(), judged);
    return judged;
  }

  private void next(
      Session session, Iterator<Held> rest, CompletableFuture<@Nullable Void> judged) {
    for (int i = 0; i < AT_ONCE && rest.hasNext() && !session.ended(); i++) {
      Held held = rest.next();
      CompletableFuture<Boolean> allowed =
          admission
              .allows(session, held.action(), held.resource().uri(), held.resource().match())
              .toCompletableFuture();
      if (!allowed.isDone()) {
        allowed.whenComplete(
            (isAllowed, failure) -> {
              take(held, Boolean.TRUE.equals(isAllowed));
              next(session, rest, judged);
            });
        return;
      }
      take(held, allowed.join());
    }
    if (rest.hasNext() && !session.ended()) {
      lane.execute(() -> next(session, rest, judged));
    } else {
      judged.complete(null);
    }
  }

  private static void take(Held held, boolean isAllowed) {
    if (!isAllowed) {
      held.revoking().run();
    }
  }
}
