package io.tandem.cluster.proof;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Connections that came in and have proved nothing yet, a bounded number: beyond it the one that
 * has waited longest is closed. A node needs a round trip, so those that wait long are strangers.
 * Any thread.
 */
final class Unproved {

  private final int most;
  private final Set<Runnable> closers = new LinkedHashSet<>();

  Unproved(int most) {
    this.most = most;
  }

  /**
   * @param closer ends the connection; told apart by its identity
   */
  void enter(Runnable closer) {
    Runnable longest = null;
    synchronized (closers) {
      closers.add(closer);
      if (closers.size() > most) {
        longest = closers.iterator().next();
        closers.remove(longest);
      }
    }
    if (longest != null) {
      longest.run();
    }
  }

  void leave(Runnable closer) {
    synchronized (closers) {
      closers.remove(closer);
    }
  }
}
