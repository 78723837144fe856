package io.tandem.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The chart, rendered in this process by Helm itself. Its library leaves hooks out, so what is
 * rendered is a copy in which the test is an ordinary pod, and which asks no cluster what is there.
 * What runs when the release is gone is left out there, too: it has the name of the test.
 */
final class Chart {

  /** What makes a pod a test, in a line of its own. */
  static final String HOOK = "helm.sh/hook: test";

  static final Path DIRECTORY = Path.of("tandem");

  /** What has the name of the test, and takes its place when the release is gone. */
  private static final String GOODBYE = "goodbye.yaml";

  /** What asks the cluster for the Secret that an earlier release has made; no cluster is here. */
  private static final String SECRET = "(lookup \"v1\" \"Secret\" .Release.Namespace $name)";

  /** What asks the cluster for the nodes that an earlier release has made. */
  private static final String NODES =
      "(lookup \"apps/v1\" \"StatefulSet\" .Release.Namespace (include \"tandem.fullname\" .))";

  /** Values, each showing something. */
  static final Path VALUES = Path.of("src/test/resources/values");

  private static final Path COPY = copy("chart", "dict", "dict");

  private Chart() {}

  private static Path copy(String name, String secret, String nodes) {
    return copy(
        Path.of("target", name),
        file -> !file.endsWith(GOODBYE),
        text -> text.replace(HOOK, "").replace(SECRET, secret).replace(NODES, nodes));
  }

  private static Path copy(Path to, Predicate<Path> which, UnaryOperator<String> change) {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      for (Path file : files.filter(Files::isRegularFile).filter(which).toList()) {
        Path copied = to.resolve(DIRECTORY.relativize(file));
        Files.createDirectories(copied.getParent());
        Files.writeString(copied, change.apply(Files.readString(file)));
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
    return command(copy("chart-upgraded", found, "dict")).call();
  }

  /**
   * With the values of a file, where an earlier release has left this StatefulSet.
   *
   * @param nodes as a template's expression
   */
  static String upgraded(Path values, String nodes) {
    return command(copy("chart-scaled", "dict", nodes)).withValuesFile(values).call();
  }

  /** With the values of an example. */
  static String example(String name) {
    return with(DIRECTORY.resolve("examples").resolve(name));
  }

  /** With the values of a file. */
  static String with(Path values) {
    return command().withValuesFile(values).call();
  }

  /** Everything, with the hooks, whose annotation is called {@code hook} then. */
  static String withHooks(Path values) {
    Path copy =
        copy(
            Path.of("target", "chart-hooks"),
            file -> true,
            text ->
                text.replace("helm.sh/hook: ", "hook: ")
                    .replace(SECRET, "dict")
                    .replace(NODES, "dict"));
    return command(copy).withValuesFile(values).call();
  }

  /** What {@code helm install} would print. */
  static String installed(Path values) {
    return new Helm(DIRECTORY)
        .install()
        .withName("tandem")
        .withNamespace("default")
        .withKubeVersion("1.30.0")
        .clientOnly()
        .withDryRunOption(DryRun.CLIENT)
        .withValuesFile(values)
        .call()
        .getOutput();
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
