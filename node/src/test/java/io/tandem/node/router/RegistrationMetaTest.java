package io.tandem.node.router;

import static io.tandem.node.router.MetaStage.answer;
import static io.tandem.node.router.MetaStage.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import io.tandem.registry.record.Freed;
import io.tandem.testing.Conformance;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the router tells of registrations, whichever node their callees are on. */
class RegistrationMetaTest {

  private static final String EVENTS = "wamp.registration.";

  private final MetaStage stage = MetaStage.threeNodes();
  private final TestClient alice = stage.join("A0");
  private final TestClient bob = stage.join("B1");
  private final TestClient carol = stage.join("C0");

  @AfterEach
  void end() {
    stage.close();
  }

  private static String ask(TestClient client, String procedure, String args) {
    return answer(client, "wamp.registration." + procedure, args);
  }

  @Test
  @Conformance({"META-REG-05", "META-01", "META-05"})
  void registrationsOfAllNodesAreListedButThoseOfTheRouter() {
    assertThat(ask(alice, "list", "[]")).isEqualTo("{'exact':[],'prefix':[],'wildcard':[]}");
    long one = bob.registers("com.one");
    long two = alice.registers("com.two", "'match':'prefix'");
    long three = carol.registers("com..three", "'match':'wildcard'");
    String all = "{'exact':[" + one + "],'prefix':[" + two + "],'wildcard':[" + three + "]}";
    assertThat(ask(alice, "list", "[]")).isEqualTo(all);
    assertThat(ask(carol, "list", "['ignored']")).isEqualTo(all);
  }

  @Test
  @Conformance({"META-REG-06", "META-REG-08", "META-08"})
  void oneIsLookedUpByUriAndMatchAndToldByItsId() {
    long exact = bob.registers("com.one");
    long prefix = bob.registers("com.one", "'match':'prefix','invoke':'roundrobin'");
    assertThat(ask(alice, "lookup", "['com.one']")).isEqualTo("" + exact);
    assertThat(ask(alice, "lookup", "['com.one',{'match':'prefix'}]")).isEqualTo("" + prefix);
    assertThat(ask(alice, "lookup", "['com.one',{'match':'wildcard'}]")).isEqualTo("null");
    assertThat(ask(alice, "lookup", "['wamp.registration.lookup']")).isEqualTo("null");
    assertThat(ask(carol, "get", "[" + exact + "]"))
        .isEqualTo(
            "{'id':"
                + exact
                + ",'created':'1970-01-01T00:00:00.000Z','uri':'com.one','match':'exact',"
                + "'invoke':'single'}");
    assertThat(ask(carol, "get", "[" + prefix + ".0]"))
        .contains("'match':'prefix'", "'invoke':'roundrobin'");
    assertThat(ask(carol, "get", "[4711]")).isEqualTo("wamp.error.no_such_registration");
  }

  @Test
  @Conformance({"META-REG-07", "META-05"})
  void theOneThatACallWouldUseIsMatched() {
    assertThat(ask(alice, "match", "['com.one.more']")).isEqualTo("null");
    long prefix = bob.registers("com.one", "'match':'prefix'");
    assertThat(ask(alice, "match", "['com.one.more']")).isEqualTo("" + prefix);
    long exact = carol.registers("com.one.more");
    assertThat(ask(alice, "match", "['com.one.more']")).isEqualTo("" + exact);
    carol.registers("", "'match':'prefix'");
    assertThat(ask(alice, "match", "['wamp.session.count']")).isEqualTo("null");
  }

  @Test
  @Conformance({"META-REG-09", "META-REG-10"})
  void calleesOfAllNodesAreListedAndCounted() {
    String shared = "'invoke':'roundrobin'";
    long id = bob.registers("com.one", shared);
    carol.registers("com.one", shared);
    alice.registers("com.one", shared);
    assertThat(ask(alice, "list_callees", "[" + id + "]")).isEqualTo("[102,103,101]");
    assertThat(ask(bob, "count_callees", "[" + id + "]")).isEqualTo("3");
    bob.leave();
    assertThat(ask(carol, "list_callees", "[" + id + "]")).isEqualTo("[103,101]");
    assertThat(ask(alice, "count_callees", "[" + id + "]")).isEqualTo("2");
    for (String procedure : List.of("list_callees", "count_callees")) {
      assertThat(ask(alice, procedure, "[4711]")).isEqualTo("wamp.error.no_such_registration");
    }
  }

  /** What is remembered of an ID is only where to look. */
  @Test
  void anIdThatIsGoneIsNotFoundThoughItWasKnown() {
    long id = bob.registers("com.one");
    assertThat(ask(alice, "count_callees", "[" + id + "]")).isEqualTo("1");
    bob.says("[66," + bob.next() + "," + id + "]");
    bob.hears();
    assertThat(ask(alice, "get", "[" + id + "]")).isEqualTo("wamp.error.no_such_registration");
    long again = bob.registers("com.one");
    assertThat(ask(alice, "get", "[" + id + "]")).isEqualTo("wamp.error.no_such_registration");
    assertThat(ask(alice, "get", "[" + again + "]")).contains("com.one");
  }

