package io.tandem.node.balance;

import io.tandem.cluster.nodes.NodeSessions;
import java.util.List;

/**
 * How many sessions each node has at one moment.
 *
 * @param tolerance how far above the mean is too far, in percent of it
 */
record Scene(long own, List<NodeSessions.Other> others, int tolerance) {

  /** Nobody minds so few, whatever part of the mean they are. */
  private static final double LEAST = 10;

  /**
   * Where a balancer draws lots, the number of a node's sessions scatters with the root of the mean
   * as its standard deviation. Nothing is gained by moving what is within four of these.
   */
  private static final double SCATTER = 4;

  int nodes() {
    return others.size() + 1;
  }

  long total() {
    return own + others.stream().mapToLong(NodeSessions.Other::sessions).sum();
  }

  double mean() {
    return (double) total() / nodes();
  }

  /** How many this node has above the mean; may be less than none. */
  double excess() {
    return own - mean();
  }

  /** How many a node may have above the mean. */
  private double margin() {
    double mean = mean();
    return Math.max(Math.max(mean * tolerance / 100, SCATTER * Math.sqrt(mean)), LEAST);
  }

  boolean isFarAbove() {
    return excess() > margin();
  }

  /** How many this node has to part with until it is well within the margin. */
  long surplus() {
    return (long) Math.floor(excess() - margin() / 2);
  }
}
