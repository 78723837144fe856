package io.tandem.node.testing;

import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.Node;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real node on free ports of loopback, and clients of it. Ends, with its clients, when closed.
 *
 * <p>The configuration is the YAML of the node. Ports should be 0; {@link #MANAGEMENT} and {@link
 * #REALM} are parts that most tests take as they are.
 */
public final class TestNode implements AutoCloseable {

  /** One listener on a free port, all defaults. */
  public static final String LISTENER =
      """
      listeners:
        - port: 0
      """;

  /** The management port, a free one. */
  public static final String MANAGEMENT =
      """
      management:
        port: 0
      """;

  /** The realm {@code realm1}, where anonymous clients may do everything. */
  public static final String REALM =
      """
      realms:
        - name: realm1
          auth: {anonymous: {role: anonymous}}
          roles:
            - name: anonymous
              permissions:
                - {uri: "", match: prefix, allow: [call, register, publish, subscribe]}
      """;

  private static final long PATIENCE_SECONDS = 20;

  private final Node node;
  private final Vertx clients = Vertx.vertx();

  private TestNode(Node node) {
    this.node = node;
  }

  /** A node with one listener, {@code realm1} and two lanes. */
  public static TestNode start() {
    return start(LISTENER + MANAGEMENT + REALM + "lanes: 2\n");
  }

  /** A node with this configuration. */
  public static TestNode start(String yaml) {
    try {
      return new TestNode(await(Node.start(Configurations.parse("test.yaml", yaml))));
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public Node node() {
    return node;
  }

  /** The port of the first listener. */
  public int port() {
    return node.ports().get(0);
  }

  /** WebSocket on the first listener. */
  public String webSocket() {
    return "ws://127.0.0.1:" + port() + "/ws";
  }

  /** RawSocket on the first listener. */
  public String rawSocket() {
    return "rs://127.0.0.1:" + port();
  }

  /** The event loops of the clients. */
  public Vertx clients() {
    return clients;
  }

  /** A session in {@code realm1}, over WebSocket in JSON. */
  public ClientSession join() {
    return join(TransportOptions.to(webSocket()));
  }

  /** A session in {@code realm1}. */
  public ClientSession join(TransportOptions transport) {
    return await(
        ClientSession.connect(
            clients, ClientOptions.to(webSocket(), "realm1").withTransport(transport)));
  }

  /** A channel without a session. */
  public WireConnection connect(TransportOptions transport) {
    return await(WireConnection.connect(clients, transport));
  }

  /**
   * Waits for the outcome, 20 seconds at most.
   *
   * @throws AssertionError when it fails, with the failure as cause, or does not come
   */
  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("nothing happened for " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      await(clients.close());
    } finally {
      await(node.stop());
    }
  }
}
