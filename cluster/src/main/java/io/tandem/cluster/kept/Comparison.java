package io.tandem.cluster.kept;

import io.tandem.cluster.delivery.Publication;
import io.tandem.registry.kept.KeptKey;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.kept.WriteBehind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the record, beside what this node keeps. What it did not know it keeps, if the
 * rules have room for it; otherwise, and if nobody else is about to do so, it removes it from the
 * record. What the record does not have, since a node died with it or parts of the record are lost,
 * it writes. The keys of all that is met take eight octets each until it is over.
 */
final class Comparison implements KeptRecord.Reader {

  /** What is younger may be about to be written, or removed, by the node that had it first. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(30);

  /** What is older and belongs to a realm that nobody serves belongs to nobody. */
  private static final Duration LONGEST_UNHELD = Duration.ofMinutes(5);

  /** Keys of realms that this node does not serve; the next comparison finds the rest. */
  private static final int MOST_STRAY = 100_000;

  /** What the record does not have. */
  private record Missing(String realm, KeptPublications kept, Publication publication) {}

  private final Mirror mirror;
  private final WriteBehind behind;
  private final long underWay;
  private final long unheld;
  private final Queue<Missing> missing = new ArrayDeque<>();
  private final Map<String, List<KeptKey>> strays = new HashMap<>();
  private int strayCount;
  private long[] met = new long[1024];
  private int metCount;

  Comparison(Mirror mirror) {
    this.mirror = mirror;
    this.behind = mirror.behind();
    this.underWay = mirror.stamps().ago(UNDER_WAY);
    this.unheld = mirror.stamps().ago(LONGEST_UNHELD);
  }

  CompletionStage<@Nullable Void> run() {
    return mirror
        .record()
        .read(this)
        .thenCompose(
            read -> {
              Arrays.sort(met, 0, metCount);
              mirror.realms().forEach(this::noteWhatIsMissing);
              return writeMissing().thenCompose(written -> removeStrays());
            });
  }

  // ---- what the record has ----

  @Override
  public boolean wants(KeptKey key) {
    KeptPublications kept = mirror.realms().get(key.realm());
    if (kept == null) {
      if (key.stamp() < unheld && strayCount < MOST_STRAY) {
        strayCount++;
        strays.computeIfAbsent(key.realm(), none -> new ArrayList<>()).add(key);
      }
      return false;
    }
    if (metCount == met.length) {
      met = Arrays.copyOf(met, 2 * metCount);
    }
    met[metCount++] = mixed(key);
    return !kept.contains(key.stamp(), key.publication()) && !behind.isChanging(key);
  }

  @Override
  public void found(KeptKey key, byte[] value) {
    KeptPublications kept = mirror.realms().get(key.realm());
    Publication publication = KeptFormat.decode(value);
    if (kept == null || publication == null) {
      return;
    }
    mirror.stamps().heard(publication.stamp());
    for (Publication each : kept.keep(publication)) {
      if (!isUnderWay(each) || mirror.stamps().isOwn(each.stamp())) {
        behind.remove(KeptFormat.key(key.realm(), each));
      }
    }
  }

  private boolean isUnderWay(Publication publication) {
    return publication.stamp() >= underWay && mirror.isThere(publication.stamp());
  }

  /** A number for a key; two keys among millions have the same once in a million readings. */
  private static long mixed(KeptKey key) {
    long mixed = (key.stamp() ^ Long.rotateLeft(key.publication(), 32)) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 29) ^ key.realm().hashCode()) * 0xBF58476D1CE4E5B9L;
    return mixed ^ (mixed >>> 32);
  }

  // ---- what it does not have ----

  private void noteWhatIsMissing(String realm, KeptPublications kept) {
    kept.forEach(
        publication -> {
          KeptKey key = KeptFormat.key(realm, publication);
          boolean isTheirs = !mirror.stamps().isOwn(publication.stamp());
          if (!(isTheirs && isUnderWay(publication))
              && Arrays.binarySearch(met, 0, metCount, mixed(key)) < 0
              && !behind.isChanging(key)) {
            missing.add(new Missing(realm, kept, publication));
          }
        });
  }

  /** As there is room; what has gone meanwhile is left out. */
  private CompletionStage<@Nullable Void> writeMissing() {
    while (!missing.isEmpty()) {
      Missing next = missing.element();
      if (!behind.hasRoom(Pool.weight(next.publication))) {
        return behind.written().thenCompose(written -> writeMissing());
      }
      missing.remove();
      if (next.kept.contains(next.publication.stamp(), next.publication.id())) {
        mirror.write(next.realm, next.publication, next.kept, false);
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  // ---- what belongs to nobody ----

  private CompletionStage<@Nullable Void> removeStrays() {
    CompletableFuture<?>[] asked =
        strays.entrySet().stream()
            .map(
                stray ->
                    mirror
                        .record()
                        .isHeld(stray.getKey())
                        .thenAccept(
                            isHeld -> {
                              if (!isHeld && mirror.realms().get(stray.getKey()) == null) {
                                stray.getValue().forEach(behind::remove);
                              }
                            })
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked).thenApply(done -> null);
  }
}
