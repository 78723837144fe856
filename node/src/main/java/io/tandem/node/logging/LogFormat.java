package io.tandem.node.logging;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How what a node says is written. It is chosen by an environment variable, since what is wrong
 * with a configuration has to be said too. Any thread.
 */
public enum LogFormat {
  /** Lines for people. */
  TEXT,
  /** An object of JSON on each line, see {@link LogObject}. */
  JSON;

  /** {@code text}, which holds without it, or {@code json}; logback.xml reads it too. */
  public static final String VARIABLE = "TANDEM_LOG_FORMAT";

  private static volatile @Nullable String node;

  /**
   * What the environment says, or a system property of that name, as logback takes it.
   *
   * @throws IllegalArgumentException when that is neither of the two words; logback then writes
   *     nothing
   */
  public static LogFormat ofProcess() {
    return of(System.getProperty(VARIABLE, System.getenv().getOrDefault(VARIABLE, "text")));
  }

  static LogFormat of(String word) {
    for (LogFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
        return format;
      }
    }
    throw new IllegalArgumentException(VARIABLE + " must be text or json, not '" + word + "'");
  }

  /** What this process says from now on is of this node. */
  public static void ofNode(String name) {
    node = name;
  }

  /** The node of this process; null where its name is not known yet. */
  static @Nullable String node() {
    return node;
  }
}
