package io.tandem.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.Node;
import io.tandem.node.config.Configurations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry point as a process of its own, as in a container. */
class TandemIT {

  @TempDir private static Path directory;

  private static Node node;
  private static String url;

  @BeforeAll
  static void start() {
    node =
        Node.start(Configurations.embedded().withPort(0).withManagementPort(0))
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    url = "ws://127.0.0.1:" + node.ports().get(0) + "/ws";
  }

  @AfterAll
  static void stop() {
    node.stop().toCompletionStage().toCompletableFuture().join();
  }

  private record Ended(int code, String output, String errors) {}

  private static Ended tandem(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tandem.class.getName()));
    command.addAll(List.of(words));
    Path errors = Files.createTempFile(directory, "errors", "");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output, Files.readString(errors));
  }

  @Test
  void wordsOfTheNodeGoToTheNode() throws Exception {
    assertThat(tandem("version"))
        .satisfies(
            ended -> {
              assertThat(ended.code()).isZero();
              assertThat(ended.output()).startsWith("tandem ").contains(" on Java ");
            });
  }

  @Test
  void wordsOfTheClientGoToTheClient() throws Exception {
    Ended published = tandem("publish", "com.example.news", "--url", url, "--acknowledge");
    assertThat(published.output().strip()).containsOnlyDigits();
    assertThat(published.code()).isZero();
  }

  @Test
  void withoutAWordTheExitCodeSaysUsage() throws Exception {
    assertThat(tandem().code()).isEqualTo(2);
  }

  @Test
  void selftestReachesEveryRouterFromEveryOne() throws Exception {
    Ended passed = tandem("selftest", url, url);
    assertThat(passed.output().lines())
        .hasSize(8)
        .allSatisfy(line -> assertThat(line).matches("ok: (call|event) from ws:.* to ws:.*"));
    assertThat(passed.code()).isZero();
  }

  @Test
  void selftestTellsThatTwoRoutersAreNotOne() throws Exception {
    Node stranger =
        Node.start(Configurations.embedded().withPort(0).withManagementPort(0))
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    try {
      Ended failed = tandem("selftest", url, "ws://127.0.0.1:" + stranger.ports().get(0) + "/ws");
      assertThat(failed.errors()).contains("wamp.error.no_such_procedure");
      assertThat(failed.code()).isEqualTo(1);
    } finally {
      stranger.stop().toCompletionStage().toCompletableFuture().join();
    }
  }
}
