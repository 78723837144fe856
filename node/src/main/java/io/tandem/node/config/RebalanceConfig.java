package io.tandem.node.config;

import java.time.Duration;

/**
 * When and how fast a node that has many more sessions than the others ends some, so that their
 * clients connect elsewhere ({@code docs/decisions/0049-rebalance.md}).
 *
 * @param enabled whether this node does so: false unless configured
 * @param tolerance how far above the mean of all nodes is too far, in percent of it: 5 to 100, 20
 *     unless configured
 * @param share how many of its sessions it ends in one period at most, in percent of them: 1 to
 *     100, 10 unless configured
 * @param period how long it has had too many before it begins; in the first half of each further
 *     one it ends some, and in the second one waits for what becomes of them: 2 s to 1 h, 1 min
 *     unless configured
 */
public record RebalanceConfig(boolean enabled, int tolerance, int share, Duration period) {

  /** What holds where nothing is configured. */
  public static final RebalanceConfig DEFAULT =
      new RebalanceConfig(false, 20, 10, Duration.ofMinutes(1));
}
