package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.node.config.Configurations;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.DrivesVertx;
import io.tandem.testing.Patience;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, with their output and their exit codes. */
@DrivesVertx
class MainTest {

  /** Leads what a node says while it runs. */
  private static final String TIME = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Runnable> onSignal = new ArrayList<>();

  @TempDir private Path directory;

  private int run(String... args) {
    return Main.run(stream(out), stream(err), onSignal::add, args);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  /** Runs a command that starts a node, until it says that it is ready. */
  private CompletableFuture<Integer> started(String line) {
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run(line.split(" ")));
    Patience.until("it is ready or over", () -> out().contains("ready: ") || code.isDone());
    return code;
  }

  /** What the process does when it is told to go. */
  private void signal() {
    assertThat(onSignal).hasSize(1);
    onSignal.get(0).run();
  }

  // ---- start ----

  @Test
  void startSaysOnOneLineWhereTheNodeIsAndASignalDrainsIt() {
    CompletableFuture<Integer> code = started("start --port 0 --management-port 0");

    assertThat(out())
        .matches(
            TIME
                + "tandem: ready: ws://127\\.0\\.0\\.1:\\d+/ws, try it at"
                + " http://127\\.0\\.0\\.1:\\d+/, management http://127\\.0\\.0\\.1:\\d+"
                + " \\([1-9]\\d* lanes\\)\n");
    assertThat(err()).isEmpty();
    assertThat(code).isNotDone();

    out.reset();
    signal();

    assertThat(code).succeedsWithin(PATIENCE).isEqualTo(0);
    assertThat(out()).matches(TIME + "tandem: draining\n" + TIME + "tandem: stopped\n");
  }

  @Test
  void drainThatDoesNotFinishFailsAndSaysWhatWasLeft(Vertx clients) throws Exception {
    String config =
        file(
                "mine.yaml",
                TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM + "drainTimeout: 1s\n")
            .toString();
    CompletableFuture<Integer> code = started("start --config " + config);
    Matcher url = Pattern.compile("ws://[^,]*").matcher(out());
    assertThat(url.find()).isTrue();
    Supplier<ClientSession> join =
        () -> await(ClientSession.connect(clients, ClientOptions.to(url.group(), "realm1")));
    Promise<Void> invoked = Promise.promise();
    await(
        join.get()
            .register(
                "com.slow",
                invocation -> {
                  invoked.complete();
                  return Promise.<Arguments>promise().future();
                }));
    join.get().call("com.slow", Arguments.none());
    await(invoked.future());

    signal();

    assertThat(code).succeedsWithin(PATIENCE).isEqualTo(1);
    assertThat(err())
        .matches(TIME + "tandem: ended: \\d sessions had calls under way when .* was over, 1 s\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start --port %d --management-port 0",
        "start --port 0 --management-port %d",
      })
  void startOnAPortInUseSaysSoOnOneLineThatNamesTheCure(String line) throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();

      assertThat(run(line.formatted(port).split(" "))).isEqualTo(1);

