package io.tandem.node.tokens;

import io.tandem.node.credentials.VerificationKeys;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that an issuer publishes and changes. They are fetched when somebody needs them: the first
 * time, when those that are there are {@link #FRESH} old, and when a token names a key that is not
 * among them; but never twice within {@link #PAUSE}, however many tokens strangers make up. All who
 * need them wait for one fetch. While the issuer cannot be asked, what it said last holds until it
 * is {@link #USABLE} old. Any thread.
 */
public final class FetchedKeys implements KeySource {

  private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);

  /** So long after a key was taken back it may still count. */
  static final Duration FRESH = Duration.ofMinutes(5);

  static final Duration USABLE = Duration.ofHours(1);
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final String name;
  private final Supplier<? extends CompletionStage<String>> fetch;
  private final LongSupplier nanoTime;

  // What follows is guarded by this object, which nobody holds for long.

  private @Nullable VerificationKeys held;
  private long heldSince;

  /** Null while nothing is under way. */
  private @Nullable CompletableFuture<VerificationKeys> pending;

  private boolean hasAsked;
  private long askedAt;

  /**
   * @param name for logs
   * @param fetch gets the text; ends in bounded time
   * @param nanoTime a clock in nanoseconds
   */
  FetchedKeys(
      String name, Supplier<? extends CompletionStage<String>> fetch, LongSupplier nanoTime) {
    this.name = name;
    this.fetch = fetch;
    this.nanoTime = nanoTime;
  }

  /** Those at this URL. */
  public static FetchedKeys of(URI url) {
    return new FetchedKeys(url.toString(), () -> HttpText.get(url), System::nanoTime);
  }

  @Override
  public CompletionStage<VerificationKeys> keys(@Nullable String id) {
    CompletableFuture<VerificationKeys> fetching;
    VerificationKeys known;
    synchronized (this) {
      known = isYoungerThan(USABLE) ? held : null;
      if (known != null && isYoungerThan(FRESH) && (id == null || known.has(id))) {
        return CompletableFuture.completedStage(known);
      }
      fetching = pending == null ? begin() : pending;
    }
    if (fetching == null) {
      return known == null
          ? CompletableFuture.failedStage(new IOException(name + " gave no keys just now"))
          : CompletableFuture.completedStage(known);
    }
    return fetching.handle((fresh, failure) -> orKnown(fresh, known, failure));
  }

  private static VerificationKeys orKnown(
      @Nullable VerificationKeys fresh,
      @Nullable VerificationKeys known,
      @Nullable Throwable failure) {
    VerificationKeys best = fresh == null ? known : fresh;
    if (best == null) {
      throw new CompletionException(failure);
    }
    return best;
  }

  private boolean isYoungerThan(Duration age) {
    return held != null && nanoTime.getAsLong() - heldSince < age.toNanos();
  }

  /** Goes after the keys, unless somebody has just done so. */
  private @Nullable CompletableFuture<VerificationKeys> begin() {
    long now = nanoTime.getAsLong();
    if (hasAsked && now - askedAt < PAUSE.toNanos()) {
      return null;
    }
    hasAsked = true;
    askedAt = now;
    CompletableFuture<VerificationKeys> asked = new CompletableFuture<>();
    pending = asked;
    fetch.get().whenComplete((text, failure) -> fetched(asked, text, failure));
    return asked;
  }

  private void fetched(
      CompletableFuture<VerificationKeys> asked,
      @Nullable String text,
      @Nullable Throwable failure) {
    VerificationKeys keys = text == null ? null : VerificationKeys.parse(text);
    synchronized (this) {
      pending = null;
      if (keys != null) {
        held = keys;
        heldSince = nanoTime.getAsLong();
      }
    }
    if (keys != null) {
      asked.complete(keys);
      return;
    }
    IOException why =
        new IOException(
            name + (failure == null ? " has no keys for tokens" : " gave no keys"), failure);
    LOG.warn("{}: {}", why.getMessage(), failure == null ? "no JWKS" : String.valueOf(failure));
    asked.completeExceptionally(why);
  }
}
