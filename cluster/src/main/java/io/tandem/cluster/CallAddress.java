package io.tandem.cluster;

/**
 * A pending call: the lane that owns it, where its answer goes, and the number that this lane gave
 * it. Numbers grow and are never used twice in the life of a lane.
 */
public record CallAddress(LaneAddress lane, long number) {}
