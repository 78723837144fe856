package io.tandem.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.FakeServer;
import io.tandem.testing.DrivesVertx;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DrivesVertx
class MainTest {

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("bench"));
    all.addAll(List.of(arguments));
    return Main.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        all.toArray(String[]::new));
  }

  private String told() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rpc",
        "rpc --url http://127.0.0.1:1/",
        "rpc --url ws://127.0.0.1:1/ --payload 3",
        "rpc --url ws://127.0.0.1:1/ --connections 0",
        "rpc --url ws://127.0.0.1:1/ --rate -1",
        "rpc --url ws://127.0.0.1:1/ --rate NaN",
        "rpc --url ws://127.0.0.1:1/ --serializer xml",
        "rpc --url ws://127.0.0.1:1/ --fanout 3",
        "rpc --url ws://127.0.0.1:1/ --router-pid 999999999",
        "rpc --url ws://127.0.0.1:1/ --html no/such/directory/report.html",
        "pubsub --url ws://127.0.0.1:1/ --fanout 0",
        "drain",
        "drain --url ws://127.0.0.1:1/ --rate 0",
        "faults --kind flood",
        "faults --nodes 2",
        "faults --victim 4",
        "faults --rate 0",
        "faults --kind link --victim 1",
        "start-overs --times 0",
        "start-overs --kind kill",
        "hostile --attack tickle",
        "hostile --for 0",
        "hostile --heap lots",
        "hostile --group manners",
        "fuzz --for soon",
        "fuzz --target xml",
        "fuzz --only 7",
        "fuzz --target json --seed 1 --only 9-7",
        "fuzz --nodes 2",
        "subscriptions --count 1",
        "subscriptions --match some",
        "subscriptions --rounds 0",
        "",
      })
  void wrongOptionsAreToldInOneLine(String arguments) {
    int status = arguments.isEmpty() ? run() : run(arguments.split(" ", -1));
    assertThat(status).isEqualTo(2);
    assertThat(told().lines()).singleElement().asString().contains("--help");
    assertThat(out.size()).isZero();
  }

  @Test
  void routerThatIsNotThereIsToldInOneLine() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    assertThat(run("rpc", "--url", "ws://127.0.0.1:" + port + "/ws")).isEqualTo(1);
    assertThat(told().lines())
        .singleElement()
        .asString()
        .startsWith("cannot connect to the router: ");
  }

  @Test
  void refusalOfTheRouterIsToldInOneLine(Vertx vertx) {
    TinyRouter router = new TinyRouter(true);
    FakeServer server = new FakeServer(vertx, router::guest);
    assertThat(run("rpc", "--url", server.url())).isEqualTo(1);
    assertThat(told().strip())
        .isEqualTo(
            "cannot connect to the router:"
                + " the router answered REGISTER with ERROR wamp.error.not_authorized");
  }

  @Test
  void runBesideARelayLeavesAReportThatNeedsNothingElse(Vertx vertx) throws IOException {
    Path html = directory.resolve("report.html");
    Path json = directory.resolve("report.json");
    TinyRouter router = new TinyRouter(false);
    FakeServer server = new FakeServer(vertx, router::guest);
    int status =
        run(
            "rpc",
            "--url=" + server.url(),
            "--connections=2",
            "--rate=400",
            "--warmup=0.2",
            "--duration=1.2",
            "--rounds=1",
            "--relay",
            "--router-pid=" + ProcessHandle.current().pid(),
            "--html=" + html,
            "--json=" + json);
    assertThat(told()).contains("router 1").contains("relay 1").contains("calls/s");
    assertThat(status).as(told()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("router / relay");
    String page = Files.readString(html);
    assertThat(page)
        .contains("<polyline class='router'", "<polyline class='relay'", "bench rpc --url")
        .doesNotContain("${", "<script", "<link", "<img", "@import", "http://", "https://", "url(");
    JsonObject result = new JsonObject(Files.readString(json));
    assertThat(result.getDouble("cpuRatio")).isPositive();
    JsonObject leg = result.getJsonArray("legs").getJsonObject(0);
    assertThat(leg.getLong("messages")).isPositive();
    assertThat(leg.getJsonArray("samples").size()).isPositive();
  }

  @Test
  void eventsReachAllSubscribersOfARouter(Vertx vertx) {
    TinyRouter router = new TinyRouter(false);
    FakeServer server = new FakeServer(vertx, router::guest);
    int status =
        run("pubsub", "--url=" + server.url(), "--fanout=10", "--warmup=0.1", "--duration=0.5");
    assertThat(status).as(told()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("deliveries/s")
        .doesNotContain("never arrived");
  }
}
