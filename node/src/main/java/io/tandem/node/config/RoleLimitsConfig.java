package io.tandem.node.config;

import org.jspecify.annotations.Nullable;

/**
 * What sessions of one role may have, each where the realm's limit shall not hold, or null where it
 * shall.
 *
 * @param maxSessions of the role on one node, beside the realm's: 1 to 1,000,000
 * @param maxSubscriptions of one session: 1 to 1,000,000
 * @param maxRegistrations of one session: 1 to 1,000,000
 * @param maxPendingCalls of one session: 1 to 1,000,000
 * @param maxPayloadSize of one message: 1 B to 16 MiB
 * @param rate of one session
 */
public record RoleLimitsConfig(
    @Nullable Integer maxSessions,
    @Nullable Integer maxSubscriptions,
    @Nullable Integer maxRegistrations,
    @Nullable Integer maxPendingCalls,
    @Nullable Long maxPayloadSize,
    @Nullable RateConfig rate) {}
