package io.tandem.node.meta;

import io.tandem.node.auth.Principal;
import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.DetailsChange;
import io.tandem.node.router.DetailsChanges.Outcome;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes what sessions of one realm are known as, for those clients of one lane that may: {@code
 * wamp.session.modify_details}, an extension. All lanes of all nodes that can be reached are asked;
 * the one that has the session does it. Belongs to its lane.
 */
final class ModifiedDetails {

  /** What lanes ask each other. */
  private static final String MODIFY = "modify_details";

  private static final Options DISCLOSED = Options.of(Keys.DISCLOSE_CALLER, true);

  private static final String AUTHROLE = "authrole";

  /** Names of an implementation's own (MSG-06). */
  private static final Pattern OWN = Pattern.compile("_[a-z0-9_]{3,63}");

  /** How long a lane waits until all nodes know, before it answers that they do not. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);

  private final Lane lane;
  private final Realm realm;
  private final LocalClient client;
  private final Colleagues colleagues;

  ModifiedDetails(Lane lane, Realm realm, LocalClient client, Colleagues colleagues) {
    this.lane = lane;
    this.realm = realm;
    this.client = client;
    this.colleagues = colleagues;
  }

  /** Begins to serve; each stage completes when a part of it does. */
  Stream<CompletionStage<?>> serve() {
    return Stream.of(
        colleagues.offer(MODIFY, this::obey),
        client.register("wamp.session.modify_details", DISCLOSED, this::modify));
  }

  // ---- what clients call ----

  private CompletionStage<Payload> modify(Invocation call) {
    Arguments args = Arguments.of(call.payload());
    long session = args.id(0, "session");
    DetailsChange change = change(args.dict(1, "details", "what is to be changed"));
    List<@Nullable Object> order =
        Arrays.asList(
            session,
            change.authrole(),
            change.more(),
            call.details().get(Keys.CALLER, 0L),
            call.details().get(Keys.CALLER_AUTHID, ""));
    return colleagues.ask(MODIFY, order).thenCompose(answers -> answer(answers, session));
  }

  /** What another lane has been asked for. */
  private static DetailsChange told(List<@Nullable Object> order) {
    Map<String, String> more = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(order.get(2)))
        .forEach((name, value) -> more.put(String.valueOf(name), String.valueOf(value)));
    return new DetailsChange((String) order.get(1), more);
  }

  /** What is asked for; a name that is no detail to be changed fails the call. */
  private static DetailsChange change(Map<?, ?> details) {
    String authrole = null;
    Map<String, String> more = new LinkedHashMap<>();
    for (Map.Entry<?, ?> each : details.entrySet()) {
      String name = String.valueOf(each.getKey());
      Object value = each.getValue();
      if (name.equals(AUTHROLE) && value instanceof String role) {
        authrole = role;
      } else if (!OWN.matcher(name).matches()) {
        throw Arguments.invalid(
            "what can be changed is authrole, a string, and names of your own such as _team");
      } else if (value == null) {
        more.put(name, "");
      } else if (value instanceof String text
          && !text.isEmpty()
          && text.length() <= SessionDetails.LONGEST_TEXT) {
        more.put(name, text);
      } else {
        throw Arguments.invalid(
            name + " has to be null or a string of 1 to " + SessionDetails.LONGEST_TEXT);
      }
    }
    if (details.isEmpty() || more.size() > SessionDetails.MOST_MORE) {
      throw Arguments.invalid("details has to have 1 to " + SessionDetails.MOST_MORE + " entries");
    }
    return new DetailsChange(authrole, more);
  }

  private CompletionStage<Payload> answer(Colleagues.Answers answers, long session) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.NOT_HERE
          && answers.lanes().stream().anyMatch(lane -> outcome.name().equals(lane.get(0)))) {
        return CompletableFuture.completedFuture(result(outcome));
      }
    }
    return lane.router().sessions().find(session).thenApply(it -> unmet(session, it));
  }

  private static Payload result(Outcome outcome) {
    return switch (outcome) {
      case CHANGED -> Payload.EMPTY;
      case NO_SUCH_ROLE ->
          throw new WampFailure(WampUri.NO_SUCH_ROLE, "the realm has no such role");
      case TOO_MUCH ->
          throw Arguments.invalid(
              "no more than " + SessionDetails.MOST_MORE + " details may be added to a session");
      case NOT_HERE, CHANGED_IN_PART ->
          throw new WampFailure(
              WampUri.NETWORK_FAILURE,
              "the session is changed, but not every node knows, or its testaments are not");
    };
  }

  private Payload unmet(long session, @Nullable SessionDetails details) {
    throw Results.unmet(details, realm.name(), session);
  }

  // ---- what this lane does ----

  private CompletionStage<Payload> obey(Invocation call) {
    Arguments order = Arguments.of(call.payload());
    long session = order.id(0, "session");
    DetailsChange change = told(call.payload().args());
    CompletableFuture<Payload> answer = new CompletableFuture<>();
    Scheduler.Timer limit =
        lane.scheduler()
            .schedule(
                LONGEST_ANSWER, () -> answer.complete(Results.of(Outcome.CHANGED_IN_PART.name())));
    realm
        .changes()
        .make(session, change, (was, is) -> tell(order, session, change, was, is))
        .whenComplete(
            (outcome, ended) -> {
              limit.cancel();
              Outcome known = outcome == null ? Outcome.NOT_HERE : outcome;
              answer.complete(Results.of(known.name()));
            });
    return answer;
  }

  private void tell(
      Arguments order, long session, DetailsChange change, Principal was, Principal is) {
    boolean isOther = !was.authrole().equals(is.authrole());
    lane.router()
        .audit()
        .tell(
            "modified",
            "realm",
            realm.name(),
            "session",
            session,
            "authid",
            is.authid(),
            "was",
            isOther ? was.authrole() : null,
            "authrole",
            isOther ? is.authrole() : null,
            "details",
            change.more().isEmpty() ? null : List.copyOf(change.more().keySet()),
            "by",
            order.id(3, "session"),
            "byAuthid",
            order.string(4, "authid"));
  }
}
