package io.tandem.node.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The providers on the class path and in the jars of a directory. Looked for once; what comes into
 * the directory later is found after the next start. Immutable; any thread.
 */
public final class Providers {

  /** The environment variable that names the directory. */
  public static final String DIRECTORY = "TANDEM_PLUGINS";

  private final Map<String, PrincipalProvider> byName = new TreeMap<>();

  /** Why some are not there. */
  private final List<String> broken = new ArrayList<>();

  /** Those of this process, made when they are first asked for. */
  private static final class Installed {
    static final Providers ALL = new Providers(System.getenv(DIRECTORY));
  }

  /**
   * @param directory where jars with providers, and what these need, are; null where there is none
   */
  Providers(@Nullable String directory) {
    ClassLoader loader = Providers.class.getClassLoader();
    if (directory != null && !directory.isBlank()) {
      try {
        // Open for as long as the process lives: classes are loaded when they are needed.
        loader = new URLClassLoader("plugins", jars(Path.of(directory)), loader);
      } catch (IOException | UncheckedIOException | IllegalArgumentException unreadable) {
        broken.add(DIRECTORY + " is no directory that can be read: " + directory);
      }
    }
    Iterator<PrincipalProvider> found =
        ServiceLoader.load(PrincipalProvider.class, loader).iterator();
    while (addNext(found)) {}
  }

  public static Providers installed() {
    return Installed.ALL;
  }

  private static URL[] jars(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted()
          .map(Providers::url)
          .toArray(URL[]::new);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException never) {
      throw new UncheckedIOException(never);
    }
  }

  /** Takes the next one, unless it is broken; false where there is none. */
  private boolean addNext(Iterator<PrincipalProvider> found) {
    try {
      if (!found.hasNext()) {
        return false;
      }
      PrincipalProvider provider = found.next();
      PrincipalProvider earlier = byName.putIfAbsent(provider.name(), provider);
      if (earlier != null) {
        broken.add("two are called " + provider.name());
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException failure) {
      broken.add(failure.toString());
    }
    return true;
  }

  /** The one of this name; null where {@link #explain} says why there is none. */
  public @Nullable PrincipalProvider named(String name) {
    return byName.get(name);
  }

  /** Which ones are there, and why others are not. */
  public String explain() {
    String there =
        byName.isEmpty() ? "there is none" : "there are: " + String.join(", ", byName.keySet());
    return broken.isEmpty() ? there : there + "; not loaded: " + String.join("; ", broken);
  }
}
