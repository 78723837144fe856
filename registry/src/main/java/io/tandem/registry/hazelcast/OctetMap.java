package io.tandem.registry.hazelcast;

import com.hazelcast.spi.exception.RetryableException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A map of octets to octets that is changed by compare-and-set. Any thread; what reads much at once
 * blocks, the rest never does.
 *
 * <p>A change is begun once. It fails with a {@link RetryableException} when its answer is lost
 * with a member or a partition moves; it may have been made all the same. In one case it may have
 * been made in spite of a refusal, {@link #DOUBTFUL}.
 */
interface OctetMap {

  /**
   * A refusal that took at least this long may be the answer to a repetition: when a backup is late
   * by the backup timeout and the owner is gone by then, Hazelcast asks the new owner. The time is
   * less than that timeout.
   */
  Duration DOUBTFUL = Duration.ofSeconds(1);

  CompletionStage<byte @Nullable []> get(byte[] key, Deadline deadline);

  /**
   * What the copy has that another member keeps for the owner of the key: null where it lacks one.
   * Fails where no member keeps a copy now.
   */
  CompletionStage<byte @Nullable []> copy(byte[] key, Deadline deadline);

  /** Whether two members or more have a share of the map, and so can keep copies for each other. */
  boolean hasCopies();

  /** Completes with null when the value is in place, else with the one that was. */
  CompletionStage<byte @Nullable []> putIfAbsent(byte[] key, byte[] value, Deadline deadline);

  CompletionStage<Boolean> replace(byte[] key, byte[] expected, byte[] value, Deadline deadline);

  CompletionStage<Boolean> remove(byte[] key, byte[] expected, Deadline deadline);

  /**
   * Puts the value in place whatever was there. Begun again, it does the same, so it may be.
   *
   * @param forHowLong rounded up to seconds; null for as long as nobody takes it away
   */
  CompletionStage<?> set(
      byte[] key, byte[] value, @Nullable Duration forHowLong, Deadline deadline);

  /** Takes the value away whatever it is; may be begun again likewise. */
  CompletionStage<?> delete(byte[] key, Deadline deadline);

  /** How many partitions the keys are spread over. */
  int partitions();

  /**
   * The records of some partitions as they are now; blocks.
   *
   * @param from the first of them
   * @param to the one after the last
   */
  Set<Map.Entry<byte[], byte[]>> read(int from, int to);

  /** The keys of some partitions, likewise; blocks. */
  Collection<byte[]> keys(int from, int to);

  /** What is there under these keys; blocks. */
  Set<Map.Entry<byte[], byte[]>> readAll(Collection<byte[]> keys);
}
