package io.tandem.cluster.kept;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.delivery.Stamps;
import io.tandem.registry.SharedTurn;
import io.tandem.registry.kept.KeptKey;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.kept.LocalKeptRecord;
import io.tandem.registry.kept.WriteBehind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What this node keeps of publications in its own memory, where it is found without waiting, beside
 * the record of the cluster that outlives it. The node that has a publication first writes it into
 * the record, behind the publisher's back; the others hear of it over their links. A publication
 * that goes for another one is removed by the node that had it first and by the one that had the
 * other first, which are one as a rule; a removal may be made twice. Whatever a node's death or a
 * lost link leaves undone is found when somebody compares both ({@link #compare}).
 *
 * <p>Any thread.
 */
public final class Mirror {

  /** How long a realm that a node serves is known to be served by somebody. */
  private static final Duration HELD = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final long self;
  private final Stamps stamps;
  private final Map<String, KeptPublications> realms = new ConcurrentHashMap<>();
  private volatile KeptRecord record;
  private volatile WriteBehind behind;

  /** Of the other nodes that are there. */
  private volatile long bits;

  /** The stamp of what this node had first of late. */
  private volatile long lastOwn;

  private final SharedTurn<Boolean, @Nullable Void> comparison =
      SharedTurn.of(() -> new Comparison(this).run());

  /**
   * Beside a record of its own.
   *
   * @param self the incarnation of this node
   */
  public Mirror(InstantSource clock, long self) {
    this.clock = clock;
    this.self = self;
    this.stamps = new Stamps(clock, self);
    this.record = new LocalKeptRecord(clock);
    this.behind = new WriteBehind(record, Runnable::run, Long.MAX_VALUE);
  }

  /**
   * Beside this record from now on; before there is anything to be kept.
   *
   * @param executor writes there
   * @param mostOctets may wait for that
   */
  public void recordedIn(KeptRecord shared, Executor executor, long mostOctets) {
    record = shared;
    behind = new WriteBehind(shared, executor, mostOctets);
  }

  /**
   * These rules hold for the realm from now on.
   *
   * @return whether this node had nothing of the realm before
   */
  public boolean rules(String realm, KeepRules rules) {
    KeptPublications known = realms.get(realm);
    if (known == null) {
      realms.put(realm, new KeptPublications(rules, clock));
      return true;
    }
    known.rules(rules).forEach(gone -> behind.remove(KeptFormat.key(realm, gone)));
    return false;
  }

  /** This node keeps nothing of the realm any more. The record does while others serve it. */
  public void forget(String realm) {
    realms.remove(realm);
  }

  /** What is kept of a realm; null where the node does not serve it. */
  public @Nullable KeptPublications realm(String name) {
    return realms.get(name);
  }

  /** These other nodes are there, by their incarnations: what they begin they see to. */
  public void others(LongStream incarnations) {
    bits = incarnations.map(Stamps::bit).reduce(0, (some, one) -> some | one);
  }

  /** Whether who has given this stamp is there, which may be another node. */
  boolean isThere(long stamp) {
    return ((bits | Stamps.bit(self)) & Stamps.bit(stamp)) != 0;
  }

  /** Gives publications their place. */
  public Stamps stamps() {
    return stamps;
  }

  /** Keeps a publication that this node has first. */
  public void keepOwn(String realm, Publication publication) {
    KeptPublications kept = realms.get(realm);
    if (kept == null) {
      return;
    }
    lastOwn = publication.stamp();
    List<Publication> gone = kept.keep(publication);
    gone.stream()
        .filter(each -> each.stamp() != publication.stamp())
        .forEach(each -> behind.remove(KeptFormat.key(realm, each)));
    write(realm, publication, kept, true);
  }

  /** Keeps one that comes from another node. */
  public void keepOthers(String realm, Publication publication) {
    stamps.heard(publication.stamp());
    KeptPublications kept = realms.get(realm);
    if (kept != null) {
      for (Publication gone : kept.keep(publication)) {
        if (stamps.isOwn(gone.stamp())) {
          behind.remove(KeptFormat.key(realm, gone));
        }
      }
    }
  }

  /**
   * @param isFirst whether the record does not have it for sure
   */
  void write(String realm, Publication publication, KeptPublications kept, boolean isFirst) {
    Duration left = kept.left(publication);
    if (left != null && left.isZero()) {
      return;
    }
    Publication own = publication.apart();
    KeptKey key = KeptFormat.key(realm, own);
    behind.put(key, () -> KeptFormat.encode(own), left, Pool.weight(own), isFirst);
    if (!kept.contains(own.stamp(), own.id())) { // another lane has just had one in its place
      behind.remove(key);
    }
  }

  /**
   * Compares the record with what this node keeps, once at a time: what it has missed it keeps from
   * now on, and what the record lacks it writes.
   */
  public CompletionStage<@Nullable Void> compare() {
    return comparison.ask();
  }

  /** To be run once a minute: drops what has come of age, and holds the realms that it serves. */
  public void tend() {
    realms.forEach(
        (realm, kept) -> {
          kept.expire();
          if (kept.events() > 0) {
            record.hold(realm, HELD);
          }
        });
  }

  /** Completes when all that this node had first until now is in the record. */
  public CompletionStage<@Nullable Void> written() {
    return behind.written();
  }

  /** The stamp of what this node had first of late. */
  public long lastOwn() {
    return lastOwn;
  }

  /** What is still to be written. */
  public WriteBehind behind() {
    return behind;
  }

  KeptRecord record() {
    return record;
  }

  Map<String, KeptPublications> realms() {
    return realms;
  }
}
