package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.testing.Conformance;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What breaks the protocol: ABORT, then the end, on both transports; and the node goes on. */
class ViolationTest {

  private static final String STRICT =
      TestNode.REALM.replace("- name: realm1", "- name: realm1\n    strictRequestIds: true");

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestNode.LISTENER + TestNode.MANAGEMENT + STRICT + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void nodeServesTheNextClient() {
    node.assertServes();
  }

  /** Message, and words that the ABORT explains it with. */
  private static Stream<Arguments> onBothWays(String[][] cases) {
    return Arrays.stream(Way.values())
        .flatMap(way -> Arrays.stream(cases).map(each -> arguments(way, each[0], each[1])));
  }

  static Stream<Arguments> beforeHello() {
    return onBothWays(
        new String[][] {
          {"[2,1,{\"roles\":{}}]", "WELCOME before HELLO"},
          {"[4,\"ticket\",{}]", "CHALLENGE before HELLO"},
          {"[5,\"secret\",{}]", "AUTHENTICATE before HELLO"},
          {"[6,{},\"wamp.close.normal\"]", "GOODBYE before HELLO"},
          {"[8,68,1,{},\"com.example.error\"]", "ERROR before HELLO"},
          {"[16,1,{},\"com.example.topic\"]", "PUBLISH before HELLO"},
          {"[32,1,{},\"com.example.topic\"]", "SUBSCRIBE before HELLO"},
          {"[34,1,1]", "UNSUBSCRIBE before HELLO"},
          {"[48,1,{},\"com.example.procedure\"]", "CALL before HELLO"},
          {"[49,1,{}]", "CANCEL before HELLO"},
          {"[64,1,{},\"com.example.procedure\"]", "REGISTER before HELLO"},
          {"[66,1,1]", "UNREGISTER before HELLO"},
          {"[70,1,{}]", "YIELD before HELLO"},
        });
  }

  @ParameterizedTest
  @MethodSource("beforeHello")
  void anythingButHelloOnAFreshTransportIsAViolation(Way way, String message, String words) {
    try (WampClient client = way.open(node)) {
      client.say(message);

      client.expectAbort(WampClient.PROTOCOL_VIOLATION, words, 1002);
    }
  }

  static Stream<Arguments> inASession() {
    return onBothWays(
        new String[][] {
          {WampClient.HELLO, "HELLO in an established session"},
          {"[5,\"secret\",{}]", "AUTHENTICATE in an established session"},
        });
  }

  @ParameterizedTest
  @MethodSource("inASession")
  void openingMessagesInASessionAreViolations(Way way, String message, String words) {
    try (WampClient client = way.join(node)) {
      client.say(message);

      client.expectAbort(WampClient.PROTOCOL_VIOLATION, words, 1002);
    }
  }

  static Stream<Arguments> ofRouters() {
    return onBothWays(
        new String[][] {
          {"[2,1,{\"roles\":{}}]", "WELCOME"},
          {"[4,\"ticket\",{}]", "CHALLENGE"},
          {"[17,1,1]", "PUBLISHED"},
          {"[33,1,1]", "SUBSCRIBED"},
          {"[35,1]", "UNSUBSCRIBED"},
          {"[36,1,1,{}]", "EVENT"},
          {"[50,1,{}]", "RESULT"},
          {"[65,1,1]", "REGISTERED"},
          {"[67,1]", "UNREGISTERED"},
          {"[68,1,1,{}]", "INVOCATION"},
          {"[69,1,{}]", "INTERRUPT"},
        });
  }

  @Conformance("MSG-03")
  @ParameterizedTest
  @MethodSource("ofRouters")
  void messageThatOnlyRoutersSendIsAViolation(Way way, String message, String name) {
    try (WampClient client = way.join(node)) {
      client.say(message);

      client.expectAbort(WampClient.PROTOCOL_VIOLATION, name + " in an established session", 1002);
    }
  }

  static Stream<Arguments> illegalErrors() {
    return onBothWays(
        new String[][] {
          {"[8,16,1,{},\"com.example.error\"]", "ERROR for PUBLISH"},
          {"[8,32,1,{},\"com.example.error\"]", "ERROR for SUBSCRIBE"},
          {"[8,48,1,{},\"com.example.error\"]", "ERROR for CALL"},
          {"[8,64,1,{},\"com.example.error\"]", "ERROR for REGISTER"},
          {"[8,70,1,{},\"com.example.error\"]", "ERROR for YIELD"},
          {"[8,69,1,{},\"com.example.error\"]", "ERROR for INTERRUPT"},
        });
  }

  @Conformance("MSG-04")
  @ParameterizedTest
  @MethodSource("illegalErrors")
  void errorForAnythingButAnInvocationIsAViolation(Way way, String message, String words) {
    try (WampClient client = way.join(node)) {
      client.say(message);

      client.expectViolation(words);
    }
  }

  static Stream<Arguments> neverIssued() {
    return onBothWays(
        new String[][] {
          {"[70,1,{}]", "no invocation 1 was sent to this session"},
          {"[8,68,7,{},\"com.example.error\"]", "no invocation 7 was sent to this session"},
        });
  }

