package io.tandem.client;

import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an application puts into a call, a result, an event or an error: positional and keyword
 * arguments. Values are null, {@link Boolean}, {@link Number}, {@link String}, {@code byte[]},
 * {@link List} and {@link Map} with string keys.
 *
 * <p>Immutable as long as nobody changes the values; any thread may read it. What was received is
 * decoded at the first look.
 */
public final class Arguments {

  private static final Arguments NONE = new Arguments(List.of(), Map.of());

  private final @Nullable Payload received;
  private volatile @Nullable Values values;

  private record Values(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {}

  private Arguments(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
    this.received = null;
    this.values = new Values(args, kwargs);
  }

  private Arguments(Payload received) {
    this.received = received;
  }

  /** No arguments at all. */
  public static Arguments none() {
    return NONE;
  }

  /** Positional arguments. */
  public static Arguments of(@Nullable Object... args) {
    return of(Arrays.asList(args), Map.of());
  }

  /** Positional and keyword arguments; both are copied. */
  public static Arguments of(List<? extends @Nullable Object> args, Map<String, ?> kwargs) {
    return new Arguments(
        Collections.unmodifiableList(Arrays.asList(args.toArray())),
        Collections.unmodifiableMap(new LinkedHashMap<>(kwargs)));
  }

  static Arguments received(Payload payload) {
    return payload.isEmpty() ? NONE : new Arguments(payload);
  }

  /** These arguments and one keyword argument more. */
  public Arguments with(String key, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(kwargs());
    more.put(key, value);
    return new Arguments(args(), Collections.unmodifiableMap(more));
  }

  /** The positional arguments; integers arrive as {@link Long}, or as BigInteger beyond it. */
  public List<@Nullable Object> args() {
    return values().args();
  }

  /** The keyword arguments. */
  public Map<String, @Nullable Object> kwargs() {
    return values().kwargs();
  }

  /**
   * A positional argument as the type expected.
   *
   * @throws WampException {@code wamp.error.invalid_argument} when it is missing, null or of
   *     another type; thrown by the handler of a procedure, that is what the caller gets
   */
  public <T> T arg(int index, Class<T> type) {
    return cast("argument " + index, index < args().size() ? args().get(index) : null, type);
  }

  /** A keyword argument as the type expected; fails like {@link #arg}. */
  public <T> T kwarg(String key, Class<T> type) {
    return cast("argument " + key, kwargs().get(key), type);
  }

  private static <T> T cast(String name, @Nullable Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new WampException(
          WampUri.INVALID_ARGUMENT, of(name + " must be a " + type.getSimpleName()));
    }
    return type.cast(value);
  }

  private Values values() {
    Values known = values;
    if (known == null) {
      Payload payload = received == null ? Payload.EMPTY : received;
      known = new Values(payload.args(), payload.kwargs());
      values = known;
    }
    return known;
  }

  /**
   * The payload of a message.
   *
   * @throws IllegalArgumentException for a value of a type that WAMP does not know
   */
  Payload encode(Serializer serializer) {
    if (received != null && received.serializer() == serializer) {
      return received;
    }
    return Payload.encode(serializer, args(), kwargs());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Arguments that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return args() + " " + kwargs();
  }
}
