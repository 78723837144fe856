package io.tandem.client.cli;

import io.tandem.client.ClientOptions;
import io.tandem.client.TransportOptions;
import io.tandem.protocol.wire.Serializer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which router is meant and how long to wait for it. */
final class RouterOptions {

  @Option(
      names = "--url",
      defaultValue = "ws://127.0.0.1:8080/ws",
      description = "ws://, wss://, rs://, rss:// or unix:/path. Default: ${DEFAULT-VALUE}")
  private String url = "";

  @Option(names = "--realm", defaultValue = "realm1", description = "Default: ${DEFAULT-VALUE}")
  private String realm = "";

  @Option(
      names = "--serializer",
      defaultValue = "json",
      description = "json, msgpack or cbor. Default: ${DEFAULT-VALUE}")
  private Serializer serializer = Serializer.JSON;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Longest wait for the router and for each of its answers, and for the result of a call."
              + " Default: 10 s for the router, no limit for results")
  private @Nullable Double timeoutSeconds;

  /** What --timeout says, or null. */
  @Nullable Duration timeout() {
    return timeoutSeconds == null ? null : Duration.ofMillis(Math.round(timeoutSeconds * 1000));
  }

  /** Longest wait for an answer of the router. */
  Duration patience() {
    Duration given = timeout();
    return given == null ? Duration.ofSeconds(10) : given;
  }

  /**
   * What the options mean.
   *
   * @throws IllegalArgumentException when one of them makes no sense
   */
  ClientOptions toClientOptions() {
    TransportOptions transport =
        TransportOptions.to(url).withSerializer(serializer).withConnectTimeout(patience());
    return ClientOptions.to(url, realm)
        .withTransport(transport)
        .withHelloTimeout(patience())
        .withCloseTimeout(Duration.ofSeconds(2));
  }
}
