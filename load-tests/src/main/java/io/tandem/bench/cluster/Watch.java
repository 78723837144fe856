package io.tandem.bench.cluster;

import io.tandem.bench.Waiting;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks every node for its view of the cluster, over and over, each on a thread of its own. */
final class Watch implements AutoCloseable {

  /** Below this nothing is told apart. */
  static final Duration INTERVAL = Duration.ofMillis(50);

  /** A view that is older is no view. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final List<BenchNode> nodes;
  private final List<Sighting> sightings = new ArrayList<>();
  private volatile boolean over;

  Watch(List<BenchNode> nodes) {
    this.nodes = nodes;
    for (int i = 0; i < nodes.size(); i++) {
      int observer = i;
      Thread thread = new Thread(() -> watch(observer), "watch-" + nodes.get(i).name());
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void watch(int observer) {
    while (!over) {
      long asked = System.nanoTime();
      JsonObject view = nodes.get(observer).cluster(FRESH);
      if (view != null) {
        synchronized (sightings) {
          sightings.add(Sighting.of(asked, observer, view));
        }
      }
      Waiting.pause(INTERVAL);
    }
  }

  /** When this node first told so, having been asked at {@code since} or later. */
  OptionalLong first(int observer, long since, Predicate<Sighting> what) {
    synchronized (sightings) {
      return sightings.stream()
          .filter(s -> s.observer() == observer && s.at() - since >= 0 && what.test(s))
          .mapToLong(Sighting::at)
          .findFirst();
    }
  }

  /** Whether these nodes agree just now. */
  boolean agree(List<Integer> observers) {
    List<Sighting> latest = new ArrayList<>();
    for (int observer : observers) {
      Sighting last = last(observer);
      if (last == null || System.nanoTime() - last.at() > FRESH.toNanos()) {
        return false;
      }
      latest.add(last);
    }
    return Sighting.agree(latest);
  }

  /** The newest view of a node; null when it has told none. */
  @Nullable Sighting last(int observer) {
    synchronized (sightings) {
      for (int i = sightings.size() - 1; i >= 0; i--) {
        if (sightings.get(i).observer() == observer) {
          return sightings.get(i);
        }
      }
      return null;
    }
  }

  @Override
  public void close() {
    over = true;
  }
}
