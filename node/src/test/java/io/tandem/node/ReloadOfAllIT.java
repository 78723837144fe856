package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that read their configurations again because one of them is asked to have all do so. */
class ReloadOfAllIT {

  private static final String TOKEN = "a-token-that-nobody-guesses";

  private static final String MAY_CALL = "allow: [call, register]";
  private static final String MAY_NOT = "allow: [register]";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;
  private Path token = Path.of("");

  @BeforeEach
  void writeToken() throws IOException {
    token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
  }

  private String management() {
    return "management: {port: 0, reloadToken: {file: " + token + "}}\n";
  }

  private static String realms(String right) {
    return """
    realms:
      - name: realm1
        auth: {anonymous: {role: anonymous}}
        roles:
          - name: anonymous
            permissions:
              - {uri: "", match: prefix, %s}
    """
        .formatted(right);
  }

  private static void write(TestNode node, String right) {
    node.write(node.yaml().replace(MAY_NOT, right));
  }

  private TestCluster cluster() {
    return TestCluster.managed(3, management(), realms(MAY_NOT));
  }

  private int reload(TestNode node) {
    out.reset();
    err.reset();
    return Main.run(
        stream(out),
        stream(err),
        task -> {},
        "reload",
        "--management",
        url(node),
        "--token-file",
        token.toString());
  }

