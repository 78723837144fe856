package io.tandem.registry.hazelcast;

import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.hazelcast.SessionFormat.SessionRecord;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.sessions.SessionDirectory;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One shared record for each session: claimed with its ID by the life of a node that holds it,
 * filled with its details when it is established, removed with its end. What this node itself has
 * is known here at once; the record follows, and is written again until it has it. A claim whose
 * release fails is left until the node is gone, which costs one ID of 2^53. Any thread.
 */
final class HazelcastSessionDirectory implements SessionDirectory {

  private final NodeId self;
  private final HazelcastRecordStore<Long, SessionRecord> records;
  private final Insisting insist;
  private final Map<Long, Own> own = new ConcurrentHashMap<>();

  /** A session of this life. */
  private static final class Own {
    volatile SessionDetails details;

    /** What its record may still say; null where nothing else can. */
    private volatile @Nullable SessionDetails before;

    volatile boolean isOver;

    /** Whether every node can find it, so that others may have been told of it. */
    volatile boolean isEntered;

    /** The newest change of its record; the next begins when it is over, however it went. */
    private CompletionStage<@Nullable Void> last = CompletableFuture.completedFuture(null);

    Own(SessionDetails details) {
      this.details = details;
    }

    synchronized CompletionStage<@Nullable Void> then(
        Supplier<CompletionStage<@Nullable Void>> change) {
      last = last.handle((done, failure) -> change.get()).thenCompose(stage -> stage);
      return last;
    }
  }

  /**
   * @param isRunning whether the member is there; afterwards nothing is tried again
   */
  HazelcastSessionDirectory(
      NodeId self, HazelcastRecordStore<Long, SessionRecord> records, BooleanSupplier isRunning) {
    this.self = self;
    this.records = records;
    this.insist = new Insisting(isRunning);
  }

  @Override
  public CompletionStage<Long> claim() {
    long id = GlobalIds.next();
    return records
        .putIfAbsent(id, claim(self))
        .thenCompose(other -> other == null ? CompletableFuture.completedFuture(id) : claim());
  }

  private static SessionRecord claim(NodeId node) {
    return new SessionRecord(node, null);
  }

  @Override
  public void release(long id) {
    records.remove(id, claim(self));
  }

  @Override
  public CompletionStage<@Nullable Void> enter(SessionDetails session) {
    Own fresh = new Own(session);
    own.put(session.session(), fresh);
    return write(fresh).thenRun(() -> fresh.isEntered = true);
  }

  private CompletionStage<@Nullable Void> write(Own session) {
    return session.then(() -> insist.on(() -> session.isOver, () -> write(session.details)));
  }

  /** The claim may be lost with the members that kept it; then the record is made anew. */
  private CompletionStage<@Nullable Void> write(SessionDetails session) {
    SessionRecord full = new SessionRecord(self, session);
    return records
        .replace(session.session(), claim(self), full)
        .thenCompose(
            replaced ->
                replaced
                    ? CompletableFuture.completedFuture(null)
                    : records.putIfAbsent(session.session(), full).thenAccept(other -> {}));
  }

  @Override
  public CompletionStage<@Nullable Void> change(SessionDetails session) {
    Own known = own.get(session.session());
    return known == null || known.isOver
        ? CompletableFuture.failedFuture(new IllegalStateException("never entered, or gone"))
        : known.then(() -> change(known, session));
  }

  private CompletionStage<@Nullable Void> change(Own known, SessionDetails session) {
    SessionDetails before = known.details;
    known.before = before;
    known.details = session;
    return insist
        .on(() -> known.isOver, () -> replace(before, session))
        .thenRun(() -> known.before = null);
  }

  private CompletionStage<@Nullable Void> replace(SessionDetails before, SessionDetails session) {
    return records
        .replace(
            session.session(), new SessionRecord(self, before), new SessionRecord(self, session))
        .thenCompose(done -> done ? CompletableFuture.completedFuture(null) : write(session));
  }

  @Override
  public CompletionStage<@Nullable Void> leave(long session) {
    Own gone = own.get(session);
    if (gone == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("never entered"));
    }
    gone.isOver = true;
    return gone.then(() -> erase(gone)).whenComplete((done, failure) -> own.remove(session, gone));
  }

  private CompletionStage<@Nullable Void> erase(Own session) {
    long id = session.details.session();
    SessionRecord full = new SessionRecord(self, session.details);
    if (session.isEntered) {
      SessionDetails before = session.before;
      CompletionStage<Boolean> removed = insist.on(() -> records.remove(id, full));
      return (before == null
              ? removed
              : removed.thenCompose(
                  done ->
                      done
                          ? CompletableFuture.completedFuture(true)
                          : insist.on(() -> records.remove(id, new SessionRecord(self, before)))))
          .thenAccept(done -> {});
    }
    // The write was given up, and may still come: in this order it finds no claim then.
    return records
        .remove(id, claim(self))
        .thenCompose(removed -> records.remove(id, full))
        .thenCompose(
            removed -> CompletableFuture.failedFuture(new CancellationException("never entered")));
  }

  @Override
  public CompletionStage<@Nullable SessionDetails> find(long session) {
    Own here = own.get(session);
    return here != null
        ? CompletableFuture.completedFuture(here.isOver ? null : here.details)
        : records.get(session).thenApply(record -> record == null ? null : record.details());
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(Consumer<? super SessionDetails> visitor) {
    return records
        .forEach(
            (id, record) -> {
              SessionDetails details = record.details();
              if (isGhost(id, record)) {
                return records.remove(id, record);
              } else if (details != null && !record.node().equals(self)) {
                visitor.accept(details);
              }
              return CompletableFuture.completedFuture(null);
            })
        .thenApply(
            read -> {
              own.values().stream()
                  .filter(session -> !session.isOver)
                  .forEach(session -> visitor.accept(session.details));
              return null;
            });
  }

  /** A session of this life that is over: a write of unknown outcome came late. */
  private boolean isGhost(long id, SessionRecord record) {
    return record.details() != null && record.node().equals(self) && !own.containsKey(id);
  }

  /** Parts of the record are lost: this node writes again what it has in it. */
  void assertAgain() {
    own.values().stream().filter(session -> !session.isOver).forEach(this::write);
  }

  /**
   * Takes what lives hold that are over out of the record. Reads all of it; may be repeated.
   *
   * @param left is told, on any thread, of each session that it has removed itself: of one session
   *     only one node is, whoever tries; what it begins by that is waited for
   */
  CompletionStage<@Nullable Void> free(
      Predicate<NodeId> isOver, Function<? super SessionDetails, CompletionStage<?>> left) {
    return records.forEach(
        (id, record) ->
            isOver.test(record.node())
                ? records.remove(id, record).thenCompose(removed -> tell(record, removed, left))
                : CompletableFuture.completedFuture(null));
  }

  private static CompletionStage<?> tell(
      SessionRecord record,
      boolean isRemoved,
      Function<? super SessionDetails, CompletionStage<?>> left) {
    SessionDetails details = record.details();
    return isRemoved && details != null
        ? left.apply(details).handle((done, failure) -> null)
        : CompletableFuture.completedFuture(null);
  }
}
