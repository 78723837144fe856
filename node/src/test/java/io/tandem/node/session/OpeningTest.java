package io.tandem.node.session;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From the open transport to WELCOME, or to ABORT. */
class OpeningTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                // Who needs the other one for long is not hurried by this one.
                + "  - port: 0\n"
                + "    timeouts: {hello: 300ms}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "  - name: closed.realm\n    roles: []\n"
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.assertServes();
    node.close();
  }

  static Stream<Arguments> waysAndSerializers() {
    return Stream.of(node.webSocket(), node.rawSocket())
        .flatMap(url -> Arrays.stream(Serializer.values()).map(each -> arguments(url, each)));
  }

  @Conformance({"SES-08", "FEAT-02", "QRK-02"})
  @ParameterizedTest
  @MethodSource("waysAndSerializers")
  void welcomeTellsRolesFeaturesAndWhoTheClientIs(String url, Serializer serializer) {
    WireConnection client = node.connect(TransportOptions.to(url).withSerializer(serializer));
    await(
        client.send(
            new Hello("realm1", Options.of(Keys.ROLES, Map.of("caller", Map.of("future", 1))))));

    Welcome welcome = (Welcome) await(client.next());
    Map<String, Object> details = welcome.details().toMap();
    assertThat(details)
        .containsOnlyKeys(
            "roles", "agent", "realm", "authid", "authrole", "authmethod", "authprovider")
        .containsEntry("realm", "realm1")
        .containsEntry("authrole", "anonymous")
        .containsEntry("authmethod", "anonymous")
        .containsEntry("authprovider", "static");
    assertThat(details.get("authid")).asString().isNotEmpty();
    assertThat((Map<?, ?>) details.get("roles")).isEqualTo(features());
    await(client.close());
  }

  private static Map<String, ?> features() {
    return Map.of(
        "broker",
        Map.of(
            "features",
            all(
                "event_history",
                "event_retention",
                "pattern_based_subscription",
                "payload_passthru_mode",
                "publication_trustlevels",
                "publisher_exclusion",
                "publisher_identification",
                "session_meta_api",
                "subscriber_blackwhite_listing",
                "subscription_meta_api",
                "subscription_revocation")),
        "dealer",
        Map.of(
            "features",
            all(
                "call_canceling",
                "call_reroute",
                "call_timeout",
                "call_trustlevels",
                "caller_identification",
                "pattern_based_registration",
                "payload_passthru_mode",
                "progressive_call_invocations",
                "progressive_call_results",
                "registration_meta_api",
                "registration_revocation",
                "session_meta_api",
                "shared_registration",
                "testament_meta_api")));
  }

  private static Map<String, Object> all(String... features) {
    return Arrays.stream(features).collect(Collectors.toMap(feature -> feature, feature -> true));
  }

  @Conformance({"FEAT-01", "META-02", "PPT-12"})
  @Test
  void everyFeatureIsAnnouncedOnTheWireAndNoneThatIsMissing() {
    try (WampClient client = Way.WEBSOCKET.open(node)) {
      client.say(WampClient.HELLO);
      JsonObject details = new JsonArray(client.hear()).getJsonObject(2);
      assertThat(details.getJsonObject("roles").getMap()).isEqualTo(features());
    }
  }

  @Conformance("SES-23")
  @ParameterizedTest
  @EnumSource
  void draftOfResumptionIsIgnored(Way way) {
    try (WampClient client = way.open(node)) {
      client.say(
          "[1,\"realm1\",{\"roles\":{\"caller\":{}},\"resumable\":true,"
              + "\"resume-session\":1,\"resume-token\":\"t\"}]");

      assertThat(client.hear()).startsWith("[2,").doesNotContain("resum");
    }
  }

  @Conformance({"SES-07", "SES-03"})
  @ParameterizedTest
  @EnumSource
  void helloIsAnsweredWithOneWelcomeOnTheWire(Way way) {
    try (WampClient client = way.open(node)) {
      client.say(WampClient.HELLO);

      assertThat(client.hear())
          .matches("\\[2,[1-9][0-9]*,\\{\"roles\":\\{.*\"agent\":\"Tandem\".*}]")
          .contains("\"broker\":{\"features\":{", "\"dealer\":{\"features\":{");
      client.say("[32,1,{},\"com.example.topic\"]");
      assertThat(client.hear()).as("no second WELCOME").startsWith("[33,1,");
    }
  }

  static Stream<Arguments> rolesThatAreNone() {
    return Stream.of(
            "{}",
            "{\"roles\":{}}",
            "{\"roles\":{\"router\":{}}}",
            "{\"roles\":{\"caller\":1}}",
            "{\"roles\":{\"caller\":{},\"callee\":null}}")
        .flatMap(details -> Arrays.stream(Way.values()).map(way -> arguments(way, details)));
  }

  @Conformance("SES-02")
  @ParameterizedTest
  @MethodSource("rolesThatAreNone")
  void helloWithoutAProperRoleIsAViolation(Way way, String details) {
    try (WampClient client = way.open(node)) {
      client.say("[1,\"realm1\"," + details + "]");

      client.expectViolation("roles");
    }
  }

  @Conformance({"MSG-05", "SES-02"})
  @ParameterizedTest
  @EnumSource
  void unknownRolesFeaturesAndKeysAreIgnored(Way way) {
    try (WampClient client = way.open(node)) {
      client.say(
          "[1,\"realm1\",{\"roles\":{\"router\":{},\"caller\":{\"features\":"
              + "{\"telepathy\":true,\"call_canceling\":\"yes\"}}},\"x_own\":[null],"
              + "\"resumable\":true}]");

      assertThat(client.hear()).startsWith("[2,").doesNotContain("resumable");
    }
  }

  static Stream<Arguments> refusedRealms() {
    return Stream.of(
            new String[] {"\"realm2\"", "wamp.error.no_such_realm"},
            new String[] {"\"\"", "wamp.error.no_such_realm"},
            new String[] {"null", "wamp.error.no_such_realm"},
            new String[] {"\"realm one\"", "wamp.error.invalid_uri"},
            new String[] {"\"realm..one\"", "wamp.error.invalid_uri"},
            new String[] {"\"realm#1\"", "wamp.error.invalid_uri"},
            new String[] {"\"closed.realm\"", "wamp.error.authentication_required"})
        .flatMap(each -> Arrays.stream(Way.values()).map(way -> arguments(way, each[0], each[1])));
  }

  @Conformance({"SES-04", "SES-05"})
  @ParameterizedTest
  @MethodSource("refusedRealms")
  void realmThatCannotBeJoinedIsRefused(Way way, String realm, String reason) {
    try (WampClient client = way.open(node)) {
      client.say("[1," + realm + ",{\"roles\":{\"caller\":{}}}]");

      assertThat(client.hear())
          .matches("\\[3,\\{\"message\":\"[^\"]+\"},\"" + reason.replace(".", "\\.") + "\"]");
      client.expectEnd(1000);
    }
  }

  @Conformance("SES-01")
  @ParameterizedTest
  @EnumSource
  void helloComesFirstAndInTimeOrTheTransportEnds(Way way) {
    try (WampClient client = way.open(node)) {
      client.say("[48,1,{},\"com.example.procedure\"]");
      client.expectViolation("CALL before HELLO");
    }
    try (WampClient client = way.open(node)) {
      client.say("[3,{},\"wamp.close.normal\"]");
      client.expectEnd(1000);
    }
    long before = node.closes(CloseCause.HELLO_TIMEOUT);
    try (WampClient client = way.open(Line.tcp(node.node().ports().get(1)))) {
      client.expectEnd(1002);
    }
    Patience.until("the end is counted", () -> node.closes(CloseCause.HELLO_TIMEOUT) == before + 1);
  }

  @ParameterizedTest
  @EnumSource
  void abortOfTheClientIsJustAClose(Way way) {
    try (WampClient client = way.open(node)) {
      client.say("[3,{},\"wamp.error.no_such_realm\",[],{}]");

      client.expectEnd(1000);
    }
  }

  @Conformance("MSG-12")
  @Test
  void clientMayUseRolesThatItDidNotAnnounce() {
    try (WampClient client = Way.WEBSOCKET.open(node)) {
      client.say("[1,\"realm1\",{\"roles\":{\"caller\":{}}}]");
      assertThat(client.hear()).startsWith("[2,");
      client.say("[32,1,{},\"com.example.unannounced\"]");
      assertThat(client.hear()).startsWith("[33,1,");
      client.say("[16,2,{\"acknowledge\":true},\"com.example.unannounced\"]");
      assertThat(client.hear()).startsWith("[17,2,");
      client.say("[64,3,{},\"com.example.unannounced\"]");
      assertThat(client.hear()).startsWith("[65,3,");
    }
  }

  @Test
  void welcomeComesBeforeTheFirstEvent() {
    try (WampClient publisher = Way.RAWSOCKET.join(node);
        WampClient subscriber = Way.WEBSOCKET.open(node)) {
      subscriber.say(WampClient.HELLO);
      assertThat(subscriber.hear()).startsWith("[2,");
      subscriber.say("[32,1,{},\"com.example.first\"]");
      assertThat(subscriber.hear()).startsWith("[33,1,");
      publisher.say("[16,1,{},\"com.example.first\",[1]]");
      assertThat(subscriber.hear()).startsWith("[36,");
    }
  }
}
