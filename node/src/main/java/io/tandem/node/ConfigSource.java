package io.tandem.node;

import io.tandem.node.config.ConfigChange;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.FilesRead;
import io.tandem.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a node's configuration comes from, for one that can read it again while it runs. */
public interface ConfigSource {

  /**
   * What it says now. May block; one at a time.
   *
   * @throws ConfigurationException with all that is wrong with it
   * @throws IllegalArgumentException where it does not go with what else the node was told
   */
  NodeConfig read() throws ConfigurationException;

  /**
   * The files that the latest reading looked into; null where it comes from elsewhere. Any thread.
   */
  default @Nullable FilesRead files() {
    return null;
  }

  /** It will be read again, since these files have changed; any thread. */
  default void changed(List<Path> files) {}

  /** It was taken over, or takes a new start; any thread. */
  default void taken(NodeConfig read, ConfigChange change) {}

  /** It was not, and the node goes on as before; any thread. */
  default void refused(Throwable why) {}
}
