package io.tandem.node.provider;

import java.util.Map;

/**
 * Knows clients that stand somewhere else, such as in a database: what plugins implement. Found by
 * {@link java.util.ServiceLoader}, so that it has a public constructor without parameters, and is
 * named in {@code META-INF/services/io.tandem.node.provider.PrincipalProvider} of its jar. One for
 * each process.
 */
public interface PrincipalProvider {

  /** What configurations call it: one word, which no other provider has. */
  String name();

  /**
   * Those who are known by these settings. Called whenever a configuration is read, also to be
   * checked only: it looks at its settings, and connects to nothing before it is first asked.
   *
   * @param settings as the configuration has them, secrets read; immutable
   * @throws IllegalArgumentException where they are wrong: the message, which stands beside the
   *     file's name and line, says what is, and shows no secret
   */
  Principals open(Map<String, String> settings);
}
