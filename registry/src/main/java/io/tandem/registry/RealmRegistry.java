package io.tandem.registry;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The routing table of one realm on one node: which lanes and nodes want which topics, and which
 * callees offer which procedures. Every lane reads it without locks on every message; the node's
 * registry writer alone changes it.
 */
public final class RealmRegistry {

  /** How many different interests are remembered, a power of two. */
  private static final int RECENT = 256;

  private final UriIndex<Interest> subscriptions = new UriIndex<>();
  private final UriIndex<Registration> registrations = new UriIndex<>();
  private final Moving moving = new Moving();
  private final CalleeLoads loads = new CalleeLoads();

  /** For the writer only. */
  private final Interest[] recent = new Interest[RECENT];

  // ---- any lane ----

  /** Calls back for the interest behind every subscription that matches the topic (PS-PAT-02). */
  public void interested(String topic, Consumer<? super Interest> visitor) {
    subscriptions.match(topic, visitor);
  }

  /** The subscriptions that match the topic, by match policy and URI. */
  public List<Resource> matching(String realm, String topic) {
    return subscriptions.matching(topic).stream()
        .map(item -> new Resource(realm, item.match(), item.uri()))
        .toList();
  }

  /** The one registration that a call of this procedure uses, or null (RPC-PAT-03). */
  public @Nullable Registration procedure(String uri) {
    return registrations.best(uri);
  }

  /**
   * The one that a call uses when only those which pass are considered: the table may still name
   * registrations that are gone.
   */
  public @Nullable Registration procedure(String uri, Predicate<? super Registration> passes) {
    Best best = new Best(passes);
    registrations.match(uri, best);
    return best.found;
  }

  /** The best of what matches; it is told the exact one, prefixes from short to long, the rest. */
  private static final class Best implements Consumer<Registration> {
    private final Predicate<? super Registration> passes;
    private @Nullable Registration found;

    Best(Predicate<? super Registration> passes) {
      this.passes = passes;
    }

    @Override
    public void accept(Registration next) {
      boolean isBetter =
          found == null
              || (found.match() == MatchPolicy.PREFIX && next.match() == MatchPolicy.PREFIX);
      for (Registration one = isBetter ? next : null; one != null; one = one.behind()) {
        if (passes.test(one)) {
          found = one;
          return;
        }
      }
    }
  }

  /** Whether the table takes one more subscription without making each match dearer. */
  public boolean hasRoomForSubscription(MatchPolicy match, String uri) {
    return subscriptions.hasRoom(match, uri);
  }

  /** Whether the table takes one more registration without making each match dearer. */
  public boolean hasRoomForRegistration(MatchPolicy match, String uri) {
    return registrations.hasRoom(match, uri);
  }

  /**
   * Whether the procedure's last callee went with its node a moment ago. Asked of a procedure that
   * is not there; when it does not move either, it may have arrived between the two looks.
   */
  public boolean isMoving(String procedure) {
    return moving.contains(procedure);
  }

  /** How busy its callees are. */
  public CalleeLoads loads() {
    return loads;
  }

  /** How many subscriptions the table knows. */
  public int subscriptionCount() {
    return subscriptions.size();
  }

  /** How many registrations the table knows. */
  public int registrationCount() {
    return registrations.size();
  }

  /** Whether nothing is found here, nor about to come back elsewhere. */
  boolean isEmpty() {
    return subscriptions.size() == 0 && registrations.size() == 0 && moving.isEmpty();
  }

  // ---- the registry writer ----

  /** Changes the interest in a topic or pattern; an interest of nobody leaves the table. */
  public void changeInterest(MatchPolicy match, String uri, UnaryOperator<Interest> change) {
    Interest before = subscriptions.get(match, uri);
    Interest after = change.apply(before == null ? Interest.NONE : before);
    if (after.isNone()) {
      subscriptions.remove(match, uri);
    } else if (!after.equals(before)) {
      subscriptions.put(match, uri, shared(after));
    }
  }

  /** An equal one that others stand for already, where there is one: few differ, of a million. */
  private Interest shared(Interest interest) {
    int hash = interest.hashCode();
    int place = (hash ^ hash >>> 16) & RECENT - 1;
    if (!interest.equals(recent[place])) {
      recent[place] = interest;
    }
    return recent[place];
  }

  /** Adds a callee, or moves it to the place it now has; the procedure moves no longer. */
  public void addCallee(
      MatchPolicy match, String uri, long id, InvocationPolicy policy, Callee callee) {
    Registration first = registrations.get(match, uri);
    Registration known = first;
    while (known != null && known.id() != id) {
      known = known.behind();
    }
    put(
        match,
        uri,
        known == null
            ? Registration.empty(id, match, policy).with(callee).before(first)
            : replaced(first, known, known.by(better(known.policy(), policy)).with(callee)));
    // In this order, and the other one below: lanes find it in at least one of both.
    moving.remove(match, uri);
  }

  /** A node of an earlier release says what it takes an extension for. */
  private static InvocationPolicy better(InvocationPolicy known, InvocationPolicy said) {
    return said == known.specified() ? known : said;
  }

  /**
   * Removes a callee; a registration without callees leaves the table (RPC-SHR-07).
   *
   * @param itsNodeLeaves whether the procedure moves when nobody is left who offers it
   */
  void removeCallee(MatchPolicy match, String uri, long id, Callee callee, boolean itsNodeLeaves) {
    Registration first = registrations.get(match, uri);
    for (Registration known = first; known != null; known = known.behind()) {
      if (known.id() == id) {
        Registration row = replaced(first, known, known.without(callee));
        if (row == null && itsNodeLeaves) {
          moving.add(match, uri, callee.node());
        }
        put(match, uri, row);
        return;
      }
    }
  }

  /** Who has not come back elsewhere by now does not move. */
  void forgetMoving(NodeId from) {
    moving.forget(from);
  }

  private void put(MatchPolicy match, String uri, @Nullable Registration row) {
    if (row == null) {
      registrations.remove(match, uri);
    } else {
      registrations.put(match, uri, row);
    }
  }

  /** The row of registrations with another in one's place, or with none where it has no callees. */
  private static @Nullable Registration replaced(
      @Nullable Registration row, Registration old, Registration now) {
    if (row == null) {
      return null;
    } else if (row != old) {
      return row.before(replaced(row.behind(), old, now));
    }
    return now.callees().isEmpty() ? now.behind() : now;
  }

  /** Calls back for every callee of the resource with the ID of its registration. */
  public void callees(MatchPolicy match, String uri, BiConsumer<Long, Callee> visitor) {
    for (Registration r = registrations.get(match, uri); r != null; r = r.behind()) {
      for (Callee callee : r.callees()) {
        visitor.accept(r.id(), callee);
      }
    }
  }

  /** Whether the table names the callee's session behind a registration of the resource. */
  public boolean hasCallee(MatchPolicy match, String uri, Callee callee) {
    for (Registration r = registrations.get(match, uri); r != null; r = r.behind()) {
      if (r.callees().stream().anyMatch(callee::sameSession)) {
        return true;
      }
    }
    return false;
  }

  // ---- whoever looks at all of it ----

  /** All subscriptions, as {@link UriIndex#iterator} walks. */
  Iterator<UriIndex.Item<Interest>> subscriptions() {
    return subscriptions.iterator();
  }

  /** All registrations, likewise; each may have others behind it. */
  Iterator<UriIndex.Item<Registration>> registrations() {
    return registrations.iterator();
  }
}
