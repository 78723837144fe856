package io.tandem.bench.cli;

import io.tandem.bench.BenchException;
import io.tandem.bench.relay.Relay;
import io.tandem.client.RouterAddress.Transport;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The relay alone, in the foreground: what the bench starts for {@code --relay}. */
@Command(
    name = "relay",
    description = "Runs the raw relay alone, to be profiled or looked at.",
    mixinStandardHelpOptions = true)
final class RelayCommand implements Callable<Integer> {

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "On loopback; 0 is any. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--transport",
      defaultValue = "websocket",
      description = "websocket or rawsocket. Default: ${DEFAULT-VALUE}")
  private Transport transport = Transport.WEBSOCKET;

  @Option(
      names = "--lanes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Event loops. Default: ${DEFAULT-VALUE}")
  private int lanes;

  @Option(names = "--until-input-ends", hidden = true)
  private boolean untilInputEnds;

  private final PrintStream out;

  RelayCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    Relay relay;
    try {
      relay = Relay.start(transport, port, lanes).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw BenchException.because("cannot listen", failed);
    }
    String address = "127.0.0.1:" + relay.port();
    out.println(transport == Transport.WEBSOCKET ? "ws://" + address + "/" : "rs://" + address);
    if (untilInputEnds) {
      while (System.in.read() >= 0) {
        // Nothing is said on it; its end is what counts.
      }
    } else {
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