      assertThat(err())
          .matches(
              TIME
                  + "tandem: cannot listen on 127\\.0\\.0\\.1:"
                  + port
                  + ".*; stop what listens there, or choose --port and --management-port\n");
      assertThat(out()).isEmpty();
    }
  }

  @Test
  void startBeyondThisMachineNeedsAConfigurationOfOnesOwn() {
    assertThat(run("start", "--bind", "0.0.0.0", "--port", "0", "--management-port", "0"))
        .isEqualTo(2);

    assertThat(err().lines())
        .singleElement()
        .asString()
        .startsWith("tandem: --bind 0.0.0.0 ")
        .contains("tandem init", "--config");
    assertThat(onSignal).isEmpty();
  }

  @Test
  void clusterThatAnOptionOpensNeedsASecret() throws Exception {
    Path file = Files.writeString(directory.resolve("node.yaml"), Configurations.embeddedText());
    assertThat(run("start", "--config", file.toString(), "--cluster-host", "10.0.0.1"))
        .isEqualTo(2);

    assertThat(err().lines())
        .singleElement()
        .asString()
        .startsWith("tandem: --cluster-host 10.0.0.1 ")
        .contains("cluster.secret", "cluster.insecure");
    assertThat(onSignal).isEmpty();
  }

  @Test
  void clusterBeyondThisMachineNeedsAConfigurationOfOnesOwnToo() {
    assertThat(run("start", "--cluster-host", "10.0.0.1")).isEqualTo(2);

    assertThat(err().lines())
        .singleElement()
        .asString()
        .startsWith("tandem: --cluster-host 10.0.0.1 ")
        .contains("tandem init", "--config");
    assertThat(onSignal).isEmpty();
  }

  @Test
  void startTellsTheDoorOfTheCluster() {
    String line = "start --port 0 --management-port 0 --cluster-port 0 --cluster-name shop";
    CompletableFuture<Integer> code = started(line + " --node shop-0");

    assertThat(out())
        .matches(
            TIME
                + "tandem: ready: .*, cluster \"shop\" on 127\\.0\\.0\\.1:\\d+ as shop-0 \\(1"
                + " node\\)\n");
    signal();
    assertThat(code).succeedsWithin(PATIENCE).isEqualTo(0);
  }

  @Test
  void startTellsOfPlainTextThatOtherMachinesCanReach() throws IOException {
    String config = file("mine.yaml", Configurations.embeddedText()).toString();

    CompletableFuture<Integer> code =
        started("start --bind 0.0.0.0 --port 0 --management-port 0 --config " + config);

    assertThat(out()).matches(TIME + "tandem: ready: ws://0\\.0\\.0\\.0:.*\n");
    signal();
    assertThat(code).succeedsWithin(PATIENCE).isEqualTo(0);
    assertThat(err().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).matches(TIME + "tandem: warning: .*"))
        .anySatisfy(line -> assertThat(line).contains("plain text on 0.0.0.0:0"))
        .anySatisfy(line -> assertThat(line).contains("metrics are closed"));
  }

  @Test
  void startWithABadConfigurationNamesEveryProblemAndStartsNothing() throws IOException {
    String config =
        file("bad.yaml", "listeners:\n  - port: 99999\nrealms: []\nlanes: many\n").toString();

    assertThat(run("start", "--config", config)).isEqualTo(1);

    assertThat(err().lines())
        .anySatisfy(line -> assertThat(line).startsWith(config + ":2: listeners[0].port: "))
        .anySatisfy(line -> assertThat(line).startsWith(config + ":3: realms: "))
        .anySatisfy(line -> assertThat(line).startsWith(config + ":4: lanes: "));
    assertThat(onSignal).isEmpty();
  }

  // ---- check, init, version ----

  @Test
  void checkAcceptsWhatInitWrote() {
    String config = directory.resolve("mine.yaml").toString();

    assertThat(run("init", config)).isZero();
    assertThat(run("check", config)).isZero();

    assertThat(out().lines())
        .containsExactly(
            "tandem: wrote " + config + "; start with: ./tandem start --config " + config,
            "tandem: " + config + " is fine");
    assertThat(err()).isEmpty();
  }

  @Test
  void checkNamesAllProblemsAtOnceWithLineAndKey() throws IOException {
    String config = file("bad.yaml", "lanes: 65\ndrainTimeout: 10\nrelms: []\n").toString();

    assertThat(run("check", config)).isEqualTo(1);

    assertThat(err().lines())
        .anySatisfy(line -> assertThat(line).startsWith(config + ":1: lanes: "))
        .anySatisfy(line -> assertThat(line).startsWith(config + ":2: drainTimeout: "))
        .anySatisfy(line -> assertThat(line).startsWith(config + ":3: relms: "));
    assertThat(out()).isEmpty();
  }

  @Test
  void initOverwritesNothing() throws IOException {
    Path mine = file("mine.yaml", "mine");

    assertThat(run("init", mine.toString())).isEqualTo(1);

    assertThat(mine).hasContent("mine");
    assertThat(err())
        .isEqualTo("tandem: " + mine + " exists already; name another file or remove it\n");
  }

  @Test
  void initIntoADirectoryThatIsMissingNamesIt() {
    Path nowhere = directory.resolve("nowhere");

    assertThat(run("init", nowhere.resolve("mine.yaml").toString())).isEqualTo(1);

    assertThat(err()).isEqualTo("tandem: there is no directory " + nowhere + "; make it first\n");
  }

  @Test
  void versionNamesJavaToo() {
    assertThat(run("version")).isZero();

    assertThat(out()).matches("tandem \\S+ on Java \\S+\n");
  }

  // ---- use and misuse ----

  @Test
  void startListsWhatItDoesWithSeveralNodes() {
    assertThat(run("start", "--help")).isZero();

    assertThat(out()).contains("--nodes=N");
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "init", "check", "version"})
  void everyCommandExplainsItself(String command) {
    assertThat(run(command, "--help")).isZero();

    assertThat(out()).startsWith("Usage: tandem " + command + " ");
    assertThat(err()).isEmpty();
    assertThat(onSignal).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start --prot=8080",
        "start --port=abc",
        "start --port=70000",
        "start --cluster-port=65535",
        "start --cluster-name=",
        "start --cluster-host=0.0.0.0",
        "start --join=10.0.0.1",
        "start --expect=0",
        "start --node=",
        "start --nodes=0",
        "start --nodes=17",
        "start --nodes=two",
        "start --nodes=2 --port=65535",
        "start --nodes=2 --cluster-port=0",
        "start --nodes=2 --cluster-port=65533",
        "start --nodes=2 --node=a",
        "start --nodes=2 --join=127.0.0.1:5701",
        "start --nodes=2 --expect=2",
        "start --config",
        "start now",
        "check",
        "init one two",
        "version one",
        "strat"
      })
  void whatCannotBeUnderstoodIsToldOnOneLine(String line) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(err().lines()).singleElement().asString().matches("tandem: .* \\(see .* --help\\)");
    assertThat(out()).isEmpty();
    assertThat(onSignal).isEmpty();
  }
}
