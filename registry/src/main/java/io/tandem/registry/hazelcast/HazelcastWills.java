package io.tandem.registry.hazelcast;

import io.tandem.registry.NodeId;
import io.tandem.registry.hazelcast.WillFormat.WillRecord;
import io.tandem.registry.testaments.Will;
import io.tandem.registry.testaments.Wills;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One shared record for the will of each session that has one, with the life of the node that has
 * to see to it. Any thread.
 */
final class HazelcastWills implements Wills {

  private final NodeId self;
  private final HazelcastRecordStore<Long, WillRecord> records;
  private final Insisting insist;

  /** What is kept of this life's sessions, as far as it is known to be. */
  private final Map<Long, Will> own = new ConcurrentHashMap<>();

  /** The sessions of other lives whose wills this one is taking over. */
  private final Set<Long> inheriting = ConcurrentHashMap.newKeySet();

  /**
   * @param isRunning whether the member is there; afterwards nothing is tried again
   */
  HazelcastWills(
      NodeId self, HazelcastRecordStore<Long, WillRecord> records, BooleanSupplier isRunning) {
    this.self = self;
    this.records = records;
    this.insist = new Insisting(isRunning);
  }

  @Override
  public CompletionStage<@Nullable Void> keep(Will will) {
    return write(will)
        .thenApply(
            written -> {
              own.put(will.testator().session(), will);
              return null;
            });
  }

  /**
   * In the place of whatever this life has kept, be it known to have done so or not, and on another
   * member than this one too.
   */
  private CompletionStage<?> write(Will will) {
    long session = will.testator().session();
    WillRecord record = new WillRecord(self, will);
    return records
        .get(session)
        .thenCompose(
            there -> {
              if (there == null) {
                return records.putIfAbsent(session, record).thenApply(other -> other == null);
              } else if (there.node().equals(self)) {
                return records.replace(session, there, record);
              }
              throw new IllegalStateException("a will of " + there.node() + " has this ID");
            })
        .thenCompose(
            written ->
                written
                    ? records.doubled(session, record)
                    : CompletableFuture.completedFuture(false))
        .thenCompose(outlives -> outlives ? CompletableFuture.completedFuture(null) : write(will));
  }

  @Override
  public CompletionStage<@Nullable Will> take(long session) {
    Will known = own.remove(session);
    return insist.on(() -> takeNow(session, known));
  }

  /**
   * Where the record is gone the answer to its removal was: nobody else removes what a living node
   * has to see to.
   *
   * @param known what the record is known to have held
   */
  private CompletionStage<@Nullable Will> takeNow(long session, @Nullable Will known) {
    return records
        .get(session)
        .thenCompose(
            there ->
                there == null || !there.node().equals(self)
                    ? CompletableFuture.completedFuture(there == null ? known : null)
                    : records
                        .remove(session, there)
                        .thenCompose(
                            removed ->
                                removed
                                    ? CompletableFuture.completedFuture(there.will())
                                    : takeNow(session, known)));
  }

  /** Parts of the record are lost: this node writes again what it has in it. */
  void assertAgain() {
    own.forEach(
        (session, will) -> {
          WillRecord record = new WillRecord(self, will);
          records
              .putIfAbsent(session, record)
              .thenAccept(
                  other -> {
                    if (other == null && !own.containsKey(session)) { // taken meanwhile
                      records.remove(session, record);
                    }
                  });
        });
  }

  /**
   * Takes what lives have to see to that are over out of the record. Reads all of it; may be
   * repeated.
   *
   * @param heir is given, on any thread, each will that it has taken over: one node alone has, and
   *     what it begins by that is waited for
   */
  CompletionStage<@Nullable Void> free(
      Predicate<NodeId> isOver, Function<? super Will, CompletionStage<?>> heir) {
    return records.forEach(
        (session, record) ->
            isOver.test(record.node())
                ? free(session, record, heir)
                : CompletableFuture.completedFuture(null));
  }

  /**
   * First it becomes this node's own, which only one can have done, whatever becomes of the answer;
   * then it is removed, and only then published: if this node dies in between it is not published
   * twice.
   */
  private CompletionStage<?> free(
      long session, WillRecord record, Function<? super Will, CompletionStage<?>> heir) {
    if (!inheriting.add(session)) {
      return CompletableFuture.completedFuture(null);
    }
    WillRecord ours = new WillRecord(self, record.will());
    return insist
        .on(() -> inherit(session, record, ours))
        .thenCompose(
            taken ->
                taken
                    ? insist
                        .on(() -> records.remove(session, ours))
                        .thenCompose(removed -> heir.apply(record.will()))
                        .handle((done, failure) -> null)
                    : CompletableFuture.completedFuture(null))
        .whenComplete((done, failure) -> inheriting.remove(session));
  }

  /** Whether it is ours now: a refusal may be that of an attempt after one that went well. */
  private CompletionStage<Boolean> inherit(long session, WillRecord theirs, WillRecord ours) {
    return records
        .replace(session, theirs, ours)
        .thenCompose(
            taken ->
                taken
                    ? CompletableFuture.completedFuture(true)
                    : records.get(session).thenApply(ours::equals));
  }
}
