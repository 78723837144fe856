package io.tandem.node;

import io.tandem.node.config.ConfigChange;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.FilesRead;
import io.tandem.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file that a node was started with: it is told on the console what came of reading it again.
 */
final class ConfigFile implements ConfigSource {

  private static final String STAYS = "the configuration stays as it was";

  private final Reader reader;
  private final Console console;
  private volatile FilesRead files;

  /** Reads the file, with the options of the command line over it. */
  interface Reader {

    /**
     * Now.
     *
     * @param files is told of all files that are looked into
     */
    NodeConfig read(FilesRead files) throws ConfigurationException;
  }

  /**
   * @param files those that the node was started with
   */
  ConfigFile(Reader reader, FilesRead files, Console console) {
    this.reader = reader;
    this.files = files;
    this.console = console;
  }

  @Override
  public NodeConfig read() throws ConfigurationException {
    FilesRead now = new FilesRead();
    try {
      return reader.read(now);
    } finally {
      files = now;
    }
  }

  @Override
  public FilesRead files() {
    return files;
  }

  @Override
  public void changed(List<Path> changed) {
    console.log(
        "changed: " + changed.stream().map(Path::toString).collect(Collectors.joining(", ")));
  }

  @Override
  public void taken(NodeConfig read, ConfigChange change) {
    if (!change.restart().isEmpty()) {
      console.complain(
          STAYS + ": a new start is needed for " + String.join(", ", change.restart()));
      return;
    }
    read.warnings().forEach(warning -> console.complain("warning: " + warning));
    console.log(
        change.live().isEmpty()
            ? "the configuration says nothing new"
            : "the configuration is read again: "
                + change.live().stream()
                    .map(ConfigChange.Item::toString)
                    .collect(Collectors.joining(", ")));
  }

  @Override
  public void refused(Throwable why) {
    if (why instanceof ConfigurationException problems) {
      console.fail(problems);
      console.complain(STAYS);
    } else if (why instanceof IllegalArgumentException senseless) {
      console.complain(senseless.getMessage() + "; " + STAYS);
    } else {
      console.complain(STAYS + ": " + NodeException.reason(why));
    }
  }
}
