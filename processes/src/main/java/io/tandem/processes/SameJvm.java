package io.tandem.processes;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** A JVM like this one: the same Java, with the same options and the same classes. */
public final class SameJvm {

  private SameJvm() {}

  /**
   * The command that starts one.
   *
   * @param main the class that it runs; the words that follow are its arguments
   * @param options more of them, which win over those of this JVM
   */
  public static List<String> command(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(options));
    String classPath = System.getProperty("java.class.path");
    if (isJarOf(main, classPath)) {
      // With what its manifest asks of the JDK.
      command.addAll(List.of("-jar", classPath));
    } else {
      command.addAll(List.of("-cp", classPath, main.getName()));
    }
    return command;
  }

  private static boolean isJarOf(Class<?> main, String classPath) {
    CodeSource source = main.getProtectionDomain().getCodeSource();
    try {
      return source != null
          && !classPath.contains(File.pathSeparator)
          && classPath.endsWith(".jar")
          && Path.of(source.getLocation().toURI()).equals(Path.of(classPath).toAbsolutePath());
    } catch (URISyntaxException noFile) {
      return false;
    }
  }
}
