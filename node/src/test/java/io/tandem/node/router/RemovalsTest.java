package io.tandem.node.router;

import static io.tandem.node.router.MetaStage.answer;
import static io.tandem.node.router.MetaStage.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Offered;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may takes from others, on whatever node, what they have registered or subscribed to. */
class RemovalsTest {

  private static final String CALLEE = "wamp.registration.remove_callee";
  private static final String SUBSCRIBER = "wamp.subscription.remove_subscriber";

  private final MetaStage stage = MetaStage.threeNodes();
  private final TestClient alice = stage.join("A0");
  private final TestClient bob = stage.join("B1");
  private final TestClient carol = stage.join("C0");

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  @Conformance({"META-REG-11", "RPC-REV-01", "RPC-REV-04"})
  void aCalleeOfAnotherNodeIsRemovedAndTheRestStays() {
    long id = bob.registers("com.one", "'invoke':'first'");
    carol.registers("com.one", "'invoke':'first'");
    TestClient eve = stage.join("A1");
    eve.subscribes("wamp.registration.", "prefix");
    assertThat(answer(alice, CALLEE, "[" + id + ",102]")).startsWith("[50,");
    assertThat(answer(alice, "wamp.registration.list_callees", "[" + id + "]")).isEqualTo("[103]");
    assertThat(told(eve)).containsExactly("on_unregister [102," + id + "]");
    assertThat(answer(alice, CALLEE, "[" + id + ",103],{'reason':'com.enough'}"))
        .startsWith("[50,");
    assertThat(told(eve))
        .containsExactly("on_unregister [103," + id + "]", "on_delete [103," + id + "]");
    assertThat(answer(alice, "wamp.registration.lookup", "['com.one']")).isEqualTo("null");
  }

  @Test
  void whoIsToldThatItIsDoneFindsItDone() {
    long id = bob.registers("com.one");
    stage.world.turns.stop("store");
    alice.says("[48,1,{},'" + CALLEE + "',[" + id + ",102]]");
    assertThat(alice.hears()).as("while the record names the callee").isEmpty();
    stage.world.turns.goOn("store");
    assertThat(alice.hears()).containsExactly("[50,1,{}]");
    assertThat(answer(alice, "wamp.registration.lookup", "['com.one']")).isEqualTo("null");
  }

  @Test
  @Conformance({"META-SUB-12", "PS-REV-01"})
  void aSubscriberOfAnotherNodeIsRemovedAndTheRestStays() {
    long id = bob.subscribes("com.one");
    carol.subscribes("com.one");
    TestClient eve = stage.join("A1");
    eve.subscribes("wamp.subscription.on_unsubscribe");
    assertThat(answer(alice, SUBSCRIBER, "[" + id + ",102]")).startsWith("[50,");
    assertThat(answer(alice, "wamp.subscription.list_subscribers", "[" + id + "]"))
        .isEqualTo("[103]");
    assertThat(eve.hears()).singleElement().asString().endsWith("[102," + id + "]]");
    alice.says("[16," + alice.next() + ",{},'com.one']");
    assertThat(bob.hears()).isEmpty();
    assertThat(carol.hears()).hasSize(1);
  }

  @Test
  @Conformance({"META-REG-11", "META-SUB-12"})
  void whatASessionDoesNotHoldIsNotRemoved() {
    long procedure = bob.registers("com.one");
    long topic = bob.subscribes("com.one");
    assertThat(answer(alice, CALLEE, "[4711,102]")).isEqualTo("wamp.error.no_such_registration");
    assertThat(answer(alice, CALLEE, "[" + procedure + ",103]"))
        .isEqualTo("wamp.error.no_such_registration");
    assertThat(answer(alice, CALLEE, "[" + procedure + ",4711]"))
        .isEqualTo("wamp.error.no_such_session");
    assertThat(answer(alice, SUBSCRIBER, "[4711,102]"))
        .isEqualTo("wamp.error.no_such_subscription");
    assertThat(answer(alice, SUBSCRIBER, "[" + topic + ",103]"))
        .isEqualTo("wamp.error.no_such_subscription");
    assertThat(answer(alice, SUBSCRIBER, "[" + topic + ",4711]"))
        .isEqualTo("wamp.error.no_such_session");
    assertThat(answer(alice, "wamp.registration.count_callees", "[" + procedure + "]"))
        .isEqualTo("1");
    assertThat(answer(alice, "wamp.subscription.count_subscribers", "[" + topic + "]"))
        .isEqualTo("1");
  }

  @Test
  void aPartOfTheClusterThatDoesNotAnswerIsNotTakenForOneWithoutSubscribers() {
    long topic = bob.subscribes("com.one");
    stage.world.nodes.get(1).offered = Offered.UNREACHABLE; // it hears, and is not heard
    for (String call :
        List.of(
            SUBSCRIBER + "',[" + topic + ",4711]",
            "wamp.subscription.list_subscribers',[" + topic + "]",
            "wamp.subscription.count_subscribers',[" + topic + "]")) {
      alice.says("[48," + alice.next() + ",{},'" + call + "]");
      stage.world.advance(Duration.ofSeconds(6));
      assertThat(alice.hears())
          .as(call)
          .singleElement()
          .asString()
          .contains("'wamp.error.network_failure'");
    }
  }

  @Test
  @Conformance("META-REG-11")
  void theRoutersOwnSessionsLoseNothing() {
    // Theirs are the first that the nodes claim.
    assertThat(answer(alice, CALLEE, "[4711,9001]")).isEqualTo("wamp.error.not_authorized");
    assertThat(answer(alice, "wamp.session.count", "[]")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wamp.registration.remove_callee',[1]",
        "wamp.registration.remove_callee',['1',102]",
        "wamp.subscription.remove_subscriber',[1,'102']",
        "wamp.subscription.remove_subscriber',[1,102],{'reason':7}"
      })
  @Conformance("META-07")
  void argumentsOfAnotherTypeAreRefused(String call) {
    alice.says("[48,1,{},'" + call + "]");
    assertThat(alice.hears())
        .singleElement()
        .asString()
        .startsWith("[8,48,1,{},'wamp.error.invalid_argument',");
  }

  @Test
  void aReasonThatIsNoUriIsRefused() {
    assertThat(answer(alice, CALLEE, "[1,102],{'reason':'no more, please'}"))
        .isEqualTo("wamp.error.invalid_uri");
  }
}
