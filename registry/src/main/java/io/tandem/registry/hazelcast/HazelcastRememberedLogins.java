package io.tandem.registry.hazelcast;

import io.tandem.registry.logins.RememberedLogin;
import io.tandem.registry.logins.RememberedLogins;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The logins that the members of a cluster remember. Each is written whole, so the last word counts
 * and nothing has to be compared; Hazelcast drops those whose time is over, and, of too many, those
 * that were not asked for in the longest time. Stages fail with {@link TimeoutException}, at the
 * latest when the time is over. Any thread.
 */
final class HazelcastRememberedLogins implements RememberedLogins {

  private final OctetMap map;
  private final Duration timeout;
  private final InstantSource clock;

  /**
   * @param timeout how long an operation may take
   */
  HazelcastRememberedLogins(OctetMap map, Duration timeout, InstantSource clock) {
    this.map = map;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public CompletionStage<@Nullable RememberedLogin> find(String name) {
    return inTime(map.get(key(name), Deadline.in(timeout)))
        .thenApply(octets -> octets == null ? null : LoginFormat.decode(octets))
        .thenApply(login -> login != null && isOver(login) ? null : login);
  }

  /** A backup may keep what the owner has dropped already. */
  private boolean isOver(RememberedLogin login) {
    return !clock.instant().isBefore(login.until());
  }

  @Override
  public CompletionStage<@Nullable Void> remember(String name, RememberedLogin login) {
    Instant now = clock.instant();
    if (isOver(login)) {
      return forget(name);
    }
    byte[] octets = LoginFormat.encode(login);
    Duration left = Duration.between(now, login.until());
    return inTime(map.set(key(name), octets, left, Deadline.in(timeout))).thenApply(set -> null);
  }

  @Override
  public CompletionStage<@Nullable Void> forget(String name) {
    return inTime(map.delete(key(name), Deadline.in(timeout))).thenApply(gone -> null);
  }

  private static byte[] key(String name) {
    return KeyFormat.NAME.encode(name);
  }

  /** What waits for a partition does not know when its time is over. */
  private <T extends @Nullable Object> CompletableFuture<T> inTime(CompletionStage<T> stage) {
    return stage
        .thenApply(answer -> answer)
        .toCompletableFuture()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
