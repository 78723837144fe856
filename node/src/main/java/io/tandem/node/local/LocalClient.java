package io.tandem.node.local;

import io.tandem.node.auth.Principal;
import io.tandem.node.router.ClientFeatures;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.node.router.RouterMetrics;
import io.tandem.node.router.Session;
import io.tandem.node.router.Verdict;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session without a transport: code of the node that subscribes, publishes, registers, calls and
 * is called. To admission, broker and dealer it is a session like any other: the same rights, the
 * same limits, the same order, and it waits where a client would be held.
 *
 * <p>Belongs to its lane: everything but {@link #join} is called on the lane's thread, in a turn of
 * its own, and there all stages complete and all handlers run. Stages fail with {@link WampFailure}
 * where the router answers with ERROR.
 */
public final class LocalClient {

  private static final Logger LOG = LoggerFactory.getLogger(LocalClient.class);

  /** Requests that wait while the client is held; further ones fail with {@code unavailable}. */
  static final int MOST_WAITING = 16_384;

  /** What callee libraries say when a procedure fails and has no error of its own. */
  private static final String RUNTIME_ERROR = "wamp.error.runtime_error";

  private static final ClientFeatures FEATURES = new ClientFeatures(false, false, false);

  /** Serves calls. */
  public interface Procedure {
    /**
     * The result; fails with {@link WampFailure} for an ERROR of its own choice. May complete on
     * any thread.
     */
    CompletionStage<Payload> call(Invocation invocation);
  }

  private final Lane lane;
  private final Realm realm;
  private final Session session;
  private final Inbox inbox;

  /** What it has said while it was held. */
  private final Queue<Unsaid> waiting = new ArrayDeque<>();

  /** A message that waits, and who waits for its answer. */
  private record Unsaid(Runnable message, @Nullable CompletableFuture<?> answer) {}

  /** What has no answer yet, by request ID. */
  private final Map<Long, CompletableFuture<Object>> requests = new HashMap<>();

  private final Map<Long, Consumer<? super Event>> subscriptions = new HashMap<>();
  private final Map<Long, Procedure> registrations = new HashMap<>();
  private long lastRequest;
  private boolean left;

  private LocalClient(Lane lane, Realm realm, long id, Principal principal, boolean asRouter) {
    this.lane = lane;
    this.realm = realm;
    this.inbox = new Inbox(lane::execute, this::received, this::goOn);
    this.session =
        asRouter
            ? Session.ofRouter(id, principal, FEATURES, inbox, realm.accountOfRouter())
            : new Session(id, principal, FEATURES, inbox, realm.account());
    session.whenExpelled(goodbye -> leave());
    realm.join(session);
  }

  /**
   * Joins the principal's realm, as one of its sessions. Any thread; completes on the lane's.
   *
   * @throws IllegalArgumentException when the node does not serve the realm
   */
  public static CompletionStage<LocalClient> join(Lane lane, Principal principal) {
    return join(lane, lane.realm(principal.realm()), principal, false);
  }

  /**
   * Joins the principal's realm for the router itself: it may serve and publish under {@code
   * wamp.}, is hidden from those who look at the realm's sessions (META-05), and may join before
   * the realm is open.
   *
   * @throws IllegalArgumentException when the node does not serve the realm
   */
  public static CompletionStage<LocalClient> joinAsRouter(Lane lane, Principal principal) {
    return join(lane, lane.share(principal.realm()), principal, true);
  }

  private static CompletionStage<LocalClient> join(
      Lane lane, @Nullable Realm realm, Principal principal, boolean asRouter) {
    if (realm == null) {
      throw new IllegalArgumentException("this node does not serve " + principal.realm());
    }
    return lane.router()
        .sessionIds()
        .claim()
        .thenApplyAsync(id -> new LocalClient(lane, realm, id, principal, asRouter), lane::execute);
  }

  /** The session's ID. */
  public long session() {
    return session.id();
  }

  // ---- what it says ----

  /**
   * Subscribes; the handler gets the events, in order. Completes with the subscription ID. Of two
   * handlers for one subscription the later one gets them.
   */
  public CompletionStage<Long> subscribe(
      String topic, Options options, Consumer<? super Event> handler) {
    return this.<Long>ask(request -> new Subscribe(request, options, topic))
        .thenApply(
            subscription -> {
              subscriptions.put(subscription, handler);
              return subscription;
            });
  }

  /** Gives a subscription back; its handler gets nothing more. */
  public CompletionStage<@Nullable Void> unsubscribe(long subscription) {
    subscriptions.remove(subscription);
    return ask(request -> new Unsubscribe(request, subscription)).thenAccept(done -> {});
  }

  /**
   * Publishes. Completes when the router has taken it, and with {@code acknowledge} when it has
   * said so or refused.
   */
  public CompletionStage<@Nullable Void> publish(String topic, Options options, Payload payload) {
    if (options.is(Keys.ACKNOWLEDGE)) {
      return ask(request -> new Publish(request, options, topic, payload)).thenAccept(done -> {});
    }
    CompletableFuture<@Nullable Void> taken = new CompletableFuture<>();
    request(
        taken,
        () -> {
          say(new Publish(++lastRequest, options, topic, payload));
          taken.complete(null);
        });
    if (taken.isCompletedExceptionally()) {
      lane.router().metrics().drops(RouterMetrics.Drop.PUBLICATION_REFUSED).increment();
    }
    return taken;
  }

  /** Offers a procedure. Completes with the registration ID. */
  public CompletionStage<Long> register(String uri, Options options, Procedure procedure) {
    return this.<Long>ask(request -> new Register(request, options, uri))
        .thenApply(
            registration -> {
              registrations.put(registration, procedure);
              return registration;
            });
  }

  /** Gives a registration back; until that is done it may still be called. */
  public CompletionStage<@Nullable Void> unregister(long registration) {
    return ask(request -> new Unregister(request, registration))
        .thenAccept(done -> registrations.remove(registration));
  }

  /** Calls a procedure; completes with its result. Without {@code timeout} it waits for ever. */
  public CompletionStage<Payload> call(String procedure, Options options, Payload payload) {
    return ask(
        request -> new Call(request, options.without(Keys.RECEIVE_PROGRESS), procedure, payload));
  }

  /** Ends the session. Completes, on any thread, when what it held is withdrawn. */
  public CompletionStage<?> leave() {
    CompletionStage<?> withdrawn = realm.leave(session);
    if (!left) {
      left = true;
      inbox.close();
      List<Unsaid> unsaid = List.copyOf(waiting);
      waiting.clear();
      WampFailure over = new WampFailure(WampUri.CLOSE_NORMAL, Payload.EMPTY);
      unsaid.stream()
          .map(Unsaid::answer)
          .filter(Objects::nonNull)
          .forEach(answer -> answer.completeExceptionally(over));
      List.copyOf(requests.values()).forEach(answer -> answer.completeExceptionally(over));
      requests.clear();
    }
    return withdrawn;
  }

  @SuppressWarnings("unchecked") // what each kind of request is answered with is known where asked
  private <T> CompletableFuture<T> ask(LongFunction<WampMessage.FromClient> request) {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    request(
        answer,
        () -> {
          long id = ++lastRequest;
          requests.put(id, answer);
          say(request.apply(id));
        });
    return (CompletableFuture<T>) (CompletableFuture<?>) answer;
  }

  /** A request goes out now, or when the client is held no more. */
  private void request(CompletableFuture<?> answer, Runnable request) {
    if (left) {
      answer.completeExceptionally(new WampFailure(WampUri.CLOSE_NORMAL, Payload.EMPTY));
    } else if (waiting.size() >= MOST_WAITING) {
      answer.completeExceptionally(
          new WampFailure(WampUri.UNAVAILABLE, "too many requests of this node's own wait"));
    } else {
      queue(request, answer);
    }
  }

  private void queue(Runnable message, @Nullable CompletableFuture<?> answer) {
    if (inbox.isHeld() || !waiting.isEmpty()) {
      waiting.add(new Unsaid(message, answer));
    } else {
      message.run();
    }
  }

  private void goOn() {
    while (!inbox.isHeld() && !waiting.isEmpty()) {
      Unsaid next = waiting.remove();
      try {
        next.message().run();
      } catch (RuntimeException defect) { // of this request, not of those behind it
        LOG.error("A request of this node's own failed", defect);
        if (next.answer() != null) {
          next.answer().completeExceptionally(defect);
        }
      }
    }
  }

  private void say(WampMessage.FromClient message) {
    try {
      CompletableFuture<Verdict.Final> verdict = realm.receive(session, message);
      if (verdict != null) {
        // What it says behind it waits, as for any session (ORD-08).
        inbox.hold();
        verdict.whenComplete((known, ended) -> decided(message, known));
      }
    } catch (ProtocolViolation violation) {
      throw new IllegalStateException("a client of this node's own", violation);
    }
  }

  private void decided(WampMessage.FromClient message, Verdict.@Nullable Final verdict) {
    try {
      if (verdict != null && !left) {
        realm.treat(session, message, verdict);
      }
    } catch (ProtocolViolation violation) {
      throw new IllegalStateException("a client of this node's own", violation);
    } finally {
      inbox.release();
    }
  }

  // ---- what it hears ----

  private void received(WampMessage message) {
    if (message instanceof Event event) {
      Consumer<? super Event> handler = subscriptions.get(event.subscription());
      if (handler != null) {
        handler.accept(event);
      }
    } else if (message instanceof Invocation invocation) {
      invoked(invocation);
    } else if (message instanceof Result result) {
      answer(result.request(), result.payload());
    } else if (message instanceof Subscribed subscribed) {
      answer(subscribed.request(), subscribed.subscription());
    } else if (message instanceof Unsubscribed unsubscribed) {
      answer(unsubscribed.request(), unsubscribed.request());
    } else if (message instanceof Published published) {
      answer(published.request(), published.publication());
    } else if (message instanceof Registered registered) {
      answer(registered.request(), registered.registration());
    } else if (message instanceof Unregistered unregistered) {
      answer(unregistered.request(), unregistered.request());
    } else if (message instanceof ErrorMessage error) {
      CompletableFuture<Object> request = requests.remove(error.request());
      if (request != null) {
        request.completeExceptionally(new WampFailure(error.error(), error.payload()));
      }
    } else {
      throw new IllegalStateException(message.code() + " was not asked for");
    }
  }

  private void answer(long request, Object outcome) {
    CompletableFuture<Object> answer = requests.remove(request);
    if (answer != null) {
      answer.complete(outcome);
    }
  }

  private void invoked(Invocation invocation) {
    Procedure procedure = Objects.requireNonNull(registrations.get(invocation.registration()));
    CompletionStage<Payload> result;
    try {
      result = procedure.call(invocation);
    } catch (RuntimeException failure) {
      result = CompletableFuture.failedFuture(failure);
    }
    result.whenComplete(
        (payload, failure) -> lane.execute(() -> answer(invocation, payload, failure)));
  }

  /** Always goes out: there are no more of these than invocations. */
  private void answer(
      Invocation invocation, @Nullable Payload payload, @Nullable Throwable failure) {
    if (left) {
      return;
    }
    if (payload != null) {
      queue(() -> say(new Yield(invocation.request(), Options.EMPTY, payload)), null);
    } else {
      WampFailure error = failureOf(failure);
      queue(
          () ->
              say(
                  new ErrorMessage(
                      MessageCode.INVOCATION,
                      invocation.request(),
                      Options.EMPTY,
                      error.error(),
                      error.payload())),
          null);
    }
  }

  /** What went wrong inside is for the log, not for the caller. */
  private static WampFailure failureOf(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof WampFailure chosen) {
      return chosen;
    }
    LOG.error("A procedure of this node's own failed", cause);
    return new WampFailure(RUNTIME_ERROR, Payload.EMPTY);
  }
}
