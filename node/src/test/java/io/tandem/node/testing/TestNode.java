package io.tandem.node.testing;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.ConfigSource;
import io.tandem.node.Node;
import io.tandem.node.config.ConfigChange;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

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

  private final Node node;
  private final String yaml;

  /** What the node finds when it reads its configuration again. */
  private final AtomicReference<String> file;

  private final Vertx clients = Vertx.vertx();

  static {
    Leaks.watch();
  }

  private TestNode(Node node, String yaml, AtomicReference<String> file) {
    this.node = node;
    this.yaml = yaml;
    this.file = file;
  }

  /** A node with one listener, {@code realm1} and two lanes. */
  public static TestNode start() {
    return start(LISTENER + MANAGEMENT + REALM + "lanes: 2\n");
  }

  /** A node with this configuration. */
  public static TestNode start(String yaml) {
    AtomicReference<String> file = new AtomicReference<>(yaml);
    ConfigSource source = () -> Configurations.parse("test.yaml", file.get());
    return new TestNode(await(Node.start(parsed(yaml), source)), yaml, file);
  }

  private static NodeConfig parsed(String yaml) {
    try {
      return Configurations.parse("test.yaml", yaml);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The configuration that it was started with. */
  public String yaml() {
    return yaml;
  }

  /** What the node finds when it next reads its configuration again. */
  public void write(String other) {
    file.set(other);
  }

  /** Goes on with another configuration; returns when that holds. */
  public ConfigChange reload(String other) {
    return await(node.reload(parsed(other)));
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
    return await(ClientSession.connect(clients, patient(webSocket()).withTransport(transport)));
  }

  /** A client that waits for as long as a test does: nothing but its node may end it. */
  static ClientOptions patient(String url) {
    return ClientOptions.to(url, "realm1")
        .withTransport(TransportOptions.to(url).withConnectTimeout(Patience.LIMIT))
        .withHelloTimeout(Patience.LIMIT)
        .withCloseTimeout(Patience.LIMIT);
  }

  /** A channel without a session. */
  public WireConnection connect(TransportOptions transport) {
    return await(WireConnection.connect(clients, transport));
  }

  /** What a node still does whatever happened to it: a fresh client calls and is told of events. */
  public void assertServes() {
    ClientSession one = join();
    ClientSession other = join(TransportOptions.to(rawSocket()));
    await(
        one.register(
            "com.example.alive", invocation -> Future.succeededFuture(invocation.arguments())));
    assertThat(await(other.call("com.example.alive", Arguments.of("?"))))
        .isEqualTo(Arguments.of("?"));
    Promise<Arguments> event = Promise.promise();
    await(other.subscribe("com.example.news", news -> event.complete(news.arguments())));
    await(one.publish("com.example.news", Arguments.of("fresh")));
    assertThat(await(event.future())).isEqualTo(Arguments.of("fresh"));
    await(one.close());
    await(other.close());
  }

  /** How often transports were closed for this cause, by the node's metrics. */
  public long closes(CloseCause cause) {
    return metric("tandem_closes_total{cause=\"" + cause.label() + "\"}");
  }

  /** The value of a metric, with its labels as Prometheus writes them. */
  public long metric(String name) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** The metrics as Prometheus gets them. */
  public String metrics() {
    return managed(node.managementPort(), "/metrics");
  }

  /** What the readiness probe gets, as long as clients may come. */
  public String readiness() {
    return managed(node.managementPort(), "/health/ready");
  }

  /** The members of the cluster, as the node sees them. */
  public List<JsonObject> members() {
    return members(node.managementPort());
  }

  /** How many configurations there are in the cluster, as the node sees it. */
  public int configurations() {
    return new JsonObject(managed(node.managementPort(), "/cluster")).getInteger("configurations");
  }

  static List<JsonObject> members(int managementPort) {
    return new JsonObject(managed(managementPort, "/cluster"))
        .getJsonArray("members").stream().map(JsonObject.class::cast).toList();
  }

  /** The digest of a node's configuration. */
  static String configuration(int managementPort) {
    return new JsonObject(managed(managementPort, "/cluster")).getString("configuration");
  }

  private static String managed(int port, String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try (InputStream body = uri.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      await(clients.close());
    } finally {
      // However it ended: that is for the test that stopped it to look at.
      await(node.stop().otherwiseEmpty());
    }
    Leaks.assertNone();
  }
}
