package io.tandem.protocol.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Options or Details dictionary of a message: the predefined keys it carries and their values.
 * Unknown keys are not kept. Immutable; the empty one is shared.
 */
public final class Options {

  /** A dictionary without keys. */
  public static final Options EMPTY = new Options(0, new Object[0]);

  // What values count for beside what is in them, in octets; close to what the JVM takes, or who
  // sends many empty ones would get four times the memory that is counted.
  private static final int WEIGHT_OF_VALUE = 16;
  private static final int WEIGHT_OF_TEXT = 40;
  private static final int WEIGHT_OF_LIST = 40;
  private static final int WEIGHT_OF_DICTIONARY = 64;
  private static final int WEIGHT_OF_ENTRY = 48;

  /** One bit for each key present, by its ordinal. */
  private final long present;

  /** The values, in the order of their keys' ordinals. */
  private final Object[] values;

  private Options(long present, Object[] values) {
    this.present = present;
    this.values = values;
  }

  /** A dictionary with one key. */
  public static <T> Options of(Key<T> key, T value) {
    return EMPTY.with(key, value);
  }

  public boolean isEmpty() {
    return present == 0;
  }

  public boolean has(Key<?> key) {
    return (present & bit(key)) != 0;
  }

  /** The value, or null when the key is absent. */
  @SuppressWarnings("unchecked") // with() and the decoder admit only values of the key's type
  public <T> @Nullable T get(Key<T> key) {
    return has(key) ? (T) values[slot(key)] : null;
  }

  /** The value, or {@code otherwise} when the key is absent. */
  public <T> T get(Key<T> key, T otherwise) {
    T value = get(key);
    return value == null ? otherwise : value;
  }

  /** Whether the flag is present and true. */
  public boolean is(Key<Boolean> flag) {
    return get(flag, false);
  }

  /** This dictionary with one key more, or with another value for it. */
  public <T> Options with(Key<T> key, T value) {
    return put(key, value);
  }

  /** This dictionary with the key where the value is there, or as it is where it is null. */
  public <T> Options withNullable(Key<T> key, @Nullable T value) {
    return value == null ? this : put(key, value);
  }

  /** This dictionary without the key. */
  public Options without(Key<?> key) {
    if (!has(key)) {
      return this;
    }
    int slot = slot(key);
    Object[] rest = new Object[values.length - 1];
    System.arraycopy(values, 0, rest, 0, slot);
    System.arraycopy(values, slot + 1, rest, slot, rest.length - slot);
    return new Options(present & ~bit(key), rest);
  }

  /** Whether the payload is in passthru mode (PPT-01). */
  public boolean isPassthru() {
    return !get(Keys.PPT_SCHEME, "").isEmpty();
  }

  /**
   * The keys that describe the payload and travel with it, alone (PPT-02, PPT-12). Those of
   * passthru mode mean nothing, and stay behind, where it is not in use.
   */
  public Options payloadKeys() {
    if ((present & PAYLOAD_BITS) == 0) {
      return EMPTY;
    }
    Options only = isPassthru() ? EMPTY.withAll(Keys.PASSTHRU_KEYS, this) : EMPTY;
    return only.withAll(Keys.ENCODING_KEYS, this);
  }

  private Options withAll(List<Key<String>> keys, Options from) {
    Options all = this;
    for (Key<String> key : keys) {
      all = all.withNullable(key, from.get(key));
    }
    return all;
  }

  /** What {@link #forEach} calls. */
  public interface Visitor<E extends Exception> {
    void visit(Key<?> key, Object value) throws E;
  }

  /** Calls back for every key present, in a fixed order. */
  public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    int slot = 0;
    for (long bits = present; bits != 0; bits &= bits - 1) {
      visitor.visit(Keys.at(Long.numberOfTrailingZeros(bits)), values[slot++]);
    }
  }

  /** How many keys are present. */
  public int size() {
    return values.length;
  }

  /**
   * What the values take in memory, in octets and roughly: strings by their characters, and so much
   * for each value, those in lists and dictionaries too.
   */
  public int weight() {
    int weight = 0;
    for (Object value : values) {
      weight += weight(value);
    }
    return weight;
  }

  private static int weight(@Nullable Object value) {
    if (value instanceof String text) {
      return WEIGHT_OF_TEXT + text.length();
    } else if (value instanceof byte[] octets) {
      return WEIGHT_OF_VALUE + octets.length;
    } else if (value instanceof List<?> list) {
      int weight = WEIGHT_OF_LIST;
      for (Object element : list) {
        weight += weight(element);
      }
      return weight;
    } else if (value instanceof Map<?, ?> map) {
      int weight = WEIGHT_OF_DICTIONARY;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        weight += WEIGHT_OF_ENTRY + weight(entry.getKey()) + weight(entry.getValue());
      }
      return weight;
    }
    return WEIGHT_OF_VALUE;
  }

  /** The dictionary as a map from wire names to values. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    forEach((key, value) -> map.put(key.name(), value));
    return map;
  }

  private static final long PAYLOAD_BITS =
      Stream.of(Keys.PASSTHRU_KEYS, Keys.ENCODING_KEYS)
          .flatMap(List::stream)
          .mapToLong(Options::bit)
          .reduce(0, (a, b) -> a | b);

  private Options put(Key<?> key, Object value) {
    Objects.requireNonNull(value, key.name());
    int slot = slot(key);
    if (has(key)) {
      Object[] copy = values.clone();
      copy[slot] = value;
      return new Options(present, copy);
    }
    Object[] copy = new Object[values.length + 1];
    System.arraycopy(values, 0, copy, 0, slot);
    copy[slot] = value;
    System.arraycopy(values, slot, copy, slot + 1, values.length - slot);
    return new Options(present | bit(key), copy);
  }

  private int slot(Key<?> key) {
    return Long.bitCount(present & (bit(key) - 1));
  }

  private static long bit(Key<?> key) {
    return 1L << key.ordinal();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Options that
        && present == that.present
        && java.util.Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(present) * 31 + java.util.Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return toMap().toString();
  }
}
