package io.tandem.node.config;

/**
 * One thing wrong in a configuration.
 *
 * @param file the file's name as given
 * @param line from 1
 * @param column from 1
 * @param key the path of the key such as {@code listeners[0].limits.maxMessageSize}; empty where
 *     the document itself is at fault
 * @param message what is wrong and what was expected; shows no secret
 */
public record Problem(String file, int line, int column, String key, String message) {

  /** {@code file:line: key: message}. */
  @Override
  public String toString() {
    return file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
