package io.tandem.node.session;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limits of a listener that decoding keeps, on the wire. */
class PayloadLimitsOnTheWireTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxDepth: 8, maxElements: 64, maxNumberLength: 20}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 1\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void nodeServesTheNextClient() {
    node.assertServes();
  }

  @ParameterizedTest
  @EnumSource
  void payloadBeyondThemCostsItsRequestAlone(Serializer serializer) {
    WireConnection client =
        node.connect(TransportOptions.to(node.rawSocket()).withSerializer(serializer));
    await(client.send(new Hello("realm1", Options.of(Keys.ROLES, Map.of("caller", Map.of())))));
    assertThat(await(client.next())).isInstanceOf(Welcome.class);
    long request = 0;
    for (List<Object> arguments : List.of(nested(8), Collections.nCopies(65, (Object) 1))) {
      Payload payload = Payload.encode(serializer, arguments, Map.of());
      await(client.send(new Call(++request, Options.EMPTY, "com.example.missing", payload)));
      assertThat(((ErrorMessage) await(client.next())).error()).isEqualTo(WampUri.INVALID_ARGUMENT);
    }
    for (List<Object> arguments : List.of(nested(7), Collections.nCopies(64, (Object) 1))) {
      Payload payload = Payload.encode(serializer, arguments, Map.of());
      await(client.send(new Call(++request, Options.EMPTY, "com.example.missing", payload)));
      assertThat(((ErrorMessage) await(client.next())).error())
          .isEqualTo(WampUri.NO_SUCH_PROCEDURE);
    }
    await(client.close());
  }

  /** So many lists, one in the other. */
  private static List<Object> nested(int lists) {
    List<Object> value = List.of();
    for (int i = 1; i < lists; i++) {
      value = List.of(value);
    }
    return value;
  }

  @ParameterizedTest
  @EnumSource
  void numberInAPayloadCostsItsRequestAndAnywhereElseTheSession(Way way) {
    String number = "1".repeat(21);
    try (WampClient client = way.join(node)) {
      client.say("[48,1,{},\"com.example.missing\",[" + number + "]]");
      assertThat(client.hear())
          .isEqualTo(
              "[8,48,1,{},\"wamp.error.invalid_argument\","
                  + "[\"payload: a number of more than 20 characters\"]]");
      client.say("[48,2,{\"x\":" + number + "},\"com.example.missing\"]");
      client.expectViolation("a number of more than 20 characters");
    }
  }

  @ParameterizedTest
  @EnumSource
  void abortIsOneWhateverItsArguments(Way way) {
    try (WampClient client = way.join(node)) {
      client.say("[3,{},\"wamp.close.normal\",[[[[[[[[[[]]]]]]]]]]]");
      client.expectEnd(1000);
    }
  }
}
