package io.tandem.protocol.codec;

import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys which one message type knows, found by their UTF-8, so that no string is made. */
final class KnownKeys {

  private static final Map<MessageCode, KnownKeys> BY_MESSAGE = new EnumMap<>(MessageCode.class);
  private static final KnownKeys NONE = new KnownKeys(List.of());

  static {
    for (MessageCode message : MessageCode.values()) {
      BY_MESSAGE.put(message, new KnownKeys(List.copyOf(Keys.of(message).values())));
    }
  }

  private final Key<?>[] keys;
  private final byte[][] names;

  private KnownKeys(List<Key<?>> keys) {
    this.keys = keys.toArray(Key<?>[]::new);
    this.names =
        keys.stream()
            .map(key -> key.name().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
  }

  static KnownKeys of(MessageCode message) {
    return BY_MESSAGE.getOrDefault(message, NONE);
  }

  /** At most two dozen names of different lengths: looking at each beats hashing. */
  @Nullable Key<?> find(byte[] utf8, int from, int to) {
    for (int i = 0; i < names.length; i++) {
      byte[] name = names[i];
      if (name.length == to - from && Arrays.equals(name, 0, name.length, utf8, from, to)) {
        return keys[i];
      }
    }
    return null;
  }
}