  @Test
  void registrationsOfOtherRealmsAreNotTold() {
    long id = bob.registers("com.one");
    TestClient stranger =
        stage.world.join(
            stage.world.nodes.get(0), 0, client -> client.realmName = World.OTHER_REALM);
    assertThat(ask(stranger, "list", "[]")).isEqualTo("{'exact':[],'prefix':[],'wildcard':[]}");
    assertThat(ask(stranger, "get", "[" + id + "]")).isEqualTo("wamp.error.no_such_registration");
    assertThat(ask(alice, "get", "[" + id + "]")).contains("com.one");
    assertThat(ask(stranger, "get", "[" + id + "]")).isEqualTo("wamp.error.no_such_registration");
  }

  @ParameterizedTest
  @Conformance("META-07")
  @ValueSource(
      strings = {
        "lookup',[",
        "lookup',[7",
        "lookup',['com.a','exact'",
        "lookup',['com.a',{'match':'most'}",
        "lookup',['com.a',{'match':1}",
        "match',[null",
        "get',['1'",
        "get',[1.5",
        "list_callees',[",
        "count_callees',[{}"
      })
  void argumentsOfAnotherTypeAreRefused(String call) {
    alice.says("[48,1,{},'wamp.registration." + call + "]]");
    assertThat(alice.hears())
        .singleElement()
        .asString()
        .startsWith("[8,48,1,{},'wamp.error.invalid_argument',");
  }

  @Test
  @Conformance({"META-REG-01", "META-REG-02", "META-06"})
  void whoRegistersIsToldToAllNodesAndToItself() {
    alice.subscribes(EVENTS, "prefix");
    bob.subscribes(EVENTS, "prefix");
    carol.subscribes(EVENTS, "prefix");
    bob.says("[64,2,{'invoke':'first'},'com.one']");
    List<String> heard = bob.hears();
    assertThat(heard.get(0)).startsWith("[65,2,");
    String id = heard.get(0).replaceFirst("^\\[65,2,(\\d+)]$", "$1");
    String created =
        "{'id':"
            + id
            + ",'created':'1970-01-01T00:00:00.000Z','uri':'com.one','match':'exact',"
            + "'invoke':'first'}";
    List<String> events =
        List.of("on_create [102," + created + "]", "on_register [102," + id + "]");
    assertThat(told(alice)).isEqualTo(events);
    List<String> elsewhere = carol.hears();
    assertThat(elsewhere).hasSize(2);
    assertThat(heard.subList(1, 3).stream().map(RegistrationMetaTest::publication).toList())
        .isEqualTo(elsewhere.stream().map(RegistrationMetaTest::publication).toList());
    alice.says("[64," + alice.next() + ",{'invoke':'first'},'com.one']");
    assertThat(told(carol)).containsExactly("on_register [101," + id + "]");
  }

  private static String publication(String event) {
    return event.replaceFirst("^\\[36,\\d+,(P\\d+),.*$", "$1");
  }

  @Test
  @Conformance({"META-REG-03", "META-REG-04"})
  void whoUnregistersOrLeavesIsToldAndLastThatTheRegistrationIsGone() {
    long id = bob.registers("com.one", "'invoke':'first'");
    alice.registers("com.one", "'invoke':'first'");
    TestClient eve = stage.join("C1");
    eve.subscribes(EVENTS, "prefix");
    bob.says("[66," + bob.next() + "," + id + "]");
    assertThat(told(eve)).containsExactly("on_unregister [102," + id + "]");
    alice.leave();
    assertThat(told(eve))
        .containsExactly("on_unregister [101," + id + "]", "on_delete [101," + id + "]");
  }

  @Test
  void whatANodeHeldThatIsGoneIsToldByTheOneThatFreesIt() {
    alice.subscribes(EVENTS, "prefix");
    Resource resource = new Resource(World.REALM, MatchPolicy.EXACT, "com.one");
    Router router = stage.world.nodes.get(1).router;
    router.freed(new Freed.Callee(resource, 4711, 2001, false));
    router.freed(new Freed.Callee(resource, 4711, 2002, true));
    stage.world.stirred();
    assertThat(told(alice))
        .containsExactly(
            "on_unregister [2001,4711]", "on_unregister [2002,4711]", "on_delete [2002,4711]");
  }

  /** The others have said it already, or are about to. */
  @Test
  void aLifeThatIsOverTellsNothingOfItsCallees() {
    alice.subscribes(EVENTS, "prefix");
    bob.registers("com.one");
    alice.hears();
    stage.world.nodes.get(1).router.expire();
    bob.leave();
    assertThat(alice.hears()).isEmpty();
  }
}
