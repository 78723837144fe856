package io.tandem.node.router;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions of clients a realm has on all lanes of a node, and each role. Any thread. */
final class SessionCount {

  private final AtomicInteger all = new AtomicInteger();

  /** As many as there are roles in the configurations that have held. */
  private final Map<String, AtomicInteger> byRole = new ConcurrentHashMap<>();

  /** Takes a place; false, and none taken, where the realm or the role has as many as it may. */
  boolean enter(String role, int most, int mostOfRole) {
    if (!enter(all, most)) {
      return false;
    }
    if (!enter(of(role), mostOfRole)) {
      all.decrementAndGet();
      return false;
    }
    return true;
  }

  private static boolean enter(AtomicInteger count, int most) {
    if (count.incrementAndGet() <= most) {
      return true;
    }
    count.decrementAndGet();
    return false;
  }

  void leave(String role) {
    all.decrementAndGet();
    of(role).decrementAndGet();
  }

  private AtomicInteger of(String role) {
    return byRole.computeIfAbsent(role, name -> new AtomicInteger());
  }
}
