package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH: who receives it, who does not, and what the publisher hears. */
class PublishingTest {

  @Test
  @Conformance("PS-07")
  void publisherThatDoesNotAskHearsNothingWhateverBecomesOfIt() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[16,1,{},'com.news']");
      alice.says("[16,2,{'acknowledge':false},'com..news']");
      alice.says("[16,3,{},'wamp.news']");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance({"PS-08", "PS-09", "PS-EXCL-01"})
  void acknowledgementComesBeforeThePublishersOwnEventWithTheSameId() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.subscribes("com.news");
      alice.says("[16,2,{'acknowledge':true,'exclude_me':false},'com.news']");
      alice.says("[16,3,{'acknowledge':true,'exclude_me':false},'com.news']");
      assertThat(alice.hears())
          .containsExactly("[17,2,P1]", "[36,1,P1,{}]", "[17,3,P2]", "[36,1,P2,{}]");
    }
  }

  @Test
  @Conformance({"PS-11", "PS-EXCL-01", "PS-EXCL-02"})
  void publisherIsExcludedBySessionAlone() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.authid = "alice");
      TestClient alsoAlice = world.join(1, client -> client.authid = "alice");
      alice.subscribes("com.news");
      alsoAlice.subscribes("com.news");
      alice.says("[16,2,{},'com.news']");
      alice.says("[16,3,{'exclude_me':true},'com.news']");
      assertThat(alice.hears()).isEmpty();
      assertThat(alsoAlice.hears()).containsExactly("[36,1,P1,{}]", "[36,1,P2,{}]");
    }
  }

  @Test
  @Conformance("PS-14")
  void publicationForNobodySucceeds() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[16,1,{'acknowledge':true},'com.news']");
      assertThat(alice.hears()).containsExactly("[17,1,P1]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"com..news", "", ".", "wamp", "wamp.news", "com.a b"})
  @Conformance("PS-13")
  void nobodyPublishesToAnInvalidOrReservedTopic(String topic) {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("", "prefix");
      alice.says("[16,1,{'acknowledge':true},'" + topic + "']");
      alice.says("[16,2,{},'" + topic + "']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,16,1,{},'wamp.error.invalid_uri',['not a topic to publish to: " + topic + "']]");
      assertThat(bob.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.PUBLICATION_REFUSED)).isEqualTo(1);
    }
  }

  /** With the three others: each leaves out what the rest let pass. */
  private static final String ALL_SIX =
      "'eligible':[102,103,104],'eligible_authid':['ann','bob'],'eligible_authrole':['guest'],";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'eligible':[102,103]                                    | 102 103",
        "'eligible':[102,999]                                    | 102",
        "'eligible':[]                                           |",
        "'eligible_authid':['ann']                               | 102 104",
        "'eligible_authid':[]                                    |",
        "'eligible_authrole':['guest']                           | 103 104",
        "'eligible_authrole':[]                                  |",
        "'exclude':[102]                                         | 103 104",
        "'exclude':[]                                            | 102 103 104",
        "'exclude_authid':['ann','nobody']                       | 103",
        "'exclude_authrole':['guest']                            | 102",
        "'eligible_authid':['ann'],'eligible_authrole':['guest'] | 104",
        "'eligible':[102,103],'exclude':[102]                    | 103",
        "'eligible_authrole':['guest'],'exclude_authid':['ann']  | 103",
        "'eligible':[102,102]                                    | 102",
        ALL_SIX + "'exclude':[1],'exclude_authid':['x'],'exclude_authrole':['y']        | 103 104",
        ALL_SIX + "'exclude':[103],'exclude_authid':['x'],'exclude_authrole':['y']      | 104",
        ALL_SIX + "'exclude':[1],'exclude_authid':['ann'],'exclude_authrole':['y']      | 103",
        ALL_SIX + "'exclude':[1],'exclude_authid':['x'],'exclude_authrole':['guest']    |"
      })
  @Conformance({"PS-BWL-01", "PS-BWL-04"})
  void blackAndWhiteListsShrinkTheAudience(String options, String receivers) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      world.join(0, client -> client.is("ann", "user")).subscribes("com.news");
      world.join(1, client -> client.is("bob", "guest")).subscribes("com.news");
      world.join(1, client -> client.is("ann", "guest")).subscribes("com.news");
      alice.says("[16,1,{" + options + "},'com.news']");
      String heard =
          world.clients.stream()
              .filter(client -> client.hears().equals(java.util.List.of("[36,1,P1,{}]")))
              .map(client -> String.valueOf(client.id))
              .collect(java.util.stream.Collectors.joining(" "));
      assertThat(heard).isEqualTo(receivers == null ? "" : receivers);
    }
  }

  @Test
  @Conformance({"PS-BWL-02", "PS-BWL-03"})
  void whiteListAddsNeitherThePublisherNorAStranger() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient stranger = world.join(0);
      alice.subscribes("com.news");
      alice.says("[16,2,{'eligible':[101,102]},'com.news']");
      assertThat(alice.hears()).isEmpty();
      assertThat(stranger.hears()).isEmpty();
      alice.says("[16,3,{'eligible':[101,102],'exclude_me':false},'com.news']");
      assertThat(alice.hears()).containsExactly("[36,1,P1,{}]");
    }
  }

  @Test
  @Conformance("PS-BWL-05")
  void listMayNameWhoIsNotThere() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("com.news");
      alice.says(
          "[16,1,{'exclude':[7,9007199254740992],'exclude_authid':['nobody'],"
              + "'exclude_authrole':['none'],'eligible':[102,8],'eligible_authid':['anybody','x'],"
              + "'eligible_authrole':['anonymous','y']},'com.news']");
      assertThat(bob.hears()).containsExactly("[36,1,P1,{}]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'eligible':5",
        "'eligible':['x']",
        "'exclude':{}",
        "'exclude':[1.5]",
        "'eligible_authid':'x'",
        "'eligible_authid':[1]",
        "'exclude_authid':[null]",
        "'eligible_authrole':[[]]",
        "'exclude_authrole':true",
        "'exclude_me':1"
      })
  @Conformance("PS-BWL-05")
  void listOfTheWrongKindAbortsTheSession(String options) {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[16,1,{" + options + "},'com.news']");
      String key = options.substring(1, options.indexOf('\'', 1));
      assertThat(alice.hears()).singleElement().asString().startsWith("ABORT ").contains(key);
    }
  }

  @Test
  @Conformance("TR-04")
  void eventTooLongForOneReceiverIsDroppedForThatOne() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0, client -> client.maxLength = 30);
      TestClient carol = world.join(0);
      bob.subscribes("com.news");
      carol.subscribes("com.news");
      alice.says("[16,1,{},'com.news',['" + "x".repeat(50) + "']]");
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).hasSize(1);
      assertThat(world.dropped(RouterMetrics.Drop.EVENT_TOO_LONG)).isEqualTo(1);
    }
  }

  @Test
  @Conformance("SER-09")
  void eventThatJsonCannotCarryIsDroppedForJsonReceiversAndCounted() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      TestClient carol = world.join(0, client -> client.serializer = Serializer.CBOR);
      bob.subscribes("com.news");
      carol.subscribes("com.news");
      alice.says(Untranslatable.publish(1, "com.news"));
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).containsExactly("EVENT that JSON cannot carry");
      assertThat(world.dropped(RouterMetrics.Drop.EVENT_UNTRANSLATABLE)).isEqualTo(1);
    }
  }

  @Test
  void subscriberWhoseTransportIsClosedCostsOthersNothing() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      TestClient carol = world.join(0);
      bob.subscribes("com.news");
      carol.subscribes("com.news");
      bob.disconnected = true;
      alice.says("[16,1,{},'com.news']");
      assertThat(carol.hears()).hasSize(1);
      assertThat(world.dropped(RouterMetrics.Drop.EVENT_SESSION_CLOSED)).isEqualTo(1);
    }
  }

  /** One counter for all that a client asks; after the greatest ID comes the first. */
  @Test
  @Conformance("ID-05")
  void requestsOfAllKindsShareOneCounterThatWraps() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[32,1,{},'com.a']");
      alice.says("[64,2,{},'com.b']");
      alice.says("[16,3,{},'com.a']");
      alice.says("[48,4,{},'com.none']");
      alice.says("[34,5,1]");
      alice.says("[66,6,2]");
      assertThat(alice.hears()).hasSize(5).last().isEqualTo("[67,6]");
      alice.says("[16,6,{},'com.a']");
      assertThat(alice.hears()).singleElement().asString().startsWith("ABORT request ID 6");
    }
    try (World world = new World(1, realm -> realm.strictRequestIds = false)) {
      TestClient alice = world.join(0);
      alice.says("[16,9007199254740992,{},'com.a']");
      alice.says("[16,1,{},'com.a']");
      alice.says("[16,2,{},'com.a']");
      assertThat(world.nodes.get(0).router.metrics().requestIdGaps.sum())
          .as("the step from nothing to the greatest")
          .isEqualTo(1);
    }
  }

  @Test
  @Conformance("ID-07")
  void requestIdOutOfSequenceAbortsInAStrictRealmAndIsCountedInAnother() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[16,1,{},'com.news']");
      alice.says("[16,3,{},'com.news']");
      assertThat(alice.hears())
          .containsExactly("ABORT request ID 3 does not follow the one before");
    }
    try (World world = new World(1, realm -> realm.strictRequestIds = false)) {
      TestClient alice = world.join(0);
      alice.says("[16,5,{},'com.news']");
      alice.says("[16,6,{'acknowledge':true},'com.news']");
      assertThat(alice.hears()).containsExactly("[17,6,P1]");
      assertThat(world.nodes.get(0).router.metrics().requestIdGaps.sum()).isEqualTo(1);
    }
  }
}
