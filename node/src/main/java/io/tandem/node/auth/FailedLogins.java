package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.node.credentials.Sasl;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has to pause before it may try to log in again, since too many attempts have failed
 * (AUTH-11): counted for each address, for each authid from each address, and for each authid from
 * wherever. Whether an authid exists plays no part. What is kept is bounded, and the oldest goes;
 * of authids only hashes are kept. One for a node; any thread.
 */
public final class FailedLogins {

  /** Entries of each of the four books, 150 octets each. */
  static final int MOST = 8_192;

  /**
   * When pauses begin, and how long they are.
   *
   * @param perAuthid failures of one authid from one address
   * @param perAddress failures of one address
   * @param perAuthidAnywhere failures of one authid from all addresses; from then on an address
   *     from which it has not logged in before pauses after each failure
   * @param pause the first one; each further failure doubles it
   * @param longestPause that none exceeds
   * @param forgetAfter how long after the last one failures count
   */
  public record Policy(
      int perAuthid,
      int perAddress,
      int perAuthidAnywhere,
      Duration pause,
      Duration longestPause,
      Duration forgetAfter) {

    /** Has nobody pause. */
    public static final Policy NONE =
        new Policy(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);

    /** How long to pause after so many failures beyond those that are free. */
    private Duration pauseAfter(int more) {
      long longest = longestPause.toNanos();
      long first = pause.toNanos();
      return Duration.ofNanos(
          more >= Long.numberOfLeadingZeros(first) - 1
              ? longest
              : Math.min(first << more, longest));
    }
  }

  /**
   * An attempt to log in.
   *
   * @param authid that the client claims to have; null where it claims none
   * @param network that it comes from, see {@link Evidence#network}
   */
  public record Attempt(String realm, @Nullable String authid, String network) {}

  /**
   * A pause that an attempt has brought about.
   *
   * @param failures that have led to it
   * @param ofAddress whether all of its address pause, rather than its authid there
   */
  public record Pause(int failures, Duration length, boolean ofAddress) {}

  private record Key(long high, long low) {}

  /** Failures of somebody, the last one, and until when it pauses; both in nanoseconds. */
  private record Tally(int failures, long last, long until) {}

  private final Map<Key, Tally> ofAuthidAtAddress = new LinkedHashMap<>();
  private final Map<Key, Tally> ofAddress = new LinkedHashMap<>();
  private final Map<Key, Tally> ofAuthid = new LinkedHashMap<>();

  /** Authids and the addresses from which they have logged in. */
  private final Set<Key> known = new LinkedHashSet<>();

  private volatile Policy policy;

  public FailedLogins(Policy policy) {
    this.policy = policy;
  }

  /** From now on this holds; pauses that have begun go on. */
  public void policy(Policy next) {
    policy = next;
  }

  /**
   * Whether the attempt has to wait. Those who have logged in from an address before are not kept
   * out by what others do there.
   *
   * @param now by a clock that all callers share, in nanoseconds
   */
  public synchronized boolean isPaused(Attempt attempt, long now) {
    Key here = here(attempt);
    return (here != null && isPaused(ofAuthidAtAddress.get(here), now))
        || (isPaused(ofAddress.get(key(attempt.network())), now)
            && (here == null || !known.contains(here)));
  }

  private static boolean isPaused(@Nullable Tally tally, long now) {
    return tally != null && tally.until - now > 0;
  }

  /** It has failed; the pause that follows, or null. */
  public synchronized @Nullable Pause failed(Attempt attempt, long now) {
    Policy rules = policy;
    Pause address = count(ofAddress, key(attempt.network()), rules.perAddress(), true, now);
    Key here = here(attempt);
    if (here == null) {
      return address;
    }
    Key anywhere = key(attempt.realm(), name(String.valueOf(attempt.authid())));
    count(ofAuthid, anywhere, Integer.MAX_VALUE, false, now);
    Tally all = ofAuthid.get(anywhere);
    boolean attacked = all != null && all.failures >= rules.perAuthidAnywhere();
    int free = attacked && !known.contains(here) ? 1 : rules.perAuthid();
    Pause authid = count(ofAuthidAtAddress, here, free, false, now);
    return address == null ? authid : address;
  }

  private @Nullable Pause count(
      Map<Key, Tally> book, Key who, int free, boolean isAddress, long now) {
    Policy rules = policy;
    Tally before = book.remove(who);
    boolean counts = before != null && now - before.last <= rules.forgetAfter().toNanos();
    int failures = counts ? before.failures + 1 : 1;
    Pause pause =
        failures < free ? null : new Pause(failures, rules.pauseAfter(failures - free), isAddress);
    book.put(who, new Tally(failures, now, pause == null ? now : now + pause.length.toNanos()));
    dropOldest(book.keySet());
    return pause;
  }

  /** It has succeeded: failures of its address, and of its authid there, are forgotten. */
  public synchronized void succeeded(Attempt attempt) {
    ofAddress.remove(key(attempt.network()));
    Key here = here(attempt);
    if (here != null) {
      ofAuthidAtAddress.remove(here);
      known.remove(here);
      known.add(here);
      dropOldest(known);
    }
  }

  private static void dropOldest(Set<Key> book) {
    if (book.size() > MOST) {
      Iterator<Key> oldest = book.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Entries of all books. */
  synchronized int entries() {
    return ofAuthidAtAddress.size() + ofAddress.size() + ofAuthid.size() + known.size();
  }

  private static @Nullable Key here(Attempt attempt) {
    return attempt.authid() == null
        ? null
        : key(attempt.realm(), attempt.network(), name(attempt.authid()));
  }

  /** As SCRAM compares them: otherwise one authid could be written in many ways. */
  private static String name(String authid) {
    String prepared = Sasl.prepare(authid);
    return prepared == null ? authid : prepared;
  }

  /** Texts that strangers choose may be long, and made to collide. */
  private static Key key(String... parts) {
    ByteBuffer hash = ByteBuffer.wrap(Hashes.sha256(Hashes.utf8(String.join("\n", parts))));
    return new Key(hash.getLong(), hash.getLong());
  }
}
