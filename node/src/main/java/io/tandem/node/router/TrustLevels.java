package io.tandem.node.router;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far callers and publishers of a realm are trusted, by what its configuration says of their
 * role and of the URI (RPC-TRUST-01, PS-TRUST-01). Immutable once it is in use; any thread.
 */
public final class TrustLevels {

  /** Says nothing of anybody. */
  public static final TrustLevels NONE = new TrustLevels();

  private final Map<String, Role> roles = new HashMap<>();

  private static final class Role {
    final UriIndex<Long> byUri = new UriIndex<>();
    @Nullable Long others;
  }

  /** The level of a role on all URIs that have none of their own. */
  public void add(String role, long level) {
    of(role).others = level;
  }

  /** The level of a role on these URIs; of several the most specific pattern counts. */
  public void add(String role, MatchPolicy match, String uri, long level) {
    of(role).byUri.put(match, uri, level);
  }

  private Role of(String role) {
    return roles.computeIfAbsent(role, name -> new Role());
  }

  /** What callees and subscribers are told of a client in this role; null for nothing. */
  @Nullable Long level(String role, String uri) {
    Role known = roles.isEmpty() ? null : roles.get(role);
    if (known == null) {
      return null;
    }
    Long level = known.byUri.best(uri);
    return level == null ? known.others : level;
  }
}
