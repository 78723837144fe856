package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.UriRule;
import io.tandem.testing.Conformance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE, UNSUBSCRIBE and what becomes of a subscription in between. */
class SubscribingTest {

  @Test
  @Conformance({"PS-01", "ID-03"})
  void subscribeIsAnsweredWithASmallId() {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.says("[32,1,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[33,1,1]");
    }
  }

  @Test
  @Conformance({"PS-02", "PS-10"})
  void subscribersOnAllLanesShareOneSubscription() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(1);
      TestClient dave = world.join(0);
      long subscription = bob.subscribes("com.news");
      assertThat(carol.subscribes("com.news")).isEqualTo(subscription);
      assertThat(dave.subscribes("com.news")).isEqualTo(subscription);

      alice.says("[16,1,{},'com.news',['x',null],{'k':1.5}]");
      String event = "[36," + subscription + ",P1,{},['x',null],{'k':1.5}]";
      assertThat(bob.hears()).containsExactly(event);
      assertThat(carol.hears()).containsExactly(event);
      assertThat(dave.hears()).containsExactly(event);
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance({"PS-03", "PS-12"})
  void repeatedSubscribeGivesTheSameIdAndOneEvent() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.says("[32,1,{},'com.news']");
      bob.says("[32,2,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[33,1,1]", "[33,2,1]");
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[36,1,P1,{}]");
      bob.says("[32,3,{'match':'prefix'},'com']");
      bob.says("[32,4,{'match':'prefix'},'com']");
      assertThat(bob.hears()).containsExactly("[33,3,2]", "[33,4,2]");
      alice.says("[16,2,{},'com.news']");
      assertThat(bob.hears())
          .containsExactlyInAnyOrder("[36,1,P2,{}]", "[36,2,P2,{'topic':'com.news'}]");
    }
  }

  @Test
  @Conformance({"PS-03", "PS-04"})
  void subscribedTwiceBeforeTheFirstAnswerIsStillOneSubscription() {
    try (World world = new World(2, realm -> realm.maxSubscriptions = 2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      world.pause();
      bob.says("[32,1,{},'com.news']");
      bob.says("[32,2,{},'com.news']");
      world.resume();
      assertThat(bob.hears()).containsExactly("[33,1,1]", "[33,2,1]");
      bob.subscribes("com.other");

      bob.says("[34,4,1]");
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[35,4]");
    }
  }

  @Test
  @Conformance("PS-04")
  void subscriberThatLeftTheTopicReceivesNothing() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      long subscription = bob.subscribes("com.news");
      world.pause();
      bob.says("[34,2," + subscription + "]");
      alice.says("[16,1,{},'com.news']");
      world.turnOf(alice);
      world.resume();
      assertThat(bob.hears()).containsExactly("[35,2]");
    }
  }

  @Test
  @Conformance("PS-05")
  void unsubscribingWhatOneDoesNotHoldIsAnError() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      alice.subscribes("com.news");
      bob.says("[34,1,1]");
      bob.says("[34,2,77]");
      assertThat(bob.hears())
          .containsExactly(
              "[8,34,1,{},'wamp.error.no_such_subscription',['this session holds no subscription 1']]",
              "[8,34,2,{},'wamp.error.no_such_subscription',['this session holds no subscription"
                  + " 77']]");
      bob.says("[16,3,{},'com.news']");
      assertThat(alice.hears()).containsExactly("[36,1,P1,{}]");
    }
  }

  @Test
  @Conformance("PS-06")
  void subscriptionEndsWithTheSession() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(1);
      bob.subscribes("com.news");
      carol.subscribes("com.news");
      bob.leave();
      alice.says("[16,1,{},'com.news']");
      assertThat(carol.hears()).containsExactly("[36,1,P1,{}]");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  void subscriptionThatStartsOverHasANewId() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      long first = bob.subscribes("com.news");
      bob.says("[34,2," + first + "]");
      bob.hears();
      assertThat(bob.subscribes("com.news")).isNotEqualTo(first);
    }
  }

  @Test
  void laneThatLosesAndGainsATopicInOneBreathMissesNothing() {
    try (World world = new World(2)) {
      TestClient alice = world.join(1);
      TestClient bob = world.join(0);
      TestClient carol = world.join(0);
      bob.subscribes("com.news");
      world.pause();
      bob.says("[34,2,1]");
      carol.says("[32,1,{},'com.news']");
      world.turnOf(bob);
      world.resume();
      assertThat(carol.hears()).containsExactly("[33,1,2]");
      alice.says("[16,1,{},'com.news']");
      assertThat(carol.hears()).containsExactly("[36,2,P1,{}]");
    }
  }

  @Test
  void sessionThatEndsBeforeItsSubscribedLeavesNothing() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      world.pause();
      bob.says("[32,1,{},'com.news']");
      world.turnOf(bob);
      bob.leave();
      world.turnOf(bob);
      world.resume();
      assertThat(bob.hears()).isEmpty();
      assertThat(world.subscriptions.records).isEmpty();
    }
  }

  @Test
  @Conformance("PS-01")
  void subscriptionThatCannotBeRecordedIsRefusedAndMayBeTriedAgain() {
    try (World world = new World(1, realm -> realm.maxSubscriptions = 1)) {
      TestClient bob = world.join(0);
      world.subscriptions.outage = new IllegalStateException("down");
      bob.says("[32,1,{},'com.news']");
      world.untilTheRecordIsGivenUp();
      assertThat(bob.hears())
          .containsExactly(
              "[8,32,1,{},'wamp.error.network_failure',['the subscription could not be"
                  + " recorded']]");
      world.subscriptions.outage = null;
      bob.says("[32,2,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[33,2,1]");
    }
  }

  @Test
  void subscriptionsOfASessionAreBounded() {
    try (World world = new World(1, realm -> realm.maxSubscriptions = 2)) {
      TestClient bob = world.join(0);
      bob.subscribes("com.a");
      bob.subscribes("com.b");
      bob.says("[32,3,{},'com.c']");
      assertThat(bob.hears())
          .containsExactly(
              "[8,32,3,{},'wamp.error.not_authorized',['a session may hold at most 2"
                  + " subscriptions']]");
      bob.says("[34,4,1]");
      bob.hears();
      bob.subscribes("com.c");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"com..news", "", "com.news.", "com.a b", "com.a#b"})
  void invalidTopicIsRefused(String topic) {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.says("[32,1,{},'" + topic + "']");
      assertThat(bob.hears())
          .containsExactly("[8,32,1,{},'wamp.error.invalid_uri',['not a valid exact topic']]");
    }
  }

  /** By case, by how a letter is composed, by width: what looks alike is not the same. */
  @ParameterizedTest
  @CsvSource({
    "com.news,       com.News",
    "com.caf\u00e9, com.cafe\u0301",
    "com.\u00e5,    com.\u212b",
    "com.a,          com.\uff41"
  })
  @Conformance("URI-03")
  void urisAreComparedByCodePoint(String uri, String other) {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      for (String match : List.of("exact", "prefix", "wildcard")) {
        bob.subscribes(uri, match);
        bob.registers(uri, "'match':'" + match + "'");
      }
      alice.says("[16,1,{'acknowledge':true},'" + other + "']");
      alice.calls(other);
      assertThat(bob.hears()).isEmpty();
      assertThat(alice.hears()).last().asString().contains("no_such_procedure");
      alice.says("[16,3,{},'" + uri + "']");
      alice.calls(uri);
      assertThat(bob.hears()).hasSize(4);
    }
  }

  @Test
  void strictRealmRefusesWhatALooseOneTakes() {
    try (World world = new World(1, realm -> realm.uriRule = UriRule.STRICT)) {
      TestClient bob = world.join(0);
      bob.says("[32,1,{},'com.News']");
      assertThat(bob.hears())
          .containsExactly("[8,32,1,{},'wamp.error.invalid_uri',['not a valid exact topic']]");
    }
  }

  @Test
  @Conformance({"PS-PAT-02", "PS-PAT-03", "PS-PAT-04"})
  void eventGoesToEveryMatchingSubscriptionAndTellsPatternsTheTopic() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.subscribes("com.news.rain");
      bob.subscribes("com.news.r", "prefix");
      bob.subscribes("com..rain", "wildcard");
      bob.subscribes("com.news", "wildcard");
      alice.says("[16,1,{},'com.news.rain',[1]]");
      assertThat(bob.hears())
          .containsExactlyInAnyOrder(
              "[36,1,P1,{},[1]]",
              "[36,2,P1,{'topic':'com.news.rain'},[1]]",
              "[36,3,P1,{'topic':'com.news.rain'},[1]]");
    }
  }

  @Test
  @Conformance("URI-05")
  void prefixIsOneOfTheStringAndMayBeEmpty() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("com.obj", "prefix");
      bob.subscribes("", "prefix");
      alice.says("[16,1,{},'com.obj-x']");
      alice.says("[16,2,{},'com.ob']");
      assertThat(bob.hears())
          .containsExactlyInAnyOrder(
              "[36,1,P1,{'topic':'com.obj-x'}]",
              "[36,2,P1,{'topic':'com.obj-x'}]",
              "[36,2,P2,{'topic':'com.ob'}]");
    }
  }

  @Test
  @Conformance({"PS-PAT-05", "PS-PAT-06"})
  void sameStringUnderThreePoliciesIsThreeSubscriptions() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      long exact = bob.subscribes("com.news", "exact");
      long prefix = bob.subscribes("com.news", "prefix");
      long wildcard = bob.subscribes("com.news", "wildcard");
      bob.says("[34,4," + exact + "]");
      bob.hears();
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears())
          .containsExactlyInAnyOrder(
              "[36," + prefix + ",P1,{'topic':'com.news'}]",
              "[36," + wildcard + ",P1,{'topic':'com.news'}]");
    }
  }

  @Test
  void patternOverWampMayBeSubscribed() {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.says("[32,1,{'match':'prefix'},'wamp.']");
      bob.says("[32,2,{},'wamp.session.on_join']");
      assertThat(bob.hears()).containsExactly("[33,1,1]", "[33,2,2]");
    }
  }

  @Test
  void realmsDoNotHearEachOther() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0, client -> client.realmName = World.OTHER_REALM);
      TestClient carol = world.join(0);
      assertThat(bob.subscribes("com.news")).isNotEqualTo(carol.subscribes("com.news"));
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).hasSize(1);
    }
  }
}
