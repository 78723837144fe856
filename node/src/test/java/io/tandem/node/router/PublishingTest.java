package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
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
      world.join(0, client -> as(client, "ann", "user")).subscribes("com.news");
      world.join(1, client -> as(client, "bob", "guest")).subscribes("com.news");
      world.join(1, client -> as(client, "ann", "guest")).subscribes("com.news");
      alice.says("[16,1,{" + options + "},'com.news']");
      String heard =
          world.clients.stream()
              .filter(client -> client.hears().equals(java.util.List.of("[36,1,P1,{}]")))
              .map(client -> String.valueOf(client.id))
              .collect(java.util.stream.Collectors.joining(" "));
      assertThat(heard).isEqualTo(receivers == null ? "" : receivers);
    }
  }

  private static void as(TestClient client, String authid, String authrole) {
    client.authid = authid;
    client.authrole = authrole;
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
  @Conformance({"PS-IDENT-01", "PS-IDENT-02"})
  void publisherThatWantsToBeKnownIs() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> as(client, "alice", "user"));
      TestClient bob = world.join(1);
      bob.subscribes("com.news");
      alice.says("[16,1,{'disclose_me':true},'com.news']");
      alice.says("[16,2,{'disclose_me':false},'com.news']");
      assertThat(bob.hears())
          .containsExactly(
              "[36,1,P1,{'publisher':101,'publisher_authid':'alice','publisher_authrole':'user'}]",
              "[36,1,P2,{}]");
    }
  }

  @Test
  @Conformance("PS-IDENT-03")
  void realmMayRefuseDisclosure() {
    try (World world = new World(1, realm -> realm.allowDiscloseMe = false)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("com.news");
      alice.says("[16,1,{'disclose_me':true,'acknowledge':true},'com.news']");
      alice.says("[16,2,{'disclose_me':true},'com.news']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,16,1,{},'wamp.error.option_disallowed.disclose_me',['this realm does not disclose"
                  + " publishers']]");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("PS-IDENT-04")
  void configurationMayDisclose() {
    try (World world =
        new World(
            1, realm -> realm.authorizer = (who, what, uri, match) -> Decision.ALLOWED_DISCLOSED)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("com.news");
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears()).singleElement().asString().contains("'publisher':101");
    }
  }

  @Test
  @Conformance("AZ-02")
  void deniedRequestsAreRefusedWithoutALookAtTheRegistry() {
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) ->
                        who.authrole().equals("guest") ? Decision.DENIED : Decision.ALLOWED)) {
      TestClient owner = world.join(0, client -> client.authrole = "owner");
      owner.subscribes("com.a");
      owner.registers("com.a");
      TestClient guest = world.join(0, client -> client.authrole = "guest");
      guest.says("[32,1,{},'com.a']");
      guest.says("[16,2,{'acknowledge':true},'com.a']");
      guest.says("[16,3,{},'com.a']");
      guest.says("[64,4,{},'com.a']");
      guest.says("[48,5,{},'com.a']");
      guest.says("[48,6,{},'com.missing']");
      assertThat(guest.hears())
          .containsExactly(
              "[8,32,1,{},'wamp.error.not_authorized',['not allowed to subscribe to com.a']]",
              "[8,16,2,{},'wamp.error.not_authorized',['not allowed to publish to com.a']]",
              "[8,64,4,{},'wamp.error.not_authorized',['not allowed to register com.a']]",
              "[8,48,5,{},'wamp.error.not_authorized',['not allowed to call com.a']]",
              "[8,48,6,{},'wamp.error.not_authorized',['not allowed to call com.missing']]");
      assertThat(owner.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("AZ-03")
  void authorizerThatFailsPerformsNothing() {
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> {
                      throw new IllegalStateException("no answer");
                    })) {
      TestClient alice = world.join(0);
      alice.says("[32,1,{},'com.a']");
      alice.says("[16,2,{'acknowledge':true},'com.a']");
      alice.says("[64,3,{},'com.a']");
      alice.says("[48,4,{},'com.a']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,32,1,{},'wamp.error.authorization_failed',['not allowed to subscribe to"
                  + " com.a']]",
              "[8,16,2,{},'wamp.error.authorization_failed',['not allowed to publish to com.a']]",
              "[8,64,3,{},'wamp.error.authorization_failed',['not allowed to register com.a']]",
              "[8,48,4,{},'wamp.error.authorization_failed',['not allowed to call com.a']]");
      assertThat(world.registrations.records).isEmpty();
    }
  }

  @Test
  @Conformance("AZ-06")
  void whatWasGrantedOnceMayBeGivenBackAlways() {
    boolean[] allowed = {true};
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> allowed[0] ? Decision.ALLOWED : Decision.DENIED)) {
      TestClient alice = world.join(0);
      alice.subscribes("com.a");
      alice.registers("com.b");
      alice.calls("com.b");
      alice.calls("com.b");
      alice.hears();
      allowed[0] = false;
      alice.says("[34,5,1]");
      alice.says("[66,6,2]");
      alice.says("[70,1,{}]");
      alice.says("[49,4,{'mode':'skip'}]");
      assertThat(alice.hears())
          .containsExactly("[35,5]", "[67,6]", "[50,3,{}]", "[8,48,4,{},'wamp.error.canceled']");
    }
  }

  @Test
  @Conformance("AZ-05")
  void patternsAreAuthorizedWithTheirPolicy() {
    StringBuilder asked = new StringBuilder();
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> {
                      asked.append(what == Action.SUBSCRIBE ? "s " : "r ");
                      asked.append(match.wireName()).append(' ').append(uri).append(". ");
                      return Decision.ALLOWED;
                    })) {
      TestClient alice = world.join(0);
      alice.subscribes("com.", "prefix");
      alice.registers("com..x", "'match':'wildcard'");
      assertThat(asked).hasToString("s prefix com.. r wildcard com..x. ");
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
