package io.tandem.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the file afterwards. */
class AuditLogTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private List<JsonNode> lines() {
    Path file = directory.resolve("audit.log");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(this::read).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> events() {
    return lines().stream().map(line -> line.get("event").asText()).toList();
  }

  @Test
  void nodeTellsWhoJoinedAndLeftAndWhoWasRefusedAndWhy() throws Exception {
    Path file = directory.resolve("audit.log");
    try (TestNode node =
        TestNode.start(
            TestNode.LISTENER
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "audit: {file: "
                + file
                + "}\n")) {
      ClientSession session = node.join();
      Patience.await(session.close());
      ClientSession.connect(node.clients(), ClientOptions.to(node.webSocket(), "nowhere"))
          .otherwiseEmpty();
      Patience.until("all is told", () -> events().size() == 3);

      JsonNode joined = lines().get(0);
      assertThat(joined.get("event").asText()).isEqualTo("joined");
      assertThat(joined.get("realm").asText()).isEqualTo("realm1");
      assertThat(joined.get("session").asLong()).isEqualTo(session.id());
      assertThat(joined.get("authrole").asText()).isEqualTo("anonymous");
      assertThat(joined.get("address").asText()).startsWith("127.0.0.1:");
      assertThat(lines().get(1).get("event").asText()).isEqualTo("left");
      assertThat(lines().get(1).get("session").asLong()).isEqualTo(session.id());
      JsonNode refused = lines().get(2);
      assertThat(refused.get("event").asText()).isEqualTo("refused");
      assertThat(refused.get("reason").asText()).isEqualTo("wamp.error.no_such_realm");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void fileMayBeMovedAway() throws Exception {
    Path file = directory.resolve("audit.log");
    try (AuditLog log = AuditLog.of(file, "node1")) {
      log.tell("one");
      Patience.until("it is written", () -> events().equals(List.of("one")));
      Files.move(file, directory.resolve("audit.1"));
      log.tell("two");
      Patience.until("it is made anew", () -> events().equals(List.of("two")));
    }
  }

  @Test
  void whatTheDiskDoesNotTakeIsCountedAndTold() throws Exception {
    Path file = directory.resolve("audit.log");
    Files.createDirectory(file); // in its way
    try (AuditLog log = AuditLog.of(file, "node1")) {
      log.tell("lost");
      log.tell("lost");
      Patience.until("both were tried", () -> log.missed() == 2);
      Files.delete(file);
      log.tell("written");
      Patience.until("it goes on", () -> events().contains("missed"));
      assertThat(lines()).anyMatch(line -> line.path("count").asLong() == 2);
    }
  }

  @Test
  void whoTellsNeverWaitsAndAllThatWaitsIsWrittenAtTheEnd() throws Exception {
    Path file = directory.resolve("audit.log");
    int all = 3 * AuditLog.MOST_WAITING;
    AuditLog log = AuditLog.of(file, "node1");
    for (int i = 0; i < all; i++) {
      log.tell("one", "text", "x".repeat(1_000));
    }
    log.close();
    long told = events().stream().filter("one"::equals).count();
    long missed = lines().stream().mapToLong(line -> line.path("count").asLong()).sum();
    assertThat(told + missed + log.missed()).isEqualTo(all);
    assertThat(lines().get(0).get("text").asText()).hasSize(512);
  }
}
