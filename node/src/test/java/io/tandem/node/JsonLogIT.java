package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.Payload;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a node says from its start to its end where programs read it. */
class JsonLogIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The second is for SLF4J, which would tell of a logger of nothing that the client's jar brings
   * along, on the class path of tests alone.
   */
  private static final String[] OPTIONS = {
    "-DTANDEM_LOG_FORMAT=json", "-Dslf4j.internal.verbosity=ERROR"
  };

  private static final String CONFIGURATION =
      """
      listeners: [{port: 0, limits: {maxMessageSize: 4KiB}}]
      management: {port: 0}
      cluster: {node: shop-0, port: 0, name: %s}
      realms:
        - name: realm1
          auth: {anonymous: {}}
          roles:
            - name: anonymous
              permissions: [{uri: "", match: prefix, allow: [call, register]}]
      """;

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private static JsonNode withMessage(List<JsonNode> lines, String words) {
    return lines.stream()
        .filter(line -> line.get("message").asText().contains(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError(words + " in " + lines));
  }

  private static WireConnection said(TestProcess node, String realm) {
    WireConnection client = node.connect();
    client.send(new Hello(realm, Options.of(Keys.ROLES, Map.of("caller", Map.of()))));
    return client;
  }

  private static void assertSession(JsonNode line, Welcome session, String cause) {
    assertThat(line.get("node").asText()).isEqualTo("shop-0");
    assertThat(line.get("realm").asText()).isEqualTo("realm1");
    assertThat(line.get("session").longValue()).isEqualTo(session.session());
    assertThat(line.get("cause").asText()).isEqualTo(cause);
  }

  @Test
  void everyLineIsAnObjectAndTellsRealmSessionNodeAndCause() {
    String hostile = "x\"}\n{\"message\":\"all is well\"}";
    try (TestProcess node =
        TestProcess.start(CONFIGURATION.formatted(UUID.randomUUID()), OPTIONS)) {
      WireConnection violator = said(node, "realm1");
      Welcome first = (Welcome) await(violator.next());
      violator.send(new Hello(hostile, Options.EMPTY));
      await(violator.closed());
      WireConnection talker = said(node, "realm1");
      Welcome second = (Welcome) await(talker.next());
      talker.send(new Call(1, Options.EMPTY, "x".repeat(8 << 10), Payload.EMPTY));
      await(talker.closed());
      await(said(node, hostile).closed());
      node.untilItSays(1, "message_too_long");
      node.untilItSays(1, "refused");
      node.terminate();
      node.status();

      List<JsonNode> lines = node.said().stream().map(JsonLogIT::parsed).toList();
      assertThat(withMessage(lines, "ready: ws://").get("node").asText()).isEqualTo("shop-0");
      assertSession(withMessage(lines, "violated the protocol"), first, "protocol_violation");
      assertSession(withMessage(lines, "has ended"), second, "message_too_long");
      JsonNode refused = withMessage(lines, " refused: ");
      assertThat(refused.get("realm").asText()).isEqualTo(hostile);
      assertThat(refused.get("cause").asText()).isEqualTo("refused");
      assertThat(withMessage(lines, "stopped")).isSameAs(lines.get(lines.size() - 1));
    }
  }

  @Test
  void whatIsWrongWithAConfigurationIsAnObjectToo() {
    try (TestProcess node = TestProcess.begin("listeners: [{port: x}]\n", OPTIONS)) {
      assertThat(node.status()).isEqualTo(1);
      assertThat(node.said().stream().map(JsonLogIT::parsed))
          .allMatch(line -> line.get("level").asText().equals("ERROR"))
          .anyMatch(line -> line.get("message").asText().contains("listeners[0].port"));
    }
  }
}
