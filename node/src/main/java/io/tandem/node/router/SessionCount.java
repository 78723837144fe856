package io.tandem.node.router;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many sessions of clients a realm has on all lanes of a node, and each role. Any thread. */
public final class SessionCount {

  /** Stands for none, and none to come. */
  private static final int SHUT = -1;

  private final AtomicInteger all = new AtomicInteger();
  private final AtomicLong joins = new AtomicLong();

  /** As many as there are roles in the configurations that have held. */
  private final Map<String, AtomicInteger> byRole = new ConcurrentHashMap<>();

  /** Sessions that are there. */
  public int sessions() {
    return Math.max(0, all.get());
  }

  /** Sessions that have ever come. */
  public long joins() {
    return joins.get();
  }

  /** Nobody enters any more; false, and no change, where somebody is there or about to join. */
  public boolean shut() {
    return all.compareAndSet(0, SHUT) || isShut();
  }

  boolean isShut() {
    return all.get() == SHUT;
  }

  /**
   * Takes a place; false, and none taken, where the realm or the role has as many as it may, or is
   * shut.
   */
  boolean enter(String role, int most, int mostOfRole) {
    if (!enter(all, most)) {
      return false;
    }
    if (!enter(of(role), mostOfRole)) {
      all.decrementAndGet();
      return false;
    }
    joins.incrementAndGet();
    return true;
  }

  private static boolean enter(AtomicInteger count, int most) {
    for (int now = count.get(); now != SHUT && now < most; now = count.get()) {
      if (count.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** One of them has another role now, however many have that. */
  void move(String from, String to) {
    of(to).incrementAndGet();
    of(from).decrementAndGet();
  }

  void leave(String role) {
    all.decrementAndGet();
    of(role).decrementAndGet();
  }

  /**
   * How many there are.
   *
   * @param roles of those that are wanted; null for all
   */
  public long count(@Nullable Set<String> roles) {
    return roles == null
        ? sessions()
        : roles.stream()
            .map(byRole::get)
            .filter(Objects::nonNull)
            .mapToLong(AtomicInteger::get)
            .sum();
  }

  private AtomicInteger of(String role) {
    return byRole.computeIfAbsent(role, name -> new AtomicInteger());
  }
}
