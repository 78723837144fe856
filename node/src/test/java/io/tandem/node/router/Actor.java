package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link SimulationTest} that keeps books about what it must receive and in which
 * order. Everything it sends carries its session ID and a number that grows.
 */
final class Actor {

  /** A topic or procedure under its policy. */
  record Offer(MatchPolicy match, String uri) {
    boolean fits(String called) {
      UriIndex<String> index = new UriIndex<>();
      index.put(match, uri, uri);
      return index.best(called) != null;
    }
  }

  /** An event that an actor has a right to. */
  record Due(long subscription, long publisher, long number) {}

  /** An invocation that the actor has not finished. */
  record Task(long request, boolean progressive, Payload payload) {}

  /** Who offered the procedure from the CALL on, and so could have taken it. */
  record Asked(long number, Set<Actor> offering) {}

  final TestClient client;
  final Map<Long, Offer> subscriptions = new HashMap<>();
  final Map<Long, Offer> registrations = new HashMap<>();
  final Map<Long, Task> tasks = new HashMap<>();
  final Map<Long, Asked> calls = new HashMap<>();
  final Set<Due> due = new HashSet<>();

  private final List<Actor> all;
  private final Map<Long, WampMessage> requests = new HashMap<>();
  private final Map<Long, Long> lastHeard = new HashMap<>();
  private final Map<Long, Long> partsHeard = new HashMap<>();
  private final Map<Long, Long> partsSaid = new HashMap<>();
  private long number;

  Actor(TestClient client, List<Actor> all) {
    this.client = client;
    this.all = all;
    client.speaker = this::treated;
    client.listener = this::hears;
  }

  /** The arguments of the next message. */
  String arguments() {
    return "[" + client.id + "," + ++number + "]";
  }

  boolean isAlive() {
    return !client.session().ended();
  }

  // ---- what the router is about to treat ----

  private void treated(WampMessage message) {
    if (message instanceof WampMessage.Request request) {
      requests.put(request.request(), message);
    }
    if (message instanceof Publish publish) {
      all.stream().filter(actor -> actor != this).forEach(actor -> actor.expect(publish));
    } else if (message instanceof Unsubscribe unsubscribe) {
      subscriptions.remove(unsubscribe.subscription());
      due.removeIf(event -> event.subscription() == unsubscribe.subscription());
    } else if (message instanceof Unregister unregister) {
      registrations.remove(unregister.registration());
      withdraw();
    } else if (message instanceof Call call) {
      calls.put(call.request(), new Asked(number(call.payload()), offering(call.procedure())));
    } else if (message instanceof Yield yield && !yield.options().is(Keys.PROGRESS)) {
      tasks.remove(yield.request());
    } else if (message instanceof ErrorMessage error) {
      tasks.remove(error.request());
    }
  }

  private void expect(Publish publish) {
    subscriptions.forEach(
        (id, offer) -> {
          if (offer.fits(publish.topic())) {
            due.add(new Due(id, sender(publish.payload()), number(publish.payload())));
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
    due.clear();
    withdraw();
  }

  // ---- what it hears ----

  private void hears(WampMessage message) {
    if (message instanceof Subscribed subscribed) {
      Subscribe asked = (Subscribe) request(subscribed.request());
      subscriptions.put(
          subscribed.subscription(), offer(asked.options().get(Keys.MATCH), asked.topic()));
    } else if (message instanceof Registered registered) {
      Register asked = (Register) request(registered.request());
      registrations.put(
          registered.registration(), offer(asked.options().get(Keys.MATCH), asked.procedure()));
    } else if (message instanceof Event event) {
      hears(event);
    } else if (message instanceof Invocation invocation) {
      hears(invocation);
    } else if (message instanceof Result result) {
      hears(result);
    } else if (message instanceof ErrorMessage error && calls.containsKey(error.request())) {
      failed(error);
    }
  }

  private WampMessage request(long id) {
    return Objects.requireNonNull(requests.get(id));
  }

  private static Offer offer(@Nullable String match, String uri) {
    return new Offer(MatchPolicy.of(match == null ? "exact" : match), uri);
  }

  private void hears(Event event) {
    due.remove(new Due(event.subscription(), sender(event.payload()), number(event.payload())));
    inOrder(event.payload());
  }

  private void hears(Invocation invocation) {
    boolean progressive = invocation.details().is(Keys.RECEIVE_PROGRESS);
    tasks.put(
        invocation.request(), new Task(invocation.request(), progressive, invocation.payload()));
    if (!mayBeLate(invocation.payload())) {
      inOrder(invocation.payload());
    }
  }

  /** Another callee may have turned the call away before: such a call may come late (O1). */
  private boolean mayBeLate(Payload payload) {
    return all.stream()
        .flatMap(actor -> actor.client.session().calls.values().stream())
        .filter(call -> call.caller.id() == sender(payload))
        .filter(call -> number(call.message.payload()) == number(payload))
        .noneMatch(call -> call.refusals() == 0);
  }

  private void inOrder(Payload payload) {
    long last = lastHeard.getOrDefault(sender(payload), 0L);
    assertThat(number(payload))
        .as("%s hears %s in order", client, sender(payload))
        .isGreaterThanOrEqualTo(last);
    lastHeard.put(sender(payload), number(payload));
  }

  /** A result repeats the arguments of its call and adds 1, 2, 3 for its parts. */
  private void hears(Result result) {
    Asked call = Objects.requireNonNull(calls.get(result.request()));
    assertThat(sender(result.payload())).isEqualTo(client.id);
    assertThat(number(result.payload())).isEqualTo(call.number());
    long newPart = (Long) Objects.requireNonNull(result.payload().args().get(2));
    assertThat(newPart).isEqualTo(partsHeard.merge(result.request(), 1L, Long::sum));
    if (!result.details().is(Keys.PROGRESS)) {
      calls.remove(result.request());
    }
  }

  private void failed(ErrorMessage error) {
    Asked call = Objects.requireNonNull(calls.remove(error.request()));
    assertThat(error.error())
        .isIn(WampUri.NO_SUCH_PROCEDURE, WampUri.CANCELED, WampUri.TIMEOUT, "com.error");
    if (error.error().equals(WampUri.NO_SUCH_PROCEDURE)) {
      assertThat(call.offering()).as("callees that the call of %s missed", client).isEmpty();
    }
  }

  /** The text of an answer, or of a part of one. */
  String answer(Task task, boolean isFinal) {
    return "[70,"
        + task.request()
        + ",{'progress':"
        + !isFinal
        + "},["
        + sender(task.payload())
        + ","
        + number(task.payload())
        + ","
        + partsSaid.merge(task.request(), 1L, Long::sum)
        + "]]";
  }

  List<Task> openTasks() {
    return new ArrayList<>(tasks.values());
  }

  private static long sender(Payload payload) {
    return (Long) Objects.requireNonNull(payload.args().get(0));
  }

  private static long number(Payload payload) {
    return (Long) Objects.requireNonNull(payload.args().get(1));
  }

  @Override
  public String toString() {
    return client.toString();
  }
}
