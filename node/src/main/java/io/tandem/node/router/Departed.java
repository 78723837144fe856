package io.tandem.node.router;

import io.tandem.cluster.Scheduler;
import io.tandem.registry.Callee;
import io.tandem.registry.Registration;
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
    places.put(new Place(registration, callee.session()), scheduler.nanoTime());
  }

  boolean contains(Registration registration, Callee callee) {
    if (places.isEmpty()) {
      return false;
    }
    Place place = new Place(registration.id(), callee.session());
    Long since = places.get(place);
    if (since != null && scheduler.nanoTime() - since > KEPT_NANOS) {
      places.remove(place);
      return false;
    }
    return since != null;
  }
}
