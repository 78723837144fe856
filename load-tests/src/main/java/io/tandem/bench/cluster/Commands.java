package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small programs of the system that do one thing and end. */
final class Commands {

  private Commands() {}

  /**
   * Runs a command and returns what it said.
   *
   * @throws BenchException with its own words when it fails
   */
  static String run(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new BenchException(String.join(" ", command) + " failed: " + output);
      }
      return output;
    } catch (IOException failure) {
      throw new BenchException(command.get(0) + " cannot run: " + failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted");
    }
  }
}
