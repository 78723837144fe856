package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.kept.KeepRule;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code wamp.subscription.get_events} tells of the events that were (PS-HIST). */
class HistoryTest {

  private static final KeepRules RULES =
      new KeepRules(
          KeepRules.DEFAULT.retained(),
          10,
          List.of(
              new KeepRule(MatchPolicy.EXACT, "com.log", 5_000, 8 << 20, null),
              new KeepRule(MatchPolicy.PREFIX, "com.", 100, 1 << 20, null),
              new KeepRule(MatchPolicy.WILDCARD, "com..x", 100, 1 << 20, null)));

  private static final Pattern ARGUMENT = Pattern.compile("'args':\\['([^']*)'\\]");
  private static final Pattern PUBLICATION = Pattern.compile("'publication':(\\d+)");

  private static World world(int nodes) {
    return world(nodes, realm -> {});
  }

  private static World world(int nodes, Consumer<TestRealm> more) {
    World world =
        new World(
            nodes,
            2,
            1,
            realm -> {
              realm.keep = RULES;
              more.accept(realm);
            });
    world.serveMeta();
    return world;
  }

  private static void publishes(TestClient client, String topic, String options, String argument) {
    client.says(String.format("[16,%d,{%s},'%s',['%s']]", client.next(), options, topic, argument));
  }

  private static void publishAll(TestClient client, String topic, String... arguments) {
    for (String argument : arguments) {
      publishes(client, topic, "", argument);
    }
  }

  private static String answer(TestClient client, long subscription, String query) {
    client.says(
        String.format(
            "[48,%d,{},'wamp.subscription.get_events',[%d],{%s}]",
            client.next(), subscription, query));
    List<String> heard = new ArrayList<>(client.hears());
    // What is looked for is found by a thread of its own.
    for (long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        heard.isEmpty() && System.nanoTime() < limit; ) {
      Thread.onSpinWait();
      client.world.turns.runAll();
      heard.addAll(client.hears());
    }
    assertThat(heard).hasSize(1);
    return heard.get(0);
  }

