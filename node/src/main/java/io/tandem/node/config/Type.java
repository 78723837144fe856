package io.tandem.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What a key may hold: said in words, read from a value, written back. */
interface Type<T> {

  /** As it completes "expected ..." and fills the reference: "a duration from 1s to 1h". */
  String expected();

  /** The value, or null after recording a problem. */
  @Nullable T read(Value value);

  /** How a configuration would write it. */
  String show(T value);

  static Type<String> text(String expected, Predicate<String> check) {
    return scalar(
        Tag.STR, "text: " + expected, text -> check.test(text) ? text : null, text -> text);
  }

  static Type<Boolean> bool() {
    return scalar(Tag.BOOL, "true or false", Boolean::valueOf, String::valueOf);
  }

  static Type<Integer> integer(int min, int max) {
    return whole(min, max, Long::intValue);
  }

  /** The same, of more digits. */
  static Type<Long> number(long min, long max) {
    return whole(min, max, number -> number);
  }

  private static <T> Type<T> whole(long min, long max, Function<Long, T> wrap) {
    return scalar(
        Tag.INT,
        "a whole number from " + min + " to " + max,
        text -> {
          long number = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
          return min <= number && number <= max ? wrap.apply(number) : null;
        },
        String::valueOf);
  }

  static Type<Duration> duration(Duration min, Duration max) {
    return quantity(
        "a duration",
        Quantity.DURATION,
        min.toMillis(),
        max.toMillis(),
        Duration::ofMillis,
        Duration::toMillis);
  }

  static Type<Long> bytes(long min, long max) {
    return quantity("a size", Quantity.SIZE, min, max, bytes -> bytes, bytes -> bytes);
  }

  /** One of the constants, written in lower case and with hyphens. */
  static <E extends Enum<E>> Type<E> oneOf(Class<E> constants) {
    Map<String, E> byName =
        Arrays.stream(constants.getEnumConstants())
            .collect(Collectors.toMap(Type::nameOf, constant -> constant));
    String names =
        Arrays.stream(constants.getEnumConstants())
            .map(Type::nameOf)
            .collect(Collectors.joining(" or "));
    return scalar(Tag.STR, names, byName::get, Type::nameOf);
  }

  /** A list without duplicates, its order kept. */
  static <E> Type<Set<E>> setOf(Type<E> element) {
    return new SetType<>("a list of " + element.expected(), element, 0);
  }

  /** The same, with at least one element. */
  static <E> Type<Set<E>> someOf(Type<E> element) {
    return new SetType<>("a list, not empty, of " + element.expected(), element, 1);
  }

  /** A path; a relative one starts at the directory. */
  static Type<Path> path(String expected, Path directory, Predicate<Path> check) {
    return scalar(
        Tag.STR,
        "text: " + expected,
        text -> {
          Path path = text.isEmpty() || text.indexOf('\0') >= 0 ? null : directory.resolve(text);
          return path != null && check.test(path) ? path : null;
        },
        Path::toString);
  }

  private static <T> Type<T> quantity(
      String noun,
      Quantity quantity,
      long min,
      long max,
      Function<Long, T> wrap,
      Function<T, Long> unwrap) {
    return scalar(
        Tag.STR,
        noun + " from " + quantity.format(min) + " to " + quantity.format(max),
        text -> {
          OptionalLong amount = quantity.parse(text);
          boolean fits =
              amount.isPresent() && min <= amount.getAsLong() && amount.getAsLong() <= max;
          return fits ? wrap.apply(amount.getAsLong()) : null;
        },
        value -> quantity.format(unwrap.apply(value)));
  }

  private static <T> Type<T> scalar(
      Tag tag, String expected, Function<String, @Nullable T> parse, Function<T, String> show) {
    return new ScalarType<>(tag, expected, parse, show);
  }

  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A type of single values.
   *
   * @param parse gives null for a text that is no such value
   */
  record ScalarType<T>(
      Tag tag, String expected, Function<String, @Nullable T> parse, Function<T, String> write)
      implements Type<T> {

    @Override
    public @Nullable T read(Value value) {
      String text = value.scalar(tag);
      T parsed = text == null ? null : parse.apply(text);
      if (parsed == null) {
        value.mismatch(expected);
      }
      return parsed;
    }

    @Override
    public String show(T value) {
      return write.apply(value);
    }
  }

  /** A type of lists. */
  record SetType<E>(String expected, Type<E> element, int minSize) implements Type<Set<E>> {

    @Override
    public @Nullable Set<E> read(Value value) {
      SequenceNode list = value.list();
      if (list == null) {
        return null;
      }
      List<Node> nodes = list.getValue();
      if (nodes.size() < minSize) {
        value.problem("expected " + expected + ", found an empty list");
        return null;
      }
      Set<E> elements = new LinkedHashSet<>();
      for (int i = 0; i < nodes.size(); i++) {
        Value item = value.at(i, nodes.get(i));
        E read = element.read(item);
        if (read != null && !elements.add(read)) {
          item.problem("is listed twice");
        }
      }
      return elements;
    }

    @Override
    public String show(Set<E> value) {
      return value.stream().map(element::show).collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
