package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a role may do with the URIs that a pattern covers.
 *
 * @param uri the URI or pattern, valid for {@code match} under the realm's URI rule
 * @param match how it is compared, {@link MatchPolicy#EXACT} unless configured
 * @param allow the rights granted; empty refuses all four
 * @param disclose whether callers and publishers on these URIs are disclosed although they did not
 *     ask for it; off unless configured
 * @param trustLevel what callees and subscribers are told of callers and publishers on these URIs,
 *     0 or more; null for what the role says
 * @param place where it stands, such as {@code node.yaml:12}; for messages
 */
public record PermissionConfig(
    String uri,
    MatchPolicy match,
    Set<Right> allow,
    boolean disclose,
    @Nullable Integer trustLevel,
    String place) {

  /** One that says nothing of trust. */
  public PermissionConfig(
      String uri, MatchPolicy match, Set<Right> allow, boolean disclose, String place) {
    this(uri, match, allow, disclose, null, place);
  }

  /** The requests that need a permission. */
  public enum Right {
    CALL,
    REGISTER,
    PUBLISH,
    SUBSCRIBE
  }

  public PermissionConfig {
    allow = Set.copyOf(allow);
  }

  @Override
  public String toString() {
    return "the " + match.wireName() + " permission for " + Value.quote(uri);
  }
}
