package io.tandem.node.auth;

import io.tandem.protocol.uri.MatchPolicy;

/**
 * Decides what a session may do, before anything is looked up (AZ-05). Belongs to a realm; called
 * on the lane of the session, by several lanes at once, for every request: it must not block. What
 * it has to ask others for it answers {@link Answer.Later later}: what the session says after that
 * request waits for it, and nobody else does.
 */
@FunctionalInterface
public interface Authorizer {

  /**
   * Whether the principal may do this. A denied request is answered with {@code
   * wamp.error.not_authorized} (AZ-02); where this method throws, the action is not performed and
   * the answer is {@code wamp.error.authorization_failed} (AZ-03).
   *
   * @param uri a valid URI, or a pattern that is valid for {@code match}
   * @param match {@link MatchPolicy#EXACT} for a call or a publication
   */
  Answer authorize(Principal principal, Action action, String uri, MatchPolicy match);
}
