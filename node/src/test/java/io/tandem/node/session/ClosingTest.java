package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** GOODBYE and ABORT from the client, another session after it, and a node that leaves. */
class ClosingTest {

  private static final String CONFIG =
      TestNode.LISTENER
          // Who takes its time between two sessions is not hurried by this one.
          + "  - port: 0\n"
          + "    timeouts: {nextHello: 300ms}\n"
          + TestNode.MANAGEMENT
          + TestNode.REALM
          + "  - name: barred\n"
          + "    auth: {anonymous: {role: nobody}}\n"
          + "    roles: [{name: nobody}]\n"
          + "lanes: 2\n";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(CONFIG);
  }

  @AfterAll
  static void stop() {
    node.assertServes();
    node.close();
  }

  private static Line hurried(TestNode node) {
    return Line.tcp(node.node().ports().get(1));
  }

  static Stream<Arguments> reasons() {
    return Stream.of(
            "wamp.close.normal",
            "wamp.close.goodbye_and_out",
            "wamp.error.goodbye_and_out",
            "wamp.close.logout",
            "com.example.any.reason")
        .flatMap(reason -> Arrays.stream(Way.values()).map(way -> arguments(way, reason)));
  }

  @Conformance({"SES-12", "SES-16"})
  @ParameterizedTest
  @MethodSource("reasons")
  void goodbyeIsAnsweredWhateverItsReason(Way way, String reason) {
    try (WampClient client = way.join(node)) {
      client.say("[6,{},\"" + reason + "\"]");

      assertThat(client.hear()).isEqualTo("[6,{},\"wamp.close.goodbye_and_out\"]");
    }
  }

  @Conformance("AZ-06")
  @ParameterizedTest
  @EnumSource
  void whoMayDoNothingMaySayGoodbye(Way way) {
    try (WampClient client = way.open(node)) {
      client.say(WampClient.HELLO.replace("realm1", "barred"));
      assertThat(client.hear()).startsWith("[2,");
      client.say("[32,1,{},\"com.example.topic\"]");
      assertThat(client.hear()).startsWith("[8,32,1,{},\"wamp.error.not_authorized\"");
      client.say("[6,{},\"wamp.close.normal\"]");
      assertThat(client.hear()).isEqualTo("[6,{},\"wamp.close.goodbye_and_out\"]");
    }
  }

  @Conformance({"TR-03", "SES-12"})
  @ParameterizedTest
  @EnumSource
  void transportCarriesSessionAfterSessionAndIsClosedWhenNoneComes(Way way) {
    try (WampClient client = way.open(node)) {
      client.say(WampClient.HELLO);
      String first = client.hear();
      client.say("[32,1,{},\"com.example.topic\"]");
      assertThat(client.hear()).startsWith("[33,1,");
      client.say("[6,{},\"wamp.close.normal\"]");
      assertThat(client.hear()).startsWith("[6,");

      client.say(WampClient.HELLO);
      assertThat(client.hear()).startsWith("[2,").isNotEqualTo(first);
      client.say("[34,1,1]");
      assertThat(client.hear()).startsWith("[8,34,1,{},\"wamp.error.no_such_subscription\"");
    }
    try (WampClient client = way.open(hurried(node))) {
      client.join();
      client.say("[6,{},\"wamp.close.normal\"]");
      assertThat(client.hear()).startsWith("[6,");

      client.expectEnd(1000);
    }
  }

  @Conformance("SES-15")
  @Test
  void nothingIsSentAfterTheAnswerToGoodbye() {
    try (WampClient publisher = Way.WEBSOCKET.join(node);
        WampClient subscriber = Way.RAWSOCKET.join(node);
        WampClient witness = Way.RAWSOCKET.join(node)) {
      for (WampClient each : new WampClient[] {subscriber, witness}) {
        each.say("[32,1,{},\"com.example.bye\"]");
        assertThat(each.hear()).startsWith("[33,1,");
      }
      subscriber.say("[6,{},\"wamp.close.normal\"]");
      assertThat(subscriber.hear()).startsWith("[6,");
      publisher.say("[16,1,{},\"com.example.bye\",[1]]");
      assertThat(witness.hear()).startsWith("[36,");

      subscriber.say(WampClient.HELLO);
      assertThat(subscriber.hear()).as("no EVENT in between").startsWith("[2,");
    }
  }

  static Stream<Arguments> callees() {
    return Arrays.stream(Way.values())
        .flatMap(way -> Stream.of(arguments(way, false), arguments(way, true)));
  }

  /** What a client says without waiting for our GOODBYE is treated behind it all the same. */
  @Conformance("SES-22")
  @ParameterizedTest
  @MethodSource("callees")
  void whatComesRightBehindGoodbyeIsOfTheNextSession(Way way, boolean isCallee) {
    for (String next : List.of(WampClient.HELLO, "[6,{},\"wamp.close.normal\"]", "[49,1,{}]")) {
      try (WampClient client = way.join(node)) {
        if (isCallee) {
          client.say("[64,1,{},\"com.example.behind\"]");
          assertThat(client.hear()).startsWith("[65,1,");
        }
        client.sayAtOnce("[6,{},\"wamp.close.normal\"]", next);
        assertThat(client.hear()).isEqualTo("[6,{},\"wamp.close.goodbye_and_out\"]");
        if (next.equals(WampClient.HELLO)) {
          assertThat(client.hear()).startsWith("[2,");
        } else {
          client.expectViolation(" before HELLO");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestAfterGoodbyeIsAViolationOutsideAnySession(Way way) {
    try (WampClient client = way.join(node)) {
      client.say("[6,{},\"wamp.close.normal\"]");
      assertThat(client.hear()).startsWith("[6,");
      client.say("[48,1,{},\"com.example.procedure\"]");

      client.expectViolation("CALL before HELLO");
    }
  }

  @Conformance("SES-10")
  @ParameterizedTest
  @EnumSource
  void abortInASessionEndsItWithoutAWord(Way way) {
    try (WampClient client = way.join(node);
        WampClient other = Way.RAWSOCKET.join(node)) {
      client.say("[64,1,{},\"com.example.aborted\"]");
      assertThat(client.hear()).startsWith("[65,1,");
      client.say("[3,{},\"wamp.close.normal\"]");

      client.expectEnd(1000);
      other.say("[64,1,{},\"com.example.aborted\"]");
      assertThat(other.hear()).startsWith("[65,1,");
    }
  }

  @Conformance("SES-17")
  @ParameterizedTest
  @EnumSource
  void lostTransportEndsTheSession(Way way) {
    try (WampClient callee = way.join(node);
        WampClient caller = Way.RAWSOCKET.join(node)) {
      callee.say("[64,1,{},\"com.example.lost\"]");
      assertThat(callee.hear()).startsWith("[65,1,");
      caller.say("[48,1,{},\"com.example.lost\"]");
      assertThat(callee.hear()).startsWith("[68,1,");
      callee.hangUp();

      assertThat(caller.hear()).startsWith("[8,48,1,{},\"wamp.error.canceled\"");
      caller.say("[64,1,{},\"com.example.lost\"]");
      assertThat(caller.hear()).startsWith("[65,1,");
    }
  }

  @Conformance("QRK-12")
  @ParameterizedTest
  @EnumSource
  void nodeThatStopsClosesTransportsWithoutGoodbye(Way way) {
    TestNode leaving = TestNode.start(CONFIG);
    try (WampClient client = way.join(leaving)) {
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(leaving::close);

      client.expectEnd(1001);
      stopped.join();
    }
  }

  @Test
  void everyTransportIsCountedOnceWithItsCause() {
    try (TestNode counted = TestNode.start(CONFIG)) {
      for (Way way : Way.values()) {
        try (WampClient client = way.open(hurried(counted))) {
          client.join();
          client.say("[6,{},\"wamp.close.normal\"]");
          assertThat(client.hear()).startsWith("[6,");
          client.expectEnd(1000);
        }
        way.join(counted).hangUp();
        try (WampClient client = way.join(counted)) {
          client.say("[7]");
          client.expectViolation("7");
        }
        try (WampClient client = way.open(counted)) {
          client.say("[1,\"no.realm\",{\"roles\":{\"caller\":{}}}]");
          client.hear();
          client.expectEnd(1000);
        }
      }

      Patience.until(
          "all ends are counted",
          () ->
              counted
                  .metrics()
                  .lines()
                  .filter(line -> line.startsWith("tandem_closes_total"))
                  .filter(line -> !line.endsWith(" 0.0"))
                  .sorted()
                  .toList()
                  .equals(
                      Stream.of(
                              CloseCause.GOODBYE,
                              CloseCause.PROTOCOL_VIOLATION,
                              CloseCause.REFUSED,
                              CloseCause.TRANSPORT_LOST)
                          .map(each -> "tandem_closes_total{cause=\"" + each.label() + "\"} 2.0")
                          .toList()));
    }
  }
}
