package io.tandem.registry;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A registration as a node's routing table knows it. Any lane reads it; a change is a new object
 * that shares the round-robin position with the one before.
 *
 * <p>As a rule a resource has one. While a registration ends on one node and another one of the
 * same resource begins on a second node, a third node may hear of both in any order: then one
 * stands behind the other, and calls that the first cannot serve find the second.
 */
public final class Registration {

  private final long id;
  private final MatchPolicy match;
  private final InvocationPolicy policy;
  private final List<Callee> callees;

  /** Ordinal of the callee that had the last turn of a round robin; -1 before the first. */
  private final AtomicLong lastTurn;

  private final @Nullable Registration behind;

  private Registration(
      long id,
      MatchPolicy match,
      InvocationPolicy policy,
      List<Callee> callees,
      AtomicLong lastTurn,
      @Nullable Registration behind) {
    this.id = id;
    this.match = match;
    this.policy = policy;
    this.callees = List.copyOf(callees);
    this.lastTurn = lastTurn;
    this.behind = behind;
  }

  /** A registration without callees yet. */
  public static Registration empty(long id, MatchPolicy match, InvocationPolicy policy) {
    return new Registration(id, match, policy, List.of(), new AtomicLong(-1), null);
  }

  public long id() {
    return id;
  }

  public InvocationPolicy policy() {
    return policy;
  }

  public MatchPolicy match() {
    return match;
  }

  /** The callees in the order of registration. */
  public List<Callee> callees() {
    return callees;
  }

  /** With this callee at its place in the order. */
  public Registration with(Callee callee) {
    List<Callee> more = new ArrayList<>(callees);
    more.removeIf(callee::sameSession);
    more.add(callee);
    more.sort(Comparator.comparingLong(Callee::ordinal));
    return new Registration(id, match, policy, more, lastTurn, behind);
  }

  /** Without the callee of this session. */
  public Registration without(Callee callee) {
    return new Registration(
        id,
        match,
        policy,
        callees.stream().filter(other -> !other.sameSession(callee)).toList(),
        lastTurn,
        behind);
  }

  /** The one of the same resource that stands behind this one, with another ID, or null. */
  public @Nullable Registration behind() {
    return behind;
  }

  /** In front of this one, or of none. */
  Registration before(@Nullable Registration other) {
    return new Registration(id, match, policy, callees, lastTurn, other);
  }

  /** The same under this policy. */
  Registration by(InvocationPolicy other) {
    return new Registration(id, match, other, callees, lastTurn, behind);
  }

  /**
   * The callee for the next call by the invocation policy (RPC-SHR-05), among those that pass; null
   * when none does. Callees that do not pass are considered absent.
   *
   * @param loads who has how many calls, for {@link InvocationPolicy#LEAST_BUSY}
   * @param key of the call, for {@link InvocationPolicy#STICKY}; calls without one take turns
   */
  public @Nullable Callee pick(Predicate<Callee> passes, CalleeLoads loads, @Nullable String key) {
    return switch (policy) {
      case SINGLE, FIRST -> firstFrom(0, 1, passes);
      case LAST -> firstFrom(callees.size() - 1, callees.size() - 1, passes);
      case RANDOM -> any(passes);
      case ROUNDROBIN -> nextInTurn(passes);
      case LEAST_BUSY -> leastBusy(passes, loads);
      case STICKY -> key == null ? nextInTurn(passes) : Rendezvous.pick(key, callees, passes);
    };
  }

  /** Of those that are as little busy any: nodes that all began with the same one would pile up. */
  private @Nullable Callee leastBusy(Predicate<Callee> passes, CalleeLoads loads) {
    int size = callees.size();
    int start = size == 0 ? 0 : ThreadLocalRandom.current().nextInt(size);
    Callee least = null;
    int fewest = Integer.MAX_VALUE;
    for (int tried = 0; tried < size && fewest > 0; tried++) {
      Callee callee = callees.get((start + tried) % size);
      int calls = loads.of(callee.session());
      if (calls < fewest && passes.test(callee)) {
        least = callee;
        fewest = calls;
      }
    }
    return least;
  }

  /** Any with the same chance, and for one that is absent any of the rest. */
  private @Nullable Callee any(Predicate<Callee> passes) {
    if (callees.isEmpty()) {
      return null;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Callee chosen = callees.get(random.nextInt(callees.size()));
    if (passes.test(chosen)) {
      return chosen;
    }
    chosen = null;
    int present = 0;
    for (Callee callee : callees) {
      if (passes.test(callee) && random.nextInt(++present) == 0) {
        chosen = callee;
      }
    }
    return chosen;
  }

  /** The one after the callee that had the last turn; lanes that pick at once take turns too. */
  private @Nullable Callee nextInTurn(Predicate<Callee> passes) {
    while (true) {
      long last = lastTurn.get();
      Callee next = firstFrom(firstAfter(last), 1, passes);
      if (next == null || lastTurn.compareAndSet(last, next.ordinal())) {
        return next;
      }
    }
  }

  /** The place of the first callee beyond this ordinal, or behind all of them. */
  private int firstAfter(long ordinal) {
    int low = 0;
    int high = callees.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (callees.get(middle).ordinal() <= ordinal) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private @Nullable Callee firstFrom(int start, int step, Predicate<Callee> passes) {
    int size = callees.size();
    for (int tried = 0; tried < size; tried++) {
      Callee callee = callees.get((start + tried * step) % size);
      if (passes.test(callee)) {
        return callee;
      }
    }
    return null;
  }
}