  @ParameterizedTest
  @MethodSource("neverIssued")
  void answerToAnInvocationNeverIssuedIsAViolation(Way way, String message, String words) {
    try (WampClient client = way.join(node)) {
      client.say(message);

      client.expectAbort(WampClient.PROTOCOL_VIOLATION, words, 1002);
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestIdOutOfSequenceIsAViolationInAStrictRealm(Way way) {
    try (WampClient client = way.join(node)) {
      client.say("[32,2,{},\"com.example.topic\"]");

      client.expectViolation("request ID 2");
    }
  }

  static Stream<Arguments> malformed() {
    return onBothWays(
        new String[][] {
          {"", ""},
          {"[", ""},
          {"nonsense", ""},
          {"{}", ""},
          {"[]", ""},
          {"[0]", ""},
          {"[7,{}]", "7"},
          {"[256,1,{}]", "256"},
          {"[337,1]", "337"},
          {"[99999999999999999999,1]", ""},
          {"[\"16\",1,{},\"com.example.topic\"]", ""},
          {"[32,1,{}]", ""},
          {"[32,1,{},\"com.example.topic\",1]", ""},
          {"[32,1,[],\"com.example.topic\"]", "Options"},
          {"[32,0,{},\"com.example.topic\"]", "Request"},
          {"[32,9007199254740993,{},\"com.example.topic\"]", "Request"},
          {"[32,1,{\"match\":1},\"com.example.topic\"]", "match"},
          {"[32,1,{\"match\":\"regex\"},\"com.example.topic\"]", "match"},
          {"[16,1,{\"acknowledge\":1},\"com.example.topic\"]", "acknowledge"},
          {"[16,1,{},\"com.example.topic\",[]][16,2,{},\"com.example.topic\"]", ""},
        });
  }

  @Conformance({"MSG-01", "MSG-07"})
  @ParameterizedTest
  @MethodSource("malformed")
  void malformedMessageIsAViolationThatTheAbortExplains(Way way, String message, String words) {
    try (WampClient client = way.join(node)) {
      client.say(message);

      client.expectViolation(words);
    }
  }

  @Conformance("SER-08")
  @ParameterizedTest
  @EnumSource
  void malformedFirstMessageIsAViolation(Way way) {
    try (WampClient client = way.open(node)) {
      client.say("{\"hello\":1}");

      client.expectViolation("");
    }
  }

  @Conformance("SES-20")
  @ParameterizedTest
  @EnumSource
  void nothingAfterAViolationIsTreated(Way way) {
    try (WampClient witness = way.join(node);
        WampClient client = way.join(node)) {
      witness.say("[32,1,{},\"com.example.after\"]");
      assertThat(witness.hear()).startsWith("[33,1,");
      client.sayAtOnce(
          "[16,1,{},\"com.example.after\",[\"before\"]]",
          "[5,\"secret\",{}]",
          "[16,2,{},\"com.example.after\",[\"after\"]]");

      client.expectViolation("AUTHENTICATE");
      assertThat(witness.hear()).contains("before");
      witness.say("[32,2,{},\"com.example.other\"]");
      assertThat(witness.hear()).as("nothing but the answer").startsWith("[33,2,");
    }
  }

  @Conformance("SES-20")
  @Test
  void violationEndsWhatTheSessionHeld() {
    try (WampClient callee = Way.RAWSOCKET.join(node);
        WampClient caller = Way.WEBSOCKET.join(node)) {
      callee.say("[64,1,{},\"com.example.held\"]");
      assertThat(callee.hear()).startsWith("[65,1,");
      caller.say("[48,1,{},\"com.example.held\"]");
      assertThat(callee.hear()).startsWith("[68,1,");
      callee.say("[7]");

      callee.expectViolation("7");
      assertThat(caller.hear()).startsWith("[8,48,1,{},\"wamp.error.canceled\"");
      caller.say("[48,2,{},\"com.example.held\"]");
      assertThat(caller.hear()).startsWith("[8,48,2,{},\"wamp.error.no_such_procedure\"");
    }
  }

  @ParameterizedTest
  @EnumSource
  void wordsOfTheClientComeBackShort(Way way) {
    try (WampClient client = way.open(node)) {
      client.say("[1,\"" + "x".repeat(50_000) + "\",{\"roles\":{\"caller\":{}}}]");

      String abort = client.hear();
      assertThat(abort).endsWith(",\"wamp.error.no_such_realm\"]").hasSizeLessThan(400);
      client.expectEnd(1000);
    }
  }

  static Stream<Arguments> violations() {
    Stream<Arguments> more =
        onBothWays(
            new String[][] {
              {"[32,2,{},\"com.example.topic\"]", "request ID 2"},
              {"[48,1,{\"progress\":true},\"com.example.procedure\"]", "progress"},
              {"[48,1,{\"ppt_scheme\":\"x_a\"},\"com.example.procedure\"]", "ppt_scheme"},
            });
    return Stream.concat(
        beforeHello().map(each -> arguments(false, each.get()[0], each.get()[1], each.get()[2])),
        Stream.of(inASession(), ofRouters(), illegalErrors(), neverIssued(), malformed(), more)
            .flatMap(cases -> cases)
            .map(each -> arguments(true, each.get()[0], each.get()[1], each.get()[2])));
  }

  @Conformance("SES-19")
  @ParameterizedTest
  @MethodSource("violations")
  void everyKindOfViolationEndsTheSession(boolean joined, Way way, String message, String words) {
    try (WampClient client = joined ? way.join(node) : way.open(node)) {
      client.say(message);

      client.expectViolation(words);
    }
  }
}
