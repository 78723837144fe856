package io.tandem.node.router;

import io.tandem.registry.Callee;
import io.tandem.registry.Registration;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Callees that are gone, as a refusal has told this lane, while the tables may still name them. No
 * new call goes to them where there are others.
 */
final class Departed {

  /** By then the tables know. */
  private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

  /** At the bound all are forgotten: that costs a refusal for each. */
  private static final int BOUND = 256;

  private record Place(long registration, long session) {}

  private final Scheduler scheduler;

  /** When each was added. */
  private final Map<Place, Long> places = new HashMap<>();

  /** When the newest was. */
  private long newest;

  Departed(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  void add(long registration, Callee callee) {
    if (places.size() >= BOUND) {
      places.clear();
    }
    newest = scheduler.nanoTime();
    places.put(new Place(registration, callee.session()), newest);
  }

  boolean contains(Registration registration, Callee callee) {
    if (places.isEmpty()) {
      return false;
    }
    long now = scheduler.nanoTime();
    if (now - newest > KEPT_NANOS) {
      // Also what nobody will look for again: calls shall not pay for it.
      places.clear();
      return false;
    }
    Long since = places.get(new Place(registration.id(), callee.session()));
    return since != null && now - since <= KEPT_NANOS;
  }
}
