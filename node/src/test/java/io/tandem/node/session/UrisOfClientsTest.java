package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.testing.Conformance;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever a client's message has a URI, it is one by the rule of the realm. */
class UrisOfClientsTest {

  /** By no rule, since a component is empty. */
  private static final List<String> EMPTY_COMPONENT =
      List.of("", ".", "com.", ".com", "com..example");

  /** By no rule. */
  private static final List<String> MALFORMED = List.of("com.exa mple", "com.example\\n", "com.#");

  private static TestNode node;

  @BeforeAll
  static void start() {
    String strict = TestNode.REALM.replace("realms:\n", "").replace("realm1", "strict");
    node =
        TestNode.start(
            TestNode.LISTENER
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + strict.replace("- name: strict", "- name: strict\n    uriRule: strict")
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void nodeServesTheNextClient() {
    node.assertServes();
  }

  static Stream<Arguments> emptyComponents() {
    return Stream.of("realm1", "strict")
        .flatMap(realm -> EMPTY_COMPONENT.stream().map(uri -> arguments(realm, uri)));
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
            MALFORMED.stream().map(uri -> arguments("realm1", uri)),
            MALFORMED.stream().map(uri -> arguments("strict", uri)))
        .flatMap(cases -> cases);
  }

  @Conformance("URI-04")
  @ParameterizedTest
  @MethodSource("emptyComponents")
  void emptyComponentIsRefusedWhereverAUriStands(String realm, String uri) {
    refusesEverywhere(realm, uri);
  }

  @Conformance("URI-07")
  @ParameterizedTest
  @MethodSource("malformed")
  void malformedUriIsRefusedWhereverOneStands(String realm, String uri) {
    refusesEverywhere(realm, uri);
    try (WampClient client = Way.RAWSOCKET.open(node)) {
      client.say("[1,\"com. \",{\"roles\":{\"caller\":{}}}]");
      client.expectAbort("wamp.error.invalid_uri", "the realm is not a valid URI", 1000);
    }
  }

  private static void refusesEverywhere(String realm, String uri) {
    long dropped = refusedPublications();
    try (WampClient client = join(Way.WEBSOCKET, realm)) {
      client.say("[48,1,{},\"" + uri + "\"]");
      assertThat(client.hear()).startsWith("[8,48,1,{},\"wamp.error.invalid_uri\"");
      client.say("[64,2,{},\"" + uri + "\"]");
      assertThat(client.hear()).startsWith("[8,64,2,{},\"wamp.error.invalid_uri\"");
      client.say("[32,3,{},\"" + uri + "\"]");
      assertThat(client.hear()).startsWith("[8,32,3,{},\"wamp.error.invalid_uri\"");
      client.say("[16,4,{},\"" + uri + "\"]");
      client.say("[16,5,{\"acknowledge\":true},\"" + uri + "\"]");
      assertThat(client.hear()).startsWith("[8,16,5,{},\"wamp.error.invalid_uri\"");
      assertThat(refusedPublications()).isEqualTo(dropped + 1);
      client.say("[6,{},\"" + uri + "\"]");
      client.expectViolation("GOODBYE.Reason must be a URI");
    }
    try (WampClient callee = join(Way.WEBSOCKET, realm);
        WampClient caller = join(Way.RAWSOCKET, realm)) {
      callee.say("[64,1,{},\"com.example.fails\"]");
      assertThat(callee.hear()).startsWith("[65,1,");
      caller.say("[48,1,{},\"com.example.fails\"]");
      assertThat(callee.hear()).startsWith("[68,1,");
      callee.say("[8,68,1,{},\"" + uri + "\"]");
      callee.expectViolation("ERROR.Error must be a URI");
      assertThat(caller.hear()).startsWith("[8,48,1,{},\"wamp.error.canceled\"");
    }
    try (WampClient client = join(Way.WEBSOCKET, realm)) {
      client.say("[3,{},\"" + uri + "\"]");
      // ABORT is not answered, whatever it says (SES-10).
      client.expectEnd(1002);
    }
  }

  @Conformance("URI-02")
  @ParameterizedTest
  @ValueSource(strings = {"com.Example", "com.ex-ample", "com.\u00e9"})
  void strictRealmRefusesWhatALooseOneTakes(String uri) {
    refusesEverywhere("strict", uri);
    try (WampClient callee = join(Way.WEBSOCKET, "realm1");
        WampClient caller = join(Way.RAWSOCKET, "realm1")) {
      callee.say("[64,1,{},\"" + uri + "\"]");
      assertThat(callee.hear()).startsWith("[65,1,");
      caller.say("[48,1,{},\"" + uri + "\"]");
      assertThat(callee.hear()).startsWith("[68,1,");
      callee.say("[8,68,1,{},\"" + uri + "\"]");
      assertThat(caller.hear()).isEqualTo("[8,48,1,{},\"" + uri + "\"]");
      callee.say("[6,{},\"" + uri + "\"]");
      assertThat(callee.hear()).isEqualTo("[6,{},\"wamp.close.goodbye_and_out\"]");
      caller.say("[3,{},\"" + uri + "\"]");
      caller.expectEnd(1000);
    }
  }

  private static long refusedPublications() {
    return node.metric("tandem_drops_total{reason=\"publication_refused\"}");
  }

  private static WampClient join(Way way, String realm) {
    WampClient client = way.open(node);
    client.say(WampClient.HELLO.replace("realm1", realm));
    assertThat(client.hear()).startsWith("[2,");
    return client;
  }
}
