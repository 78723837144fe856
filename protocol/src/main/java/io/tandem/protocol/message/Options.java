package io.tandem.protocol.message;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Options or Details dictionary of a message: the predefined keys it carries and their values.
 * Unknown keys are not kept. Immutable; the empty one is shared.
 */
public final class Options {

  /** A dictionary without keys. */
  public static final Options EMPTY = new Options(new Key<?>[0], new Object[0]);

  // What values count for beside what is in them, in octets; close to what the JVM takes, or who
  // sends many empty ones would get four times the memory that is counted.
  private static final int WEIGHT_OF_VALUE = 16;
  private static final int WEIGHT_OF_TEXT = 40;
  private static final int WEIGHT_OF_LIST = 40;
  private static final int WEIGHT_OF_DICTIONARY = 64;
  private static final int WEIGHT_OF_ENTRY = 48;

  /** The keys present, in the order of their ordinals: few, so looking at each beats hashing. */
  private final Key<?>[] keys;

  /** The value of each. */
  private final Object[] values;

  private Options(Key<?>[] keys, Object[] values) {
    this.keys = keys;
    this.values = values;
  }

  /** A dictionary with one key. */
  public static <T> Options of(Key<T> key, T value) {
    return EMPTY.with(key, value);
  }

  public boolean isEmpty() {
    return keys.length == 0;
  }

  public boolean has(Key<?> key) {
    return place(key) >= 0;
  }

  /** The value, or null when the key is absent. */
  @SuppressWarnings("unchecked") // with() and the decoder admit only values of the key's type
  public <T> @Nullable T get(Key<T> key) {
    int place = place(key);
    return place < 0 ? null : (T) values[place];
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
    int place = place(key);
    if (place < 0) {
      return this;
    }
    int rest = keys.length - 1;
    Key<?>[] fewerKeys = Arrays.copyOf(keys, rest);
    Object[] fewerValues = Arrays.copyOf(values, rest);
    System.arraycopy(keys, place + 1, fewerKeys, place, rest - place);
    System.arraycopy(values, place + 1, fewerValues, place, rest - place);
    return new Options(fewerKeys, fewerValues);
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
    if (isEmpty()) {
      return EMPTY;
    }
    Options only = isPassthru() ? EMPTY.withAll(Keys.PASSTHRU_KEYS, this) : EMPTY;
    return only.withAll(Keys.ENCODING_KEYS, this);
  }

  private Options withAll(List<Key<String>> wanted, Options from) {
    Options all = this;
    for (Key<String> key : wanted) {
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
    for (int i = 0; i < keys.length; i++) {
      visitor.visit(keys[i], values[i]);
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

  private Options put(Key<?> key, Object value) {
    int room = keys.length + 1;
    Builder copy = new Builder(Arrays.copyOf(keys, room), Arrays.copyOf(values, room), room - 1);
    return copy.put(key, value).build();
  }

  private int place(Key<?> key) {
    return place(keys, keys.length, key);
  }

  /** Where the key stands among the first {@code count}, or -1 when it is absent. */
  private static int place(Key<?>[] keys, int count, Key<?> key) {
    for (int i = 0; i < count; i++) {
      if (keys[i] == key) {
        return i;
      }
    }
    return -1;
  }

  /** Takes keys in any order, and makes a dictionary of them once. Belongs to one thread. */
  public static final class Builder {

    private Key<?>[] keys;
    private Object[] values;
    private int count;

    public Builder() {
      this(new Key<?>[4], new Object[4], 0);
    }

    private Builder(Key<?>[] keys, Object[] values, int count) {
      this.keys = keys;
      this.values = values;
      this.count = count;
    }

    public boolean has(Key<?> key) {
      return place(keys, count, key) >= 0;
    }

    /**
     * Puts a value of the key's own type, in place of the one that stands there already.
     *
     * @return this builder
     */
    public Builder put(Key<?> key, Object value) {
      Objects.requireNonNull(value, key.name());
      int at = place(keys, count, key);
      if (at >= 0) {
        values[at] = value;
        return this;
      }
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, 2 * count);
        values = Arrays.copyOf(values, 2 * count);
      }
      for (at = count++; at > 0 && keys[at - 1].ordinal() > key.ordinal(); at--) {
        keys[at] = keys[at - 1];
        values[at] = values[at - 1];
      }
      keys[at] = key;
      values[at] = value;
      return this;
    }

    /** The dictionary; the builder is used up. */
    public Options build() {
      return count == keys.length
          ? new Options(keys, values)
          : new Options(Arrays.copyOf(keys, count), Arrays.copyOf(values, count));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Options that
        && Arrays.equals(keys, that.keys)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < keys.length; i++) {
      hash = 31 * (31 * hash + keys[i].ordinal()) + values[i].hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    return toMap().toString();
  }
}
