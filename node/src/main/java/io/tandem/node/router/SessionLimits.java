package io.tandem.node.router;

import org.jspecify.annotations.Nullable;

/**
 * What sessions of a realm may have, or those of a role of it.
 *
 * @param maxSessions of the realm, or of the role, on one node
 * @param maxSubscriptions of one session, asked for and held
 * @param maxRegistrations of one session, asked for and held
 * @param maxPendingCalls of one session as caller, and as callee
 * @param maxPayloadSize what the payload of one message takes, in octets as it was sent
 * @param rate how fast one session may send; null for as fast as it likes
 */
public record SessionLimits(
    int maxSessions,
    int maxSubscriptions,
    int maxRegistrations,
    int maxPendingCalls,
    int maxPayloadSize,
    @Nullable Rate rate) {

  /** As much as anybody likes. */
  public static final SessionLimits NONE =
      new SessionLimits(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          null);
}
