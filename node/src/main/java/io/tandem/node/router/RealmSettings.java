package io.tandem.node.router;

import io.tandem.cluster.kept.KeepRules;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authorizer;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.UriSyntax;
import java.util.Map;

/**
 * How a realm is run, the same on all lanes.
 *
 * @param name the realm's URI
 * @param uriRule which URIs clients may use (URI-02)
 * @param strictRequestIds whether a request ID out of sequence aborts the session (ID-07)
 * @param allowDiscloseMe whether callers and publishers may ask to be disclosed
 * @param progressRequiresCanceling whether only callees with call canceling are asked for progress
 * @param tellsRevokedSubscribers whether UNSUBSCRIBED with request 0 is sent at all (AMB-22)
 * @param calls how long they wait
 * @param trust how far callers and publishers are trusted
 * @param requiresQuorum whether an exclusive registration needs a majority of the nodes
 * @param metaEvents whether it tells of sessions, subscriptions and registrations by events
 * @param limits of sessions whose role has none of its own
 * @param limitsOfRoles of roles that have; their number of sessions is one more beside the realm's
 * @param memory what its sessions together may make the node keep, in octets
 * @param sessionMemory what one session may
 * @param nodes how many keep what its sessions subscribe to and register
 * @param maxWildcardShapes of the subscriptions of one session, and of its registrations
 * @param maxOptionsSize of one request, as {@link Options#weight} counts
 * @param testaments what one session may leave to be published when it ends
 * @param keep which publications are kept for those who come later
 */
public record RealmSettings(
    String name,
    UriSyntax uriRule,
    boolean strictRequestIds,
    boolean allowDiscloseMe,
    boolean progressRequiresCanceling,
    boolean tellsRevokedSubscribers,
    CallSettings calls,
    TrustLevels trust,
    boolean requiresQuorum,
    boolean metaEvents,
    SessionLimits limits,
    Map<String, SessionLimits> limitsOfRoles,
    long memory,
    long sessionMemory,
    int nodes,
    int maxWildcardShapes,
    int maxOptionsSize,
    TestamentLimits testaments,
    KeepRules keep,
    Authentication authentication,
    Authorizer authorizer) {

  /** Why a request is refused that would have the node keep more. */
  static final String NO_MEMORY = "this session takes all the memory that it may have now";

  /** The same for a realm of another name. */
  public RealmSettings named(String other) {
    return new RealmSettings(
        other,
        uriRule,
        strictRequestIds,
        allowDiscloseMe,
        progressRequiresCanceling,
        tellsRevokedSubscribers,
        calls,
        trust,
        requiresQuorum,
        metaEvents,
        limits,
        limitsOfRoles,
        memory,
        sessionMemory,
        nodes,
        maxWildcardShapes,
        maxOptionsSize,
        testaments,
        keep,
        authentication,
        authorizer);
  }

  /** What a session in this role may have. */
  SessionLimits limits(String role) {
    return limitsOfRoles.getOrDefault(role, limits);
  }

  /** How many sessions may have this role, whatever others there are. */
  int maxSessions(String role) {
    SessionLimits own = limitsOfRoles.get(role);
    return own == null ? Integer.MAX_VALUE : own.maxSessions();
  }

  /** Whether the realm treats a request with these Options. */
  boolean admits(Options options) {
    return options.weight() <= maxOptionsSize;
  }
}