  private static List<String> found(Pattern what, String answer) {
    List<String> found = new ArrayList<>();
    for (Matcher matcher = what.matcher(answer); matcher.find(); ) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static List<String> history(TestClient client, long subscription, String query) {
    return found(ARGUMENT, answer(client, subscription, query));
  }

  @Test
  @Conformance({"PS-HIST-10", "PS-HIST-11", "META-SUB-11"})
  void eventsAreToldAsTheyWere() {
    try (World world = world(1)) {
      TestClient alice = world.join(0, client -> client.is("alice", "author"));
      TestClient bob = world.join(1);
      long exact = bob.subscribes("com.log");
      long prefix = bob.subscribes("com.", "prefix");
      alice.says("[16,1,{'disclose_me':true,'ppt_scheme':'x_mine'},'com.log',[1],{'a':2}]");
      bob.hears();
      assertThat(answer(bob, exact, ""))
          .matches(
              "\\[50,\\d+,\\{\\},\\[\\{'timestamp':'\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z',"
                  + "'subscription':1,'publication':\\d+,'details':\\{'publisher':\\d+,"
                  + "'publisher_authid':'alice','publisher_authrole':'author',"
                  + "'ppt_scheme':'x_mine'\\},'args':\\[1\\],'kwargs':\\{'a':2\\}\\}\\],"
                  + "\\{'is_limit_reached':false\\}\\]");
      assertThat(answer(bob, prefix, "")).contains("'topic':'com.log'", "'subscription':2");
    }
  }

  @Test
  @Conformance({"PS-HIST-02", "PS-HIST-03"})
  void eventIsKeptOfEachSubscriptionThatItMatchesBeforeThereAreSubscribers() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      publishAll(alice, "com.log", "1", "2");
      publishAll(alice, "com.x", "3");
      publishAll(alice, "com.a.x", "4");
      publishAll(alice, "org.a.x", "5");
      TestClient bob = world.join(1);
      assertThat(history(bob, bob.subscribes("com.log"), "")).containsExactly("1", "2");
      assertThat(history(bob, bob.subscribes("com.", "prefix"), ""))
          .containsExactly("1", "2", "3", "4");
      assertThat(history(bob, bob.subscribes("com..x", "wildcard"), "")).containsExactly("4");
    }
  }

  @ParameterizedTest
  @Conformance({"PS-HIST-05", "PS-HIST-06", "PS-HIST-08"})
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 1 2 3 4 5",
        "'reverse':true | 5 4 3 2 1",
        "'limit':2 | 1 2",
        "'limit':2,'reverse':true | 5 4",
        "'topic':'com.b' | 3",
        "'topic':'com.nothing' | ",
        "'reverse':false,'limit':9,'topic':'com.log' | 1 2 4 5"
      })
  void orderAndNumberAreAsAskedFor(String query, String expected) {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      long prefix = bob.subscribes("com.", "prefix");
      publishAll(alice, "com.log", "1", "2");
      publishAll(alice, "com.b", "3");
      publishAll(alice, "com.log", "4", "5");
      bob.hears();
      assertThat(history(bob, prefix, query.equals("''") ? "" : query))
          .isEqualTo(expected == null ? List.of() : List.of(expected.split(" ")));
    }
  }

  @Test
  @Conformance("PS-HIST-04")
  void allConditionsHoldTogether() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      long prefix = bob.subscribes("com.", "prefix");
      publishAll(alice, "com.log", "1", "2", "3", "4");
      publishAll(alice, "com.b", "5");
      bob.hears();
      List<String> ids = found(PUBLICATION, answer(bob, prefix, ""));
      String second = ids.get(1);
      String fourth = ids.get(3);
      String from = "'from_publication':%s,'after_publication':%s";
      assertThat(history(bob, prefix, String.format(from, fourth, second)))
          .containsExactly("4", "5");
      assertThat(history(bob, prefix, String.format(from, second, fourth))).containsExactly("5");
      String until = "'before_publication':%s,'until_publication':%s";
      assertThat(history(bob, prefix, String.format(until, second, fourth))).containsExactly("1");
      assertThat(history(bob, prefix, String.format(until, fourth, second)))
          .containsExactly("1", "2");
      String topic = "'topic':'com.log',";
      assertThat(history(bob, prefix, topic + "'after_publication':" + second))
          .containsExactly("3", "4");
      assertThat(history(bob, prefix, topic + "'from_time':'2100-01-01T00:00:00Z'")).isEmpty();
      assertThat(history(bob, prefix, topic + "'after_time':'2100-01-01T00:00:00Z'")).isEmpty();
      assertThat(history(bob, prefix, topic + "'before_time':'1960-01-01T00:00:00Z'")).isEmpty();
      assertThat(history(bob, prefix, topic + "'until_time':'1960-01-01T00:00:00Z'")).isEmpty();
    }
  }

  @ParameterizedTest
  @Conformance({"PS-HIST-04", "PS-HIST-09", "PS-HIST-12"})
  @CsvSource({
    "from_publication, 2, 3 4 5",
    "after_publication, 2, 4 5",
    "before_publication, 2, 1 2",
    "until_publication, 2, 1 2 3"
  })
  void publicationsAreFoundByTheirPlace(String key, int place, String expected) {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      long log = bob.subscribes("com.log");
      publishAll(alice, "com.log", "1", "2", "3", "4", "5");
      bob.hears();
      List<String> ids = found(PUBLICATION, answer(bob, log, ""));
      List<String> expectedEvents = new ArrayList<>(List.of(expected.split(" ")));
      String condition = "'" + key + "':" + ids.get(place);
      assertThat(history(bob, log, condition)).isEqualTo(expectedEvents);
      Collections.reverse(expectedEvents);
      assertThat(history(bob, log, condition + ",'reverse':true")).isEqualTo(expectedEvents);
      assertThat(history(bob, log, condition + ",'until_publication':" + ids.get(2)))
          .doesNotContain("4", "5");
    }
  }

  @Test
  @Conformance("PS-HIST-07")
  void timesBoundWhatIsTold() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      long log = bob.subscribes("com.log");
      publishAll(alice, "com.log", "1");
      bob.hears();
      String time = found(Pattern.compile("'timestamp':'([^']*)'"), answer(bob, log, "")).get(0);
      assertThat(history(bob, log, "'from_time':'" + time + "'")).hasSize(1);
      assertThat(history(bob, log, "'until_time':'" + time + "'")).hasSize(1);
      assertThat(history(bob, log, "'after_time':'" + time + "'")).isEmpty();
      assertThat(history(bob, log, "'before_time':'" + time + "'")).isEmpty();
      assertThat(history(bob, log, "'from_time':'2001-01-01T00:00:00+01:00'")).hasSize(1);
      assertThat(history(bob, log, "'after_time':'2201-01-01T00:00:00Z'")).isEmpty();
    }
  }

  @Test
  @Conformance("PS-HIST-13")
  void eventsThatListSessionsAreNotKept() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      long log = bob.subscribes("com.log");
      publishes(alice, "com.log", "'eligible':[" + bob.id + "]", "1");
      publishes(alice, "com.log", "'exclude':[1]", "2");
      publishes(alice, "com.log", "'exclude_me':false", "3");
      bob.hears();
      assertThat(history(bob, log, "")).containsExactly("3");
    }
  }

  @Test
  @Conformance("PS-HIST-14")
  void whoCouldNotHaveHadAnEventIsNotToldOfIt() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1, client -> client.is("bob", "reader"));
      TestClient carol = world.join(0, client -> client.is("carol", "writer"));
      long log = bob.subscribes("com.log");
      publishes(alice, "com.log", "'eligible_authid':['bob']", "1");
      publishes(alice, "com.log", "'exclude_authid':['bob']", "2");
      publishes(alice, "com.log", "'eligible_authrole':['writer']", "3");
      publishes(alice, "com.log", "'exclude_authrole':['writer']", "4");
      bob.hears();
      assertThat(history(bob, log, "")).containsExactly("1", "4");
      assertThat(history(carol, log, "")).containsExactly("2", "3");
    }
  }

  @Test
  @Conformance("PS-HIST-15")
  void whoMayNotSubscribeIsToldNothing() {
    try (World world =
        world(
            1,
            realm ->
                realm.authorizer =
                    (who, action, uri, match) ->
                        action == Action.SUBSCRIBE && who.authid().equals("mallory")
                            ? Decision.DENIED
                            : Decision.ALLOWED)) {
      TestClient bob = world.join(1);
      TestClient mallory = world.join(0, client -> client.is("mallory", "reader"));
      long log = bob.subscribes("com.log");
      assertThat(answer(mallory, log, "")).contains("wamp.error.not_authorized");
    }
  }

  @Test
  @Conformance("PS-HIST-16")
  void subscriptionsAndArgumentsThatAreNoneAreErrors() {
    try (World world = world(1)) {
      TestClient bob = world.join(1);
      long log = bob.subscribes("com.log");
      long other = bob.subscribes("org.other");
      assertThat(answer(bob, 4711, "")).contains("wamp.error.no_such_subscription");
      assertThat(answer(bob, other, "")).contains(",[],{'is_limit_reached':false}]");
      for (String wrong :
          List.of(
              "'limit':0",
              "'limit':'1'",
              "'reverse':1",
              "'topic':1",
              "'from_time':'yesterday'",
              "'after_publication':'x'",
              "'after_publication':4711")) {
        assertThat(answer(bob, log, wrong)).as(wrong).contains("wamp.error.invalid_argument");
      }
    }
  }

  @Test
  @Conformance("PS-HIST-17")
  void longAnswersAreCutAndGoOnBehindTheLastEvent() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      IntStream.range(0, 1_500).forEach(i -> publishAll(alice, "com.log", "e" + i));
      long log = bob.subscribes("com.log");
      String first = answer(bob, log, "");
      assertThat(first).contains("'is_limit_reached':true");
      List<String> ids = found(PUBLICATION, first);
      assertThat(ids).hasSize(1_000);
      String rest = answer(bob, log, "'after_publication':" + ids.get(999));
      assertThat(rest).contains("'is_limit_reached':false");
      assertThat(found(ARGUMENT, rest)).hasSize(500).startsWith("e1000").endsWith("e1499");
      assertThat(answer(bob, log, "'limit':7")).contains("'is_limit_reached':true");
    }
  }

  @Test
  @Conformance({"PS-HIST-02", "PS-HIST-17"})
  void oldestEventsGoWhereThereIsNoRoom() {
    try (World world = world(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      IntStream.range(0, 150).forEach(i -> publishAll(alice, "com.other", "e" + i));
      long prefix = bob.subscribes("com.", "prefix");
      assertThat(history(bob, prefix, "")).hasSize(100).startsWith("e50");
    }
  }

  @Test
  @Conformance("PS-HIST-02")
  void allNodesTellTheSameInTheSameOrder() {
    try (World world = world(3)) {
      List<TestClient> clients =
          world.nodes.stream().map(node -> world.join(node, 0, each -> {})).toList();
      world.pause();
      for (int i = 0; i < 5; i++) {
        for (TestClient client : clients) {
          publishes(client, "com.log", "'exclude_me':false", client.id + "-" + i);
          world.turnOf(client);
        }
      }
      world.resume();
      List<List<String>> told =
          clients.stream()
              .map(client -> history(client, client.subscribes("com.log"), ""))
              .toList();
      assertThat(told.get(0)).hasSize(15);
      assertThat(told.get(1)).isEqualTo(told.get(0));
      assertThat(told.get(2)).isEqualTo(told.get(0));
    }
  }
}
