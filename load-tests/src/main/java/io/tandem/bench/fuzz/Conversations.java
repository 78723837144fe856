package io.tandem.bench.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients say, in the grammar of WAMP: a HELLO, requests of all kinds, a GOODBYE. Maps keep
 * the order of their entries, so that a case is the same octets whenever it is run.
 */
final class Conversations {

  private static final List<String> URIS =
      List.of("com.fuzz.a", "com.fuzz.b", "com.fuzz.a.b", "com.fuzz", "wamp.session.count");

  private static final List<String> PATTERNS = List.of("com.fuzz.", "com..a", "com.fuzz..", "com");

  private final Chance chance;

  /** The number of the next request. */
  private long next = 1;

  Conversations(Chance chance) {
    this.chance = chance;
  }

  /** One that a router would serve. */
  List<List<Object>> draw(String realm) {
    List<List<Object>> messages = new ArrayList<>();
    messages.add(hello(realm));
    int requests = 1 + chance.below(8);
    for (int i = 0; i < requests; i++) {
      messages.add(request());
    }
    if (chance.oneIn(3)) {
      messages.add(message(6, Map.of(), "wamp.close.normal"));
    }
    return messages;
  }

  private static List<Object> message(Object... elements) {
    return new ArrayList<>(List.of(elements));
  }

  private List<Object> hello(String realm) {
    Map<String, Object> roles = new LinkedHashMap<>();
    for (String role : List.of("caller", "callee", "publisher", "subscriber")) {
      roles.put(
          role,
          chance.oneIn(3)
              ? Map.of("features", Map.of("progressive_call_results", true))
              : Map.of());
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("roles", roles);
    details.put("agent", "fuzz");
    return message(1, realm, details);
  }

  private List<Object> request() {
    long id = next++;
    return switch (chance.below(11)) {
      case 0 -> with(payload(), 16, id, publishOptions(), uri());
      case 1 -> message(32, id, matching(), pattern());
      case 2 -> message(34, id, 1 + chance.below(4));
      case 3 -> with(payload(), 48, id, callOptions(), uri());
      case 4 -> message(49, next > 2 ? next - 2 : 1, Map.of("mode", mode()));
      case 5 -> message(64, id, registering(), pattern());
      case 6 -> message(66, id, 1 + chance.below(4));
      case 7 -> with(payload(), 70, 1 + chance.below(3), progress());
      case 8 -> with(payload(), 8, 68, 1 + chance.below(3), Map.of(), "com.fuzz.error");
      // Its own procedure, so that it has invocations to answer.
      case 9 -> message(64, id, Map.of(), "com.fuzz.own");
      default -> with(payload(), 48, id, callOptions(), "com.fuzz.own");
    };
  }

  private String uri() {
    return chance.of(URIS);
  }

  private String pattern() {
    return chance.of(chance.oneIn(2) ? URIS : PATTERNS);
  }

  private String mode() {
    return chance.of(List.of("skip", "kill", "killnowait"));
  }

  private Map<String, Object> matching() {
    return Map.of("match", chance.of(List.of("exact", "prefix", "wildcard")));
  }

  private Map<String, Object> registering() {
    Map<String, Object> options = new LinkedHashMap<>(matching());
    options.put("invoke", chance.of(List.of("single", "roundrobin", "random", "first", "last")));
    return options;
  }

  private Map<String, Object> progress() {
    return chance.oneIn(2) ? Map.of() : Map.of("progress", true);
  }

  private Map<String, Object> callOptions() {
    Map<String, Object> options = new LinkedHashMap<>();
    if (chance.oneIn(3)) {
      options.put("timeout", chance.below(50));
    }
    if (chance.oneIn(3)) {
      options.put("receive_progress", true);
    }
    if (chance.oneIn(5)) {
      options.put("disclose_me", true);
    }
    return options;
  }

  private Map<String, Object> publishOptions() {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("acknowledge", chance.oneIn(2));
    if (chance.oneIn(3)) {
      options.put("exclude_me", chance.oneIn(2));
    }
    if (chance.oneIn(4)) {
      options.put("exclude", List.of(1, 2, chance.number() >>> 11));
    }
    if (chance.oneIn(4)) {
      options.put("eligible_authrole", List.of("anyone", "nobody"));
    }
    return options;
  }

  private List<@Nullable Object> payload() {
    return switch (chance.below(4)) {
      case 0 -> List.of();
      case 1 -> List.of(List.of("text", 7, true));
      case 2 -> List.of(List.of(), Map.of("key", value(3)));
      default -> List.of(List.of(value(3), value(2)), Map.of("a", value(1)));
    };
  }

  /** Any value, nested no deeper. */
  private Object value(int depth) {
    return switch (depth == 0 ? chance.below(5) : chance.below(7)) {
      case 0 -> chance.number();
      case 1 -> chance.below(300) / 8.0;
      case 2 -> "x".repeat(chance.length(3_000));
      case 3 -> chance.octets(chance.length(64));
      case 4 -> chance.oneIn(2);
      case 5 -> List.of(value(depth - 1), value(depth - 1));
      default -> Map.of("k", value(depth - 1));
    };
  }

  private static List<Object> with(List<@Nullable Object> payload, Object... elements) {
    List<Object> all = message(elements);
    all.addAll(payload);
    return all;
  }
}
