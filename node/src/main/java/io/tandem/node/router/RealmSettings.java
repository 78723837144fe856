package io.tandem.node.router;

import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authorizer;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.UriSyntax;

/**
 * How a realm is run, the same on all lanes.
 *
 * @param name the realm's URI
 * @param uriRule which URIs clients may use (URI-02)
 * @param strictRequestIds whether a request ID out of sequence aborts the session (ID-07)
 * @param allowDiscloseMe whether callers and publishers may ask to be disclosed
 * @param progressRequiresCanceling whether only callees with call canceling are asked for progress
 * @param requiresQuorum whether an exclusive registration needs a majority of the nodes
 * @param maxSubscriptions of one session, asked for and held
 * @param maxRegistrations of one session, asked for and held
 * @param maxPendingCalls of one session as caller, and as callee
 * @param memory what its sessions together may make the node keep, in octets
 * @param sessionMemory what one session may
 * @param nodes how many keep what its sessions subscribe to and register
 * @param maxWildcardShapes of the subscriptions of one session, and of its registrations
 * @param maxOptionsSize of one request, as {@link Options#weight} counts
 */
public record RealmSettings(
    String name,
    UriSyntax uriRule,
    boolean strictRequestIds,
    boolean allowDiscloseMe,
    boolean progressRequiresCanceling,
    boolean requiresQuorum,
    int maxSubscriptions,
    int maxRegistrations,
    int maxPendingCalls,
    long memory,
    long sessionMemory,
    int nodes,
    int maxWildcardShapes,
    int maxOptionsSize,
    Authentication authentication,
    Authorizer authorizer) {

  /** Why a request is refused that would have the node keep more. */
  static final String NO_MEMORY = "this session takes all the memory that it may have now";

  /** Whether the realm treats a request with these Options. */
  boolean admits(Options options) {
    return options.weight() <= maxOptionsSize;
  }
}
