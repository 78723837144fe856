package io.tandem.node.router;

import static io.tandem.node.router.MetaStage.answer;
import static io.tandem.node.router.MetaStage.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import io.tandem.registry.record.Freed;
import io.tandem.testing.Conformance;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the router tells of subscriptions, whichever node their subscribers are on. */
class SubscriptionMetaTest {

  private static final String EVENTS = "wamp.subscription.";

  private MetaStage stage = MetaStage.threeNodes();
  private TestClient alice = stage.join("A0");
  private TestClient bob = stage.join("B1");
  private TestClient carol = stage.join("C0");

  @AfterEach
  void end() {
    stage.close();
  }

  private static String ask(TestClient client, String procedure, String args) {
    return answer(client, "wamp.subscription." + procedure, args);
  }

  @Test
  @Conformance({"META-SUB-05", "META-01", "META-05"})
  void subscriptionsOfAllNodesAreListedButThoseToTheRoutersOwnTopics() {
    assertThat(ask(alice, "list", "[]")).isEqualTo("{'exact':[],'prefix':[],'wildcard':[]}");
    long one = bob.subscribes("com.one");
    long two = alice.subscribes("com.two", "prefix");
    long three = carol.subscribes("com..three", "wildcard");
    long four = carol.subscribes("wamp.session.on_join");
    String all = "{'exact':[" + one + "],'prefix':[" + two + "],'wildcard':[" + three + "]}";
    assertThat(ask(alice, "list", "[]")).isEqualTo(all);
    assertThat(ask(carol, "list", "[]")).isEqualTo(all);
    assertThat(ask(carol, "lookup", "['wamp.session.on_join']")).isEqualTo("null");
    assertThat(ask(carol, "get", "[" + four + "]")).isEqualTo("wamp.error.no_such_subscription");
  }

  @Test
  @Conformance({"META-SUB-06", "META-SUB-08", "META-08"})
  void oneIsLookedUpByUriAndMatchAndToldByItsId() {
    long exact = bob.subscribes("com.one");
    long prefix = bob.subscribes("com.one", "prefix");
    assertThat(ask(alice, "lookup", "['com.one']")).isEqualTo("" + exact);
    assertThat(ask(alice, "lookup", "['com.one',{'match':'prefix'}]")).isEqualTo("" + prefix);
    assertThat(ask(alice, "lookup", "['com.one',{'match':'wildcard'}]")).isEqualTo("null");
    assertThat(ask(carol, "get", "[" + prefix + "]"))
        .isEqualTo(
            "{'id':"
                + prefix
                + ",'created':'1970-01-01T00:00:00.000Z','uri':'com.one','match':'prefix'}");
    assertThat(ask(carol, "get", "[4711]")).isEqualTo("wamp.error.no_such_subscription");
  }

  @Test
  @Conformance({"META-SUB-07", "META-05", "META-08"})
  void allThatAnEventWouldMeetAreMatched() {
    assertThat(ask(alice, "match", "['com.one.more']")).isEqualTo("null");
    long exact = bob.subscribes("com.one.more");
    long prefix = carol.subscribes("com.one", "prefix");
    long wildcard = alice.subscribes("com..more", "wildcard");
    bob.subscribes("com.other");
    assertThat(ask(alice, "match", "['com.one.more']"))
        .isEqualTo("[" + exact + "," + prefix + "," + wildcard + "]");
    alice.subscribes("wamp.session.on_join");
    assertThat(ask(alice, "match", "['wamp.session.on_join']")).isEqualTo("null");
  }

  @Test
  @Conformance({"META-SUB-09", "META-SUB-10"})
  void subscribersOfAllLanesAndNodesAreListedAndCounted() {
    TestClient dave = stage.join("A1");
    TestClient erin = stage.join("B1");
    long id = bob.subscribes("com.one");
    for (TestClient client : List.of(alice, carol, dave, erin)) {
      client.subscribes("com.one");
    }
    assertThat(ids(ask(alice, "list_subscribers", "[" + id + "]")))
        .containsExactlyInAnyOrder("101", "102", "103", "104", "105");
    assertThat(ask(carol, "count_subscribers", "[" + id + "]")).isEqualTo("5");
    erin.leave();
    assertThat(ids(ask(bob, "list_subscribers", "[" + id + "]")))
        .containsExactlyInAnyOrder("101", "102", "103", "104");
    assertThat(ask(dave, "count_subscribers", "[" + id + "]")).isEqualTo("4");
    for (String procedure : List.of("list_subscribers", "count_subscribers")) {
      assertThat(ask(alice, procedure, "[4711]")).isEqualTo("wamp.error.no_such_subscription");
    }
  }

  private static String[] ids(String list) {
    return list.replaceAll("[\\[\\]]", "").split(",");
  }

