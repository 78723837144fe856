package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.WampUri;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** A client of a {@link SimulationTest} that keeps books about what it must receive. */
final class Actor extends Bookkeeper {

  /** Who offered the procedure from the CALL on, and so could have taken it. */
  record Asked(long number, Set<Actor> offering) {}

  final TestClient client;
  final Map<Long, Offer> subscriptions = new HashMap<>();
  final Map<Long, Offer> registrations = new HashMap<>();
  final Map<Long, Asked> calls = new HashMap<>();
  final Set<Due> due = new HashSet<>();

  /** Calls that have more to come, though they may be over, by their procedures. */
  final Map<Long, String> unfinished = new HashMap<>();

  private final List<Actor> all;
  private long newestCall;

  Actor(TestClient client, List<Actor> all) {
    super(client.id);
    this.client = client;
    this.all = all;
    client.speaker = this::treated;
    client.listener = this::hears;
  }

  @Override
  Session session() {
    return client.session();
  }

  @Override
  Stream<Session> sessions() {
    return all.stream().map(actor -> actor.client.session());
  }

  // ---- what the router is about to treat ----

  @Override
  void treated(WampMessage message) {
    super.treated(message);
    if (message instanceof Publish publish) {
      all.stream().filter(actor -> actor != this).forEach(actor -> actor.expect(publish));
    } else if (message instanceof Unsubscribe unsubscribe) {
      subscriptions.remove(unsubscribe.subscription());
      due.removeIf(event -> event.subscription() == unsubscribe.subscription());
    } else if (message instanceof Unregister unregister) {
      registrations.remove(unregister.registration());
      withdraw();
    } else if (message instanceof Call call && call.request() > newestCall) {
      newestCall = call.request();
      calls.put(call.request(), new Asked(number(call.payload()), offering(call.procedure())));
    }
  }

  private void expect(Publish publish) {
    subscriptions.forEach(
        (subscription, offer) -> {
          if (offer.fits(publish.topic())) {
            due.add(Due.of(subscription, publish.payload()));
          }
        });
  }

  private Set<Actor> offering(String procedure) {
    Set<Actor> offering = new HashSet<>();
    for (Actor actor : all) {
      if (actor.registrations.values().stream().anyMatch(offer -> offer.fits(procedure))) {
        offering.add(actor);
      }
    }
    return offering;
  }

  /** It offers less than before: calls under way need not find it any more. */
  private void withdraw() {
    all.forEach(actor -> actor.calls.values().forEach(call -> call.offering().remove(this)));
  }

  /** The router is about to end the session. */
  void ends() {
    subscriptions.clear();
    registrations.clear();
    tasks.clear();
    calls.clear();
    unfinished.clear();
    due.clear();
    withdraw();
  }

  // ---- what it hears ----

  @Override
  void hears(WampMessage message) {
    super.hears(message);
    if (message instanceof Subscribed subscribed) {
      subscriptions.put(subscribed.subscription(), asked(subscribed));
    } else if (message instanceof Registered registered) {
      registrations.put(registered.registration(), asked(registered));
    } else if (message instanceof Event event) {
      due.remove(Due.of(event.subscription(), event.payload()));
    } else if (message instanceof Result result) {
      hears(result);
    } else if (message instanceof ErrorMessage error && calls.containsKey(error.request())) {
      failed(error);
    }
  }

  private void hears(Result result) {
    Asked call = Objects.requireNonNull(calls.get(result.request()));
    inParts(result, call.number());
    if (!result.details().is(Keys.PROGRESS)) {
      calls.remove(result.request());
    }
  }

  private void failed(ErrorMessage error) {
    Asked call = Objects.requireNonNull(calls.remove(error.request()));
    assertThat(error.error())
        .isIn(
            WampUri.NO_SUCH_PROCEDURE,
            WampUri.UNAVAILABLE,
            WampUri.CANCELED,
            WampUri.TIMEOUT,
            WampUri.FEATURE_NOT_SUPPORTED,
            "com.error");
    if (error.error().equals(WampUri.NO_SUCH_PROCEDURE)) {
      assertThat(call.offering()).as("callees that the call of %s missed", client).isEmpty();
    }
  }

  @Override
  public String toString() {
    return client.toString();
  }
}
