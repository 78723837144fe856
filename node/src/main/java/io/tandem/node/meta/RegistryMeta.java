package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Resource;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the meta API of subscriptions and that of registrations have in common: procedures about one
 * realm, for the clients of one lane, that answer out of the shared record. Belongs to its lane;
 * what reads the record is done on other threads.
 *
 * @param <R> the record of one of them
 */
final class RegistryMeta<R> {

  /** UTC to the millisecond (META-08). */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** What cannot be read where that fails. */
  private static final String RECORD = "the record of the cluster";

  private final LocalClient client;
  private final String realm;
  private final String kind;
  private final String unknown;
  private final Survey<R> survey;
  private final BiFunction<Resource, R, Map<String, Object>> details;

  /**
   * @param kind {@code subscription} or {@code registration}
   * @param unknown the error where there is none with an ID
   * @param details what is told of one
   */
  RegistryMeta(
      LocalClient client,
      String realm,
      String kind,
      String unknown,
      Survey<R> survey,
      BiFunction<Resource, R, Map<String, Object>> details) {
    this.client = client;
    this.realm = realm;
    this.kind = kind;
    this.unknown = unknown;
    this.survey = survey;
    this.details = details;
  }

  /** Offers a procedure of its kind by its last component. */
  CompletionStage<?> offer(String name, Function<Arguments, CompletionStage<Payload>> procedure) {
    return client.register(
        "wamp." + kind + "." + name,
        Options.EMPTY,
        call -> procedure.apply(Arguments.of(call.payload())));
  }

  /** Offers list, lookup and get. */
  CompletionStage<?> open() {
    return all(offer("list", this::list), offer("lookup", this::lookup), offer("get", this::get));
  }

  private CompletionStage<Payload> list(Arguments none) {
    return Results.readable(survey.list(realm), RECORD);
  }

  private CompletionStage<Payload> lookup(Arguments arguments) {
    String uri = arguments.string(0, "URI");
    Object match = arguments.dict(1, "options").get(Keys.MATCH.name());
    Resource resource = new Resource(realm, policy(match), uri);
    return Results.readable(survey.lookup(resource), RECORD).thenApply(Results::of);
  }

  private static MatchPolicy policy(@Nullable Object match) {
    if (match == null) {
      return MatchPolicy.EXACT;
    }
    try {
      return MatchPolicy.of(match instanceof String name ? name : "");
    } catch (IllegalArgumentException none) {
      throw Arguments.invalid("match has to be exact, prefix or wildcard");
    }
  }

  private CompletionStage<Payload> get(Arguments arguments) {
    return found(arguments)
        .thenApply(found -> Results.of(details.apply(found.resource(), found.record())));
  }

  /** The one whose ID is the first argument; fails where there is none. */
  CompletionStage<Survey.Found<R>> found(Arguments arguments) {
    long id = arguments.id(0, kind);
    return Results.readable(survey.find(realm, id), RECORD)
        .thenApply(
            found -> {
              if (found == null) {
                throw unknown("no " + kind + " " + id);
              }
              return found;
            });
  }

  /** The error where there is none with an ID. */
  WampFailure unknown(String why) {
    return new WampFailure(unknown, why);
  }

  String kind() {
    return kind;
  }

  /** The ID of the one with exactly this URI and match; null where there is none. */
  CompletionStage<@Nullable Long> lookup(Resource resource) {
    return Results.readable(survey.lookup(resource), RECORD);
  }

  // ---- what both say ----

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** What is told of both, in the order of the specification. */
  static Map<String, Object> details(Resource resource, long id, Instant created) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("id", id);
    details.put("created", time(created));
    details.put("uri", resource.uri());
    details.put("match", resource.match().wireName());
    return details;
  }

  static CompletionStage<?> all(CompletionStage<?>... each) {
    return CompletableFuture.allOf(
        Arrays.stream(each)
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new));
  }
}