  @ParameterizedTest
  @Conformance("META-07")
  @ValueSource(
      strings = {
        "lookup',[",
        "lookup',[7",
        "lookup',['com.a',{'match':'most'}",
        "match',[null",
        "get',['1'",
        "list_subscribers',[",
        "count_subscribers',[1.5"
      })
  void argumentsOfAnotherTypeAreRefused(String call) {
    alice.says("[48,1,{},'wamp.subscription." + call + "]]");
    assertThat(alice.hears())
        .singleElement()
        .asString()
        .startsWith("[8,48,1,{},'wamp.error.invalid_argument',");
  }

  @Test
  @Conformance({"META-SUB-01", "META-SUB-02", "META-06"})
  void whoSubscribesIsToldToAllNodesAndToItself() {
    alice.subscribes(EVENTS, "prefix");
    bob.subscribes(EVENTS, "prefix");
    carol.subscribes(EVENTS, "prefix");
    bob.says("[32,2,{},'com.one']");
    List<String> heard = bob.hears();
    assertThat(heard.get(0)).startsWith("[33,2,");
    String id = heard.get(0).replaceFirst("^\\[33,2,(\\d+)]$", "$1");
    String created =
        "{'id':" + id + ",'created':'1970-01-01T00:00:00.000Z','uri':'com.one','match':'exact'}";
    List<String> events =
        List.of("on_create [102," + created + "]", "on_subscribe [102," + id + "]");
    assertThat(told(alice)).isEqualTo(events);
    List<String> elsewhere = carol.hears();
    assertThat(elsewhere).hasSize(2);
    assertThat(heard.subList(1, 3).stream().map(SubscriptionMetaTest::publication).toList())
        .isEqualTo(elsewhere.stream().map(SubscriptionMetaTest::publication).toList());
    alice.says("[32," + alice.next() + ",{},'com.one']");
    stage.join("B1").subscribes("com.one");
    assertThat(told(carol))
        .containsExactly("on_subscribe [101," + id + "]", "on_subscribe [104," + id + "]");
    bob.says("[32,3,{},'com.one']");
    assertThat(carol.hears()).as("a subscriber that asks once more").isEmpty();
  }

  private static String publication(String event) {
    return event.replaceFirst("^\\[36,\\d+,(P\\d+),.*$", "$1");
  }

  @Test
  @Conformance({"META-SUB-03", "META-SUB-04"})
  void whoUnsubscribesOrLeavesIsToldAndLastThatTheSubscriptionIsGone() {
    long id = bob.subscribes("com.one");
    alice.subscribes("com.one");
    TestClient dave = stage.join("A0");
    dave.subscribes("com.one");
    TestClient eve = stage.join("C1");
    eve.subscribes(EVENTS, "prefix");
    bob.says("[34," + bob.next() + "," + id + "]");
    assertThat(told(eve)).containsExactly("on_unsubscribe [102," + id + "]");
    alice.leave();
    assertThat(told(eve)).containsExactly("on_unsubscribe [101," + id + "]");
    dave.leave();
    assertThat(told(eve))
        .containsExactly("on_unsubscribe [104," + id + "]", "on_delete [104," + id + "]");
  }

  /** Subscribers and callees of the router's own names are nobody's business. */
  @Test
  @Conformance("META-05")
  void subscriptionsToTheRoutersOwnTopicsCauseNoEvents() {
    alice.subscribes(EVENTS, "prefix");
    bob.subscribes("wamp.session.on_join");
    bob.leave();
    assertThat(alice.hears()).isEmpty();
  }

  @Test
  void whatANodeHeldThatIsGoneIsToldByTheOneThatFreesIt() {
    alice.subscribes(EVENTS, "prefix");
    Resource resource = new Resource(World.REALM, MatchPolicy.EXACT, "com.one");
    stage.world.nodes.get(1).router.freed(new Freed.Subscription(resource, 4711));
    stage.world.stirred();
    assertThat(told(alice)).singleElement().asString().matches("on_delete \\[9\\d+,4711]");
  }

  @Test
  void aSessionThatIsEndedWithoutAWordIsNotToldOf() {
    bob.subscribes("com.one");
    bob.registers("com.one");
    alice.subscribes("wamp.", "prefix");
    bob.session().whenExpelled(goodbye -> bob.realm().leave(bob.session()));
    bob.lane.execute(
        () -> bob.session().expel(new Goodbye(Options.EMPTY, "wamp.close.killed"), true));
    stage.world.stirred();
    assertThat(alice.hears()).isEmpty();
  }

  @Test
  void aRealmMayTellNothing() {
    stage.close();
    stage = MetaStage.threeNodes(realm -> realm.metaEvents = false);
    alice = stage.join("A0");
    alice.subscribes("wamp.", "prefix");
    bob = stage.join("B1");
    bob.subscribes("com.one");
    bob.registers("com.one");
    bob.leave();
    assertThat(alice.hears()).isEmpty();
  }
}
