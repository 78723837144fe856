package io.tandem.cluster.delivery;

/**
 * A pending call of a realm: the lane that owns it, where its answer goes, and the number that this
 * lane gave it. In each realm numbers grow and are never used twice in the life of a lane.
 */
public record CallAddress(LaneAddress lane, long number) {}
