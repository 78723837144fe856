package io.tandem.node;

import io.tandem.node.config.ConfigChange;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.NodeConfig;

/** Where a node's configuration comes from, for one that can read it again while it runs. */
public interface ConfigSource {

  /**
   * What it says now. May block; one at a time.
   *
   * @throws ConfigurationException with all that is wrong with it
   * @throws IllegalArgumentException where it does not go with what else the node was told
   */
  NodeConfig read() throws ConfigurationException;

  /** It was taken over, or takes a new start; any thread. */
  default void taken(NodeConfig read, ConfigChange change) {}

  /** It was not, and the node goes on as before; any thread. */
  default void refused(Throwable why) {}
}
