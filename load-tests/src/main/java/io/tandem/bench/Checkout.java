package io.tandem.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The working copy that the bench was built from, as far as it is known. */
public final class Checkout {

  /** The class that runs the bench, for parts of it that need a process of their own. */
  public static final String MAIN = "io.tandem.bench.cli.Main";

  private Checkout() {}

  /** Its directory: where the launcher stands, otherwise the current one. */
  public static Path home() {
    return Path.of(System.getProperty("tandem.home", ""));
  }

  /** Its commit, with a plus when the sources were changed since; "unknown" without git. */
  public static String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty=+", "--abbrev=12")
              .directory(home().toAbsolutePath().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? commit.strip() : "unknown";
    } catch (IOException noGit) {
      return "unknown";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
