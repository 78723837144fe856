package io.tandem.node.router;

/**
 * What one session may leave to be published when it ends (PS-TEST-11). Its will is written anew
 * with each change, so its size is what a change costs.
 *
 * @param count of its testaments
 * @param octets of all of them together, in memory
 */
public record TestamentLimits(int count, int octets) {}
