package io.tandem.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The chart, rendered in this process by Helm itself. Its library leaves hooks out, so what is
 * rendered is a copy in which the test is an ordinary pod, and which asks no cluster for a Secret.
 */
final class Chart {

  /** What makes a pod a test, in a line of its own. */
  static final String HOOK = "helm.sh/hook: test";

  static final Path DIRECTORY = Path.of("tandem");

  /** What asks the cluster for the Secret that an earlier release has made; no cluster is here. */
  private static final String LOOKUP = "(lookup \"v1\" \"Secret\" .Release.Namespace $name)";

  private static final Path COPY = copy(Path.of("target", "chart"), "dict");

  private Chart() {}

  private static Path copy(Path to, String secret) {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = to.resolve(DIRECTORY.relativize(file));
        Files.createDirectories(copied.getParent());
        Files.writeString(copied, Files.readString(file).replace(HOOK, "").replace(LOOKUP, secret));
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Helm helm() {
    return new Helm(DIRECTORY);
  }

  /** With the default values. */
  static String text() {
    return command().call();
  }

  /** With one value set, as by {@code --set}. */
  static String text(String key, Object value) {
    return command().set(key, value).call();
  }

  static String text(Map<String, ?> values) {
    TemplateCommand command = command();
    values.forEach(command::set);
    return command.call();
  }

  /**
   * With the default values, where an earlier release has left this in its Secret.
   *
   * @param secret in Base64
   */
  static String upgraded(String secret) {
    String found = "(dict \"data\" (dict \"secret\" \"%s\"))".formatted(secret);
    return command(copy(Path.of("target", "chart-upgraded"), found)).call();
  }

  /** With the values of an example. */
  static String example(String name) {
    return command().withValuesFile(DIRECTORY.resolve("examples").resolve(name)).call();
  }

  private static TemplateCommand command() {
    return command(COPY);
  }

  private static TemplateCommand command(Path chart) {
    return new Helm(chart)
        .template()
        .withName("tandem")
        .withNamespace("default")
        .withKubeVersion("1.30.0");
  }
}
