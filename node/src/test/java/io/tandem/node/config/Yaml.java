package io.tandem.node.config;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads configurations as tests write them: relative paths and variables are made up. */
final class Yaml {

  /** The least that a configuration says, before and after what a test adds. */
  static final String LISTENERS = "listeners:\n  - port: 8080\n";

  static final String REALMS = "realms:\n  - name: realm1\n";

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "METRICS_TOKEN",
          "token-from-the-environment",
          "SHORT",
          "short",
          "SCRAM_RECORD",
          DevelopmentConfigurationTest.SCRAM_RECORD,
          "AUTOBAHN_RECORD",
          DevelopmentConfigurationTest.AUTOBAHN_RECORD);

  private Yaml() {}

  static NodeConfig config(String yaml) throws ConfigurationException {
    return config(yaml, Path.of(""));
  }

  static NodeConfig config(String yaml, Path directory) throws ConfigurationException {
    return config(new Reading("node.yaml"), yaml, directory);
  }

  static NodeConfig config(Reading reading, String yaml, Path directory)
      throws ConfigurationException {
    return Configurations.read(reading, yaml, new Surroundings(directory, ENVIRONMENT::get));
  }

  /** The problems as users see them; fails when there are none. */
  static List<String> problems(String yaml) {
    try {
      return fail("no problem, but " + config(yaml));
    } catch (ConfigurationException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  /** A configuration with these lines in its only listener. */
  static String listener(String... lines) {
    return "listeners:\n  - path: /ws\n" + indented(lines) + REALMS;
  }

  /** A configuration with these lines in its only realm. */
  static String realm(String... lines) {
    return LISTENERS + REALMS + indented(lines);
  }

  private static String indented(String... lines) {
    return String.join("\n", lines).indent(4);
  }
}
