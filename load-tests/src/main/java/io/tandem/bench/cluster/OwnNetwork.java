package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import io.tandem.bench.Checkout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The bench, run again in a network namespace without a name: whatever it builds there, the machine
 * has nothing to clean up.
 */
public final class OwnNetwork {

  private static final String HERE = "tandem.bench.own.network";

  private OwnNetwork() {}

  /** Whether this process runs in one. */
  public static boolean isHere() {
    return Boolean.getBoolean(HERE);
  }

  /**
   * Runs a command of the bench in one; returns its exit code.
   *
   * @throws BenchException when this machine or user cannot
   */
  public static int run(List<String> arguments) {
    List<String> command = new ArrayList<>(Namespaces.outside());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-D" + HERE + "=true", "-cp", System.getProperty("java.class.path"), Checkout.MAIN));
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      Thread atExit = new Thread(process::destroy);
      Runtime.getRuntime().addShutdownHook(atExit);
      int status = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(atExit);
      return status;
    } catch (IOException failure) {
      throw new BenchException("cannot run in a network of its own: " + failure.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
