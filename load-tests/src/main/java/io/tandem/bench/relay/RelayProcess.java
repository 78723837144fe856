package io.tandem.bench.relay;

import io.tandem.bench.BenchException;
import io.tandem.bench.Checkout;
import io.tandem.client.RouterAddress.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A relay in a JVM of its own, so that its CPU time is nobody else's. It ends when its standard
 * input does, so none outlives the bench.
 */
public final class RelayProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  private RelayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a relay and waits until it listens. */
  public static RelayProcess start(Transport transport, int eventLoops) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What a JDK wants to be told about native access; nothing that is meant for the bench itself.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-cp",
            System.getProperty("java.class.path"),
            Checkout.MAIN,
            "bench",
            "relay",
            "--port=0",
            "--until-input-ends",
            "--transport=" + transport.name().toLowerCase(Locale.ROOT),
            "--lanes=" + eventLoops));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      String url = output.readLine();
      if (url == null) {
        throw new BenchException("the relay did not start: " + String.join(" ", command));
      }
      return new RelayProcess(process, Integer.parseInt(url.replaceAll(".*:(\\d+).*", "$1")));
    } catch (IOException failure) {
      throw new BenchException("the relay did not start: " + failure.getMessage(), failure);
    }
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
