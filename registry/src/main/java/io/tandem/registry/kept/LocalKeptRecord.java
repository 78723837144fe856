package io.tandem.registry.kept;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The record of a node that stands alone. It makes no octets before somebody reads them, so beside
 * the node's own memory of what it keeps it takes little. Any thread; completes at once.
 */
public final class LocalKeptRecord implements KeptRecord {

  private static final CompletionStage<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private record Value(Supplier<byte[]> octets, Instant until) {}

  private final InstantSource clock;
  private final Map<KeptKey, Value> values = new ConcurrentHashMap<>();
  private final Map<String, Instant> held = new ConcurrentHashMap<>();

  public LocalKeptRecord(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public CompletionStage<?> put(
      KeptKey key, Supplier<byte[]> value, @Nullable Duration age, BooleanSupplier isUnwanted) {
    values.put(key, new Value(value, age == null ? Instant.MAX : clock.instant().plus(age)));
    return DONE;
  }

  @Override
  public CompletionStage<?> remove(KeptKey key) {
    values.remove(key);
    return DONE;
  }

  @Override
  public CompletionStage<@Nullable Void> read(Reader reader) {
    Instant now = clock.instant();
    values.values().removeIf(value -> !value.until.isAfter(now));
    values.forEach(
        (key, value) -> {
          if (reader.wants(key)) {
            reader.found(key, value.octets.get());
          }
        });
    return DONE;
  }

  @Override
  public CompletionStage<?> hold(String realm, Duration time) {
    held.put(realm, clock.instant().plus(time));
    return DONE;
  }

  @Override
  public CompletionStage<Boolean> isHeld(String realm) {
    Instant now = clock.instant();
    held.values().removeIf(until -> !until.isAfter(now));
    return CompletableFuture.completedFuture(held.containsKey(realm));
  }
}
