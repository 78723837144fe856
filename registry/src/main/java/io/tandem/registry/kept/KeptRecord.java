package io.tandem.registry.kept;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The publications that the cluster keeps, each under its own key and never changed. So whoever
 * writes or removes one may do it again, and no order among writers matters. Any thread; never
 * blocks, and completes on any thread.
 */
public interface KeptRecord {

  /**
   * Writes a publication. Tries for as long as the node is there, unless it is not wanted any more;
   * completes when it outlives this node.
   *
   * @param value its octets, asked for on the calling thread or later on any other
   * @param age how long it stays; null for as long as nobody removes it
   */
  CompletionStage<?> put(
      KeptKey key, Supplier<byte[]> value, @Nullable Duration age, BooleanSupplier isUnwanted);

  /** Removes a publication, if it is there; tries likewise. */
  CompletionStage<?> remove(KeptKey key);

  /**
   * Reads all of it, part by part, so that no more than a few MiB are on their way at a time. What
   * is written or removed meanwhile is met or not. Fails when some of it could not be read.
   */
  CompletionStage<@Nullable Void> read(Reader reader);

  /** Says that this node serves the realm, for so long. */
  CompletionStage<?> hold(String realm, Duration time);

  /** Whether some node has said that it serves the realm, and the time is not over. */
  CompletionStage<Boolean> isHeld(String realm);

  /** Who reads. Called by one thread at a time; may block. */
  interface Reader {

    /** There is such a publication; whether its octets are wanted. */
    boolean wants(KeptKey key);

    /** These are its octets. */
    void found(KeptKey key, byte[] value);
  }
}
