package io.tandem.cluster.delivery;

import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who among the subscribers may receive a publication: black and white lists (PS-BWL-01), and the
 * publisher itself only if it asked for that (PS-EXCL-01). Made once on each node, in n log n
 * steps, and read by all lanes. Immutable.
 */
public final class Audience {

  private final long publisher;
  private final boolean publisherExcluded;
  private final @Nullable Lists eligible;
  private final @Nullable Lists excluded;

  private Audience(long publisher, Options options) {
    this.publisher = publisher;
    this.publisherExcluded = options.get(Keys.EXCLUDE_ME, true);
    this.eligible = Lists.of(options, Keys.ELIGIBLE, Keys.ELIGIBLE_AUTHID, Keys.ELIGIBLE_AUTHROLE);
    this.excluded = Lists.of(options, Keys.EXCLUDE, Keys.EXCLUDE_AUTHID, Keys.EXCLUDE_AUTHROLE);
  }

  /** Of a publication by this session with these options. */
  static Audience of(long publisher, Options options) {
    return new Audience(publisher, options);
  }

  /** Whether the subscriber may have it. */
  public boolean includes(long session, String authid, String authrole) {
    return !(publisherExcluded && session == publisher)
        && (eligible == null || eligible.nameInAll(session, authid, authrole))
        && (excluded == null || !excluded.nameInAny(session, authid, authrole));
  }

  /** Three lists that name sessions in different ways; one that is null was not given. */
  private static final class Lists {
    private final long @Nullable [] sessions;
    private final @Nullable Set<String> authids;
    private final @Nullable Set<String> authroles;

    private Lists(
        @Nullable List<Long> sessions,
        @Nullable List<String> authids,
        @Nullable List<String> authroles) {
      this.sessions = sorted(sessions);
      this.authids = set(authids);
      this.authroles = set(authroles);
    }

    static @Nullable Lists of(
        Options options,
        Key<List<Long>> sessions,
        Key<List<String>> authids,
        Key<List<String>> authroles) {
      return options.has(sessions) || options.has(authids) || options.has(authroles)
          ? new Lists(options.get(sessions), options.get(authids), options.get(authroles))
          : null;
    }

    private static long @Nullable [] sorted(@Nullable List<Long> list) {
      return list == null ? null : list.stream().mapToLong(each -> each).sorted().toArray();
    }

    /** In such a set strings of one hash code are in order; the sets of Set.copyOf are searched. */
    private static @Nullable Set<String> set(@Nullable List<String> list) {
      return list == null ? null : new HashSet<>(list);
    }

    /** An empty white list means nobody (PS-BWL-04). */
    boolean nameInAll(long session, String authid, String authrole) {
      return (sessions == null || Arrays.binarySearch(sessions, session) >= 0)
          && (authids == null || authids.contains(authid))
          && (authroles == null || authroles.contains(authrole));
    }

    boolean nameInAny(long session, String authid, String authrole) {
      return (sessions != null && Arrays.binarySearch(sessions, session) >= 0)
          || (authids != null && authids.contains(authid))
          || (authroles != null && authroles.contains(authrole));
    }
  }
}
