package io.tandem.node.router;

import io.tandem.registry.RoutingTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The realms that a node serves, and what their lanes share of each: how they are run, what their
 * sessions may make the node keep, how many sessions there are. Any thread; changes come one at a
 * time.
 */
final class ServedRealms {

  private final Budget memory;
  private final RoutingTables tables;
  private final Keeping keeping;
  private volatile List<RealmSettings> settings = List.of();
  private final Map<String, Budget> budgets = new ConcurrentHashMap<>();
  private final Map<String, SessionCount> counts = new ConcurrentHashMap<>();

  /**
   * @param memory what all of them together may make the node keep
   */
  ServedRealms(Budget memory, RoutingTables tables, Keeping keeping) {
    this.memory = memory;
    this.tables = tables;
    this.keeping = keeping;
  }

  List<RealmSettings> settings() {
    return settings;
  }

  boolean serves(String realm) {
    return budgets.containsKey(realm);
  }

  /** These hold from now on. What others are there goes when it is {@link #forget forgotten}. */
  synchronized void replace(List<RealmSettings> all) {
    settings = List.copyOf(all);
    all.forEach(this::grant);
  }

  /** One more realm. */
  synchronized void add(RealmSettings realm) {
    List<RealmSettings> all = new ArrayList<>(settings);
    all.removeIf(other -> other.name().equals(realm.name()));
    all.add(realm);
    replace(all);
  }

  /** Nothing of the realm is kept any more: no lane has a share of it. Only on the home loop. */
  synchronized void forget(String realm) {
    settings = settings.stream().filter(each -> !each.name().equals(realm)).toList();
    budgets.remove(realm);
    counts.remove(realm);
    keeping.forget(realm);
    tables.release(realm);
  }

  private void grant(RealmSettings realm) {
    budgets
        .computeIfAbsent(realm.name(), name -> memory.part(realm.memory()))
        .limit(realm.memory());
    keeping.rules(realm.name(), realm.keep());
  }

  /** What the realm's sessions may make the node keep. */
  Budget memory(String realm) {
    return Objects.requireNonNull(budgets.get(realm));
  }

  SessionCount count(String realm) {
    return counts.computeIfAbsent(realm, name -> new SessionCount());
  }
}
