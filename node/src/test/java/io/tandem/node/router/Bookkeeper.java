package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of a simulation that keeps books about what it asked, what it has to answer, and whether
 * what it hears comes in order. Everything it sends carries its session ID and a number that grows;
 * what follows from it carries both as well.
 */
abstract class Bookkeeper {

  /** A topic or procedure under its policy. */
  record Offer(MatchPolicy match, String uri) {
    boolean fits(String called) {
      UriIndex<String> index = new UriIndex<>();
      index.put(match, uri, uri);
      return index.best(called) != null;
    }
  }

  /** An event that a client has a right to. */
  record Due(long subscription, long publisher, long number) {
    static Due of(long subscription, Payload payload) {
      return new Due(subscription, sender(payload), Bookkeeper.number(payload));
    }
  }

  /** An invocation that is not finished. */
  record Task(long request, boolean progressive, Payload payload) {}

  final long id;
  final Map<Long, Task> tasks = new HashMap<>();

  private final Set<Long> invoked = new HashSet<>();
  private final Map<Long, WampMessage> requests = new HashMap<>();
  private final Map<Long, Long> lastHeard = new HashMap<>();
  private final Map<Long, Long> lastInvoked = new HashMap<>();
  private final Map<Long, Long> partsHeard = new HashMap<>();
  private final Map<Long, Long> partsSaid = new HashMap<>();
  private long number;

  /**
   * @param id of its session
   */
  Bookkeeper(long id) {
    this.id = id;
  }

  abstract Session session();

  /** The sessions of all clients. */
  abstract Stream<Session> sessions();

  // ---- what it says ----

  /** The arguments of the next message. */
  final String arguments() {
    return "[" + id + "," + ++number + "]";
  }

  /** The text of an answer, or of a part of one. */
  final String answer(Task task, boolean isFinal) {
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

  final List<Task> openTasks() {
    return new ArrayList<>(tasks.values());
  }

  /** The router is about to treat this. */
  void treated(WampMessage message) {
    if (message instanceof WampMessage.Request request) {
      requests.put(request.request(), message);
    }
    if (message instanceof Yield yield && !yield.options().is(Keys.PROGRESS)) {
      tasks.remove(yield.request());
    } else if (message instanceof ErrorMessage error) {
      tasks.remove(error.request());
    }
  }

  // ---- what it hears ----

  /** The router has sent this. */
  void hears(WampMessage message) {
    if (message instanceof Event event) {
      inOrder(event.payload());
    } else if (message instanceof Invocation invocation) {
      boolean progressive = invocation.details().is(Keys.RECEIVE_PROGRESS);
      if (invoked.add(invocation.request())) { // else it is a further part of the call
        tasks.put(
            invocation.request(),
            new Task(invocation.request(), progressive, invocation.payload()));
      }
      inOrder(lastInvoked, invocation.payload());
      if (!session().callsWait && !hasWaited(invocation.payload())) {
        inOrder(invocation.payload());
      }
    }
  }

  /** Whether the call had to wait for its place among calls: events do not wait for it. */
  private boolean hasWaited(Payload payload) {
    return sessions()
        .filter(session -> session.id() == sender(payload))
        .flatMap(session -> session.calls.values().stream())
        .filter(call -> number(call.message.payload()) == number(payload))
        .noneMatch(call -> !call.waited);
  }

  private void inOrder(Payload payload) {
    inOrder(lastHeard, payload);
  }

  private void inOrder(Map<Long, Long> newest, Payload payload) {
    long last = newest.getOrDefault(sender(payload), 0L);
    assertThat(number(payload))
        .as("%s hears %s in order (O1)", this, sender(payload))
        .isGreaterThanOrEqualTo(last);
    newest.put(sender(payload), number(payload));
  }

  /** A result repeats the arguments of its call and adds 1, 2, 3 for its parts. */
  final void inParts(Result result, long called) {
    assertThat(sender(result.payload())).isEqualTo(id);
    assertThat(number(result.payload())).isEqualTo(called);
    long part = (Long) Objects.requireNonNull(result.payload().args().get(2));
    assertThat(part).isEqualTo(partsHeard.merge(result.request(), 1L, Long::sum));
  }

  /** What it asked for, now that it is told yes. */
  final Offer asked(Subscribed subscribed) {
    Subscribe asked = (Subscribe) request(subscribed.request());
    return offer(asked.options().get(Keys.MATCH), asked.topic());
  }

  final Offer asked(Registered registered) {
    Register asked = (Register) request(registered.request());
    return offer(asked.options().get(Keys.MATCH), asked.procedure());
  }

  private WampMessage request(long request) {
    return Objects.requireNonNull(requests.get(request));
  }

  private static Offer offer(@Nullable String match, String uri) {
    return new Offer(MatchPolicy.of(match == null ? "exact" : match), uri);
  }

  private static long sender(Payload payload) {
    return (Long) Objects.requireNonNull(payload.args().get(0));
  }

  static long number(Payload payload) {
    return (Long) Objects.requireNonNull(payload.args().get(1));
  }
}