  private static String url(TestNode node) {
    return "http://127.0.0.1:" + node.node().managementPort();
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private List<String> printed() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private HttpResponse<String> post(TestNode node, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(node) + "/reload"))
            .POST(BodyPublishers.noBody())
            .header("Authorization", "Bearer " + TOKEN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void assertMay(ClientSession session, boolean may) {
    if (may) {
      assertThat(await(session.call("com.add", Arguments.of(1))).args()).hasToString("[1]");
    } else {
      assertThatThrownBy(() -> await(session.call("com.add", Arguments.of(1))))
          .hasStackTraceContaining("wamp.error.not_authorized");
    }
  }

  // ---- three nodes ----

  @Test
  void oneCallHasEveryNodeTakeItsFileOverAndABadFileIsNamed() {
    try (TestCluster cluster = cluster()) {
      List<ClientSession> clients = cluster.nodes().stream().map(TestNode::join).toList();
      await(clients.get(0).register("com.add", call -> Future.succeededFuture(call.arguments())));
      clients.forEach(client -> assertMay(client, false));

      cluster.nodes().forEach(node -> write(node, MAY_CALL));
      assertThat(reload(cluster.node(1))).isZero();

      assertThat(printed()).filteredOn(line -> line.contains("changed")).hasSize(3);
      assertThat(printed()).filteredOn(line -> line.equals("    realm realm1")).hasSize(3);
      clients.forEach(client -> assertMay(client, true));
      cluster.nodes().forEach(node -> untilItCounts(node, 1));

      assertThat(reload(cluster.node(0))).isZero();
      assertThat(printed()).filteredOn(line -> line.contains("unchanged")).hasSize(3);

      write(cluster.node(0), MAY_NOT);
      write(cluster.node(1), "allow: [fly]");
      write(cluster.node(2), MAY_NOT);
      HttpResponse<String> answer = post(cluster.node(0));

      assertThat(answer.statusCode()).isEqualTo(409);
      JsonObject said = new JsonObject(answer.body());
      assertThat(said.getString("outcome")).isEqualTo("differs");
      assertThat(said.getJsonArray("nodes").stream().map(JsonObject.class::cast))
          .hasSize(3)
          .anySatisfy(
              node -> {
                assertThat(node.getString("node")).isEqualTo(name(cluster.node(1)));
                assertThat(node.getString("outcome")).isEqualTo("refused");
                assertThat(node.getJsonArray("problems").getString(0))
                    .startsWith("test.yaml:")
                    .contains("realms[0].roles[0].permissions[0].allow[0]");
              });
      assertMay(clients.get(0), false);
      assertMay(clients.get(1), true);
      assertMay(clients.get(2), false);
      cluster.nodes().forEach(node -> untilItCounts(node, 2));
      assertThat(reload(cluster.node(2))).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("tandem: the nodes do not go by the same configuration\n");

      write(cluster.node(1), MAY_NOT);
      assertThat(reload(cluster.node(2))).isZero();
      clients.forEach(client -> assertMay(client, false));
      cluster.nodes().forEach(node -> untilItCounts(node, 1));
    }
  }

  private static String name(TestNode node) {
    return "127.0.0.1:" + node.node().clusterPort();
  }

  private static void untilItCounts(TestNode node, int configurations) {
    Patience.until(
        name(node) + " counts " + configurations,
        () ->
            node.configurations() == configurations
                && node.metric("tandem_cluster_configurations") == configurations);
  }

  @Test
  void filesThatDifferAreToldThoughEachIsTakenOver() {
    try (TestCluster cluster = cluster()) {
      write(cluster.node(2), MAY_CALL);

      HttpResponse<String> answer = post(cluster.node(0));

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(new JsonObject(answer.body()).getJsonArray("nodes").stream())
          .extracting(node -> ((JsonObject) node).getString("outcome"))
          .containsExactlyInAnyOrder("unchanged", "unchanged", "changed");
      List<String> members =
          cluster.node(0).members().stream()
              .map(member -> member.getString("configuration"))
              .distinct()
              .toList();
      assertThat(members).hasSize(2).doesNotContainNull();
    }
  }

  // ---- who may ----

  @Test
  void nobodyMayWhereNoTokenIsConfigured() {
    try (TestNode node = TestNode.start()) {
      HttpResponse<String> answer = post(node);

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("management.reloadToken").doesNotContain(TOKEN);
      assertThat(reload(node)).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("management.reloadToken (403)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://127.0.0.1, 403",
    "Origin, null, 403",
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, same-origin, 403",
    "Sec-Fetch-Site, none, 200",
    "X, y, 200"
  })
  void pagesInBrowsersMayNotThoughTheyHaveTheToken(String header, String value, int status) {
    try (TestNode node = TestNode.start(TestNode.LISTENER + management() + realms(MAY_NOT))) {
      assertThat(post(node, header, value).statusCode()).isEqualTo(status);
    }
  }

  @Test
  void requestHasNoBodyIsPostedAndShowsTheToken() throws IOException {
    Path audit = directory.resolve("audit.log");
    try (TestNode node =
        TestNode.start(
            TestNode.LISTENER
                + management()
                + realms(MAY_NOT)
                + "audit: {file: "
                + audit
                + "}\n")) {
      URI uri = URI.create(url(node) + "/reload");
      HttpResponse<String> read = send(HttpRequest.newBuilder(uri).build());
      assertThat(read.statusCode()).isEqualTo(405);
      assertThat(read.headers().firstValue("Allow")).hasValue("POST");
      for (String wrong : List.of("Bearer " + TOKEN + "x", "Basic " + TOKEN, TOKEN)) {
        HttpResponse<String> answer =
            send(
                HttpRequest.newBuilder(uri)
                    .POST(BodyPublishers.noBody())
                    .header("Authorization", wrong)
                    .build());
        assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      }
      HttpResponse<String> full =
          send(
              HttpRequest.newBuilder(uri)
                  .POST(BodyPublishers.ofString("{}"))
                  .header("Authorization", "Bearer " + TOKEN)
                  .build());
      assertThat(full.statusCode()).isEqualTo(413);

      HttpResponse<String> answer = post(node);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(answer.body()).getString("outcome")).isEqualTo("agreed");
      Patience.until(
          "the account has all of it",
          () -> lines(audit).stream().anyMatch(line -> line.contains("reload asked")));
      assertThat(lines(audit))
          .filteredOn(line -> line.contains("\"reload refused\""))
          .hasSize(3)
          .allMatch(line -> line.contains("127.0.0.1"));
      assertThat(lines(audit))
          .filteredOn(line -> line.contains("\"reload asked\""))
          .singleElement()
          .asString()
          .contains("127.0.0.1", "agreed", "node: unchanged");
      assertThat(lines(audit)).noneMatch(line -> line.contains(TOKEN));
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keyThatTakesANewStartIsNamedAndNothingIsTakenOver() {
    try (TestNode node = TestNode.start(TestNode.LISTENER + management() + realms(MAY_NOT))) {
      node.write(TestNode.LISTENER + management() + realms(MAY_CALL) + "lanes: 3\n");

      HttpResponse<String> answer = post(node);

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("refused", "a new start is needed for lanes");
    }
  }
}
