package io.tandem.registry;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
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

  private final UriIndex<Interest> subscriptions = new UriIndex<>();
  private final UriIndex<Registration> registrations = new UriIndex<>();

  // ---- any lane ----

  /** Calls back for the interest behind every subscription that matches the topic (PS-PAT-02). */
  public void interested(String topic, Consumer<? super Interest> visitor) {
    subscriptions.match(topic, visitor);
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
      if (isBetter && passes.test(next)) {
        found = next;
      }
    }
  }

  /** How many subscriptions the table knows. */
  public int subscriptionCount() {
    return subscriptions.size();
  }

  /** How many registrations the table knows. */
  public int registrationCount() {
    return registrations.size();
  }

  // ---- the registry writer ----

  /** Changes the interest in a topic or pattern; an interest of nobody leaves the table. */
  public void changeInterest(
      MatchPolicy match, String uri, long id, UnaryOperator<Interest> change) {
    Interest before = subscriptions.get(match, uri);
    Interest after = change.apply(before == null ? Interest.none(id) : before.identified(id));
    if (after.isNone()) {
      subscriptions.remove(match, uri);
    } else {
      subscriptions.put(match, uri, after);
    }
  }

  /** Adds a callee, or moves it to the place it now has. */
  public void addCallee(
      MatchPolicy match, String uri, long id, InvocationPolicy policy, Callee callee) {
    Registration before = registrations.get(match, uri);
    Registration base =
        before == null || before.id() != id ? Registration.empty(id, match, policy) : before;
    registrations.put(match, uri, base.with(callee));
  }

  /** Removes a callee; a registration without callees leaves the table (RPC-SHR-07). */
  public void removeCallee(MatchPolicy match, String uri, long id, Callee callee) {
    Registration before = registrations.get(match, uri);
    if (before == null || before.id() != id) {
      return;
    }
    Registration after = before.without(callee);
    if (after.callees().isEmpty()) {
      registrations.remove(match, uri);
    } else {
      registrations.put(match, uri, after);
    }
  }
}
