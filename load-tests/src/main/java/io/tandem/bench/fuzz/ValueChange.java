package io.tandem.bench.fuzz;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages with values that are others than they were: types, numbers, places. */
final class ValueChange {

  /** Where numbers change their form on the wire, or their meaning. */
  private static final List<Object> NUMBERS =
      List.of(
          0,
          -1,
          1,
          23,
          24,
          127,
          128,
          255,
          256,
          32_767,
          65_535,
          65_536,
          Integer.MAX_VALUE,
          Integer.MIN_VALUE,
          1L << 31,
          1L << 32,
          (1L << 53) - 1,
          1L << 53,
          (1L << 53) + 1,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          BigInteger.ONE.shiftLeft(63),
          BigInteger.ONE.shiftLeft(64),
          BigInteger.TEN.pow(300).negate(),
          0.5,
          -0.0,
          1e308,
          Double.MIN_VALUE);

  private static final List<String> TEXTS =
      List.of(
          "",
          ".",
          "..",
          "a..b",
          "wamp.",
          "wamp.error.runtime_error",
          "com.fuzz.\u0000",
          " ",
          "com.\u00e9\ud83d\ude00",
          "#",
          "\u0000AA==",
          "\u0000not base64",
          "exact",
          "true",
          "x".repeat(70_000));

  private final Chance chance;

  ValueChange(Chance chance) {
    this.chance = chance;
  }

  /** A copy of the message in which something is changed. */
  List<@Nullable Object> changed(List<?> message) {
    List<@Nullable Object> copy = new ArrayList<>(message);
    if (copy.isEmpty()) {
      return copy;
    }
    int at = chance.below(copy.size());
    switch (chance.below(6)) {
      case 0 -> copy.remove(at);
      case 1 -> copy.add(at, copy.get(chance.below(copy.size())));
      case 2 -> copy.add(any());
      case 3 -> {
        Object other = copy.get(chance.below(copy.size()));
        copy.set(at, other);
      }
      default -> copy.set(at, changed(copy.get(at), 3));
    }
    return copy;
  }

  private @Nullable Object changed(@Nullable Object value, int depth) {
    if (depth > 0 && value instanceof Map<?, ?> map && !chance.oneIn(4)) {
      return changedMap(map, depth);
    } else if (depth > 0 && value instanceof List<?> list && !list.isEmpty() && !chance.oneIn(4)) {
      List<@Nullable Object> copy = new ArrayList<>(list);
      int at = chance.below(copy.size());
      copy.set(at, changed(copy.get(at), depth - 1));
      return copy;
    } else if (value instanceof Number && !chance.oneIn(3)) {
      return chance.of(NUMBERS);
    } else if (value instanceof String && !chance.oneIn(3)) {
      return chance.of(TEXTS);
    }
    return any();
  }

  private Map<String, @Nullable Object> changedMap(Map<?, ?> map, int depth) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    List<String> keys = new ArrayList<>(copy.keySet());
    if (keys.isEmpty() || chance.oneIn(4)) {
      copy.put(chance.of(TEXTS), any());
      return copy;
    }
    // The order of a Map.of differs from run to run.
    keys.sort(null);
    String key = chance.of(keys);
    if (chance.oneIn(5)) {
      copy.remove(key);
    } else {
      copy.put(key, changed(copy.get(key), depth - 1));
    }
    return copy;
  }

  /** A value of any type. */
  private @Nullable Object any() {
    return switch (chance.below(9)) {
      case 0 -> null;
      case 1 -> chance.oneIn(2);
      case 2, 3 -> chance.of(NUMBERS);
      case 4 -> chance.of(TEXTS);
      case 5 -> chance.octets(chance.length(300));
      case 6 -> Map.of("features", chance.of(NUMBERS));
      case 7 -> nested(chance.length(60));
      default -> {
        Object[] many = new Object[chance.length(5_000)];
        Arrays.fill(many, chance.of(NUMBERS));
        yield Arrays.asList(many);
      }
    };
  }

  private static Object nested(int depth) {
    Object inner = 1;
    for (int i = 0; i < depth; i++) {
      inner = i % 2 == 0 ? List.of(inner) : Map.of("k", inner);
    }
    return inner;
  }
}
