package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Offered;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of two nodes with two lanes each, ended by one of them. */
class SessionKillsTest {

  private final World world = new World(2, 2, 1, realm -> {});
  private TestClient warden;

  @BeforeEach
  void serve() {
    world.serveMeta();
    warden = joins("A0", "warden", "admin");
  }

  @AfterEach
  void end() {
    world.close();
  }

  private TestClient joins(String place, String authid, String authrole) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client -> client.is(authid, authrole));
  }

  /** One session on each lane of each node. */
  private List<TestClient> everywhere() {
    List<TestClient> clients = new ArrayList<>();
    for (String place : List.of("A0", "A1", "B0", "B1")) {
      clients.add(joins(place, place, place.charAt(0) == 'A' ? "user" : "guest"));
    }
    return clients;
  }

  /** What the warden is answered, without the request's ID. */
  private String calls(String procedure, String args) {
    warden.says("[48," + warden.next() + ",{},'" + procedure + "'" + args + "]");
    List<String> heard = warden.hears();
    assertThat(heard).hasSize(1);
    return heard
        .get(0)
        .replaceFirst("^\\[50,\\d+,\\{}(,\\[(.*)])?]$", "$2")
        .replaceFirst("^\\[8,48,\\d+,\\{},('[^']*').*", "$1");
  }

  @Test
  @Conformance({"META-SES-06", "META-SES-11"})
  void aSessionIsEndedOnWhicheverNodeItIs() {
    for (TestClient client : everywhere()) {
      assertThat(calls("wamp.session.kill", ",[" + client.id + "]")).as("no result").isEmpty();
      assertThat(client.hears()).containsExactly("[6,{},'wamp.close.killed']");
      assertThat(client.session().ended()).isTrue();
    }
    assertThat(warden.session().ended()).isFalse();
  }

  @Test
  @Conformance("META-SES-11")
  void aSessionIsToldTheReasonAndTheMessageThatWereGiven() {
    TestClient bob = joins("B1", "bob", "user");
    String why = "{'reason':'com.example.rules','message':'no spam'}";
    calls("wamp.session.kill", ",[" + bob.id + ".0]," + why);
    assertThat(bob.hears()).containsExactly("[6,{'message':'no spam'},'com.example.rules']");
  }

  @Test
  @Conformance({"META-SES-06", "META-SES-07"})
  void whoIsNoSessionOfTheRealmOrTheCallerItselfIsNotEnded() {
    TestClient stranger =
        world.join(world.nodes.get(1), 0, client -> client.realmName = World.OTHER_REALM);
    TestClient gone = joins("B0", "bob", "user");
    gone.leave();
    for (Object none : List.of(stranger.id, gone.id, warden.id, 4711, 0, "9007199254740993")) {
      assertThat(calls("wamp.session.kill", ",[" + none + "]"))
          .isEqualTo("'wamp.error.no_such_session'");
    }
    assertThat(stranger.hears()).isEmpty();
    assertThat(warden.session().ended()).isFalse();
  }

  @Test
  @Conformance("META-SES-08")
  void allSessionsOfAnAuthidAreEndedAndNamed() {
    TestClient near = joins("A1", "bob", "user");
    TestClient far = joins("B0", "bob", "guest");
    TestClient other = joins("B0", "bobby", "user");
    joins("A0", "warden", "user");
    assertThat(calls("wamp.session.kill_by_authid", ",['bob'],{'reason':'a.b'}"))
        .isIn("[102,103]", "[103,102]");
    assertThat(near.hears()).containsExactly("[6,{},'a.b']");
    assertThat(far.hears()).containsExactly("[6,{},'a.b']");
    assertThat(other.hears()).isEmpty();
    assertThat(calls("wamp.session.kill_by_authid", ",['warden']"))
        .as("but for the caller")
        .isEqualTo("[105]");
  }

  @Test
  @Conformance("META-SES-09")
  void allSessionsOfAnAuthroleAreEndedAndCounted() {
    List<TestClient> all = everywhere();
    TestClient deputy = joins("B1", "deputy", "admin");
    assertThat(calls("wamp.session.kill_by_authrole", ",['guest']")).isEqualTo("2");
    assertThat(all.get(0).hears()).isEmpty();
    assertThat(all.get(2).hears()).hasSize(1);
    assertThat(all.get(3).hears()).hasSize(1);
    assertThat(calls("wamp.session.kill_by_authrole", ",['admin']")).isEqualTo("1");
    assertThat(deputy.session().ended()).isTrue();
  }

  @Test
  @Conformance({"META-SES-10", "META-SES-13"})
  void allSessionsAreEndedSilently() {
    warden.subscribes("wamp.", "prefix");
    List<TestClient> all = everywhere();
    TestClient stranger =
        world.join(world.nodes.get(1), 0, client -> client.realmName = World.OTHER_REALM);
    warden.hears(); // that they have joined
    assertThat(calls("wamp.session.kill_all", ",[],{'message':'bye'}")).isEqualTo("4");
    for (TestClient client : all) {
      assertThat(client.hears()).containsExactly("[6,{'message':'bye'},'wamp.close.killed']");
    }
    assertThat(stranger.hears()).isEmpty();
    assertThat(warden.hears()).as("meta events").isEmpty();
    assertThat(calls("wamp.session.count", "")).isEqualTo("1");
  }

  @Test
  void othersAreToldOnceOfWhoWasEndedByName() {
    TestClient bob = joins("B1", "bob", "user");
    joins("A1", "carol", "user");
    long leaves = warden.subscribes("wamp.session.on_leave");
    warden.says("[48," + warden.next() + ",{},'wamp.session.kill',[" + bob.id + "]]");
    warden.says("[48," + warden.next() + ",{},'wamp.session.kill_by_authrole',['user']]");
    assertThat(warden.hears())
        .contains(
            "[36," + leaves + ",P1,{},[102,'bob','user']]",
            "[36," + leaves + ",P2,{},[103,'carol','user']]")
        .hasSize(4);
  }

  @Test
  @Conformance("META-SES-12")
  void nobodyToEndIsNoError() {
    everywhere();
    assertThat(calls("wamp.session.kill_by_authid", ",['nobody']")).isEqualTo("[]");
    assertThat(calls("wamp.session.kill_by_authrole", ",['nobody']")).isEqualTo("0");
    assertThat(calls("wamp.session.kill_all", "")).isEqualTo("4");
    assertThat(calls("wamp.session.kill_all", "")).isEqualTo("0");
  }

  @Test
  @Conformance("META-SES-14")
  void ofTwoCallsEachCountsWhomItHasEndedItself() {
    int crowd = 120; // more than end in one turn
    for (int i = 0; i < crowd; i++) {
      joins(i % 2 == 0 ? "A1" : "B0", "bob", "user");
    }
    TestClient deputy = joins("B1", "deputy", "admin");
    world.pause();
    warden.says("[48," + warden.next() + ",{},'wamp.session.kill_by_authrole',['user']]");
    deputy.says("[48," + deputy.next() + ",{},'wamp.session.kill_by_authrole',['user']]");
    world.clients.get(1).leave();
    world.resume();
    assertThat(counted(warden) + counted(deputy)).isBetween(crowd - 1, crowd);
    assertThat(world.clients.stream().filter(client -> client.hears().size() == 1)).isNotEmpty();
    assertThat(calls("wamp.session.count", "")).isEqualTo("2");
  }

  private static int counted(TestClient client) {
    List<String> heard = client.hears();
    assertThat(heard).hasSize(1);
    return Integer.parseInt(heard.get(0).replaceFirst("^\\[50,\\d+,\\{},\\[(\\d+)]]$", "$1"));
  }

  @Test
  void aSessionWhoseNodeCannotBeReachedIsNotSaidToBeNone() {
    TestClient bob = joins("B1", "bob", "user");
    world.nodes.get(0).offered = Offered.UNREACHABLE;
    assertThat(calls("wamp.session.kill", ",[" + bob.id + "]"))
        .isEqualTo("'wamp.error.network_failure'");
    assertThat(calls("wamp.session.kill_all", "")).as("those that can be").isEqualTo("0");
    assertThat(bob.hears()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "wamp.session.kill|['101']|invalid_argument",
        "wamp.session.kill|[]|invalid_argument",
        "wamp.session.kill|[102],{'reason':7}|invalid_argument",
        "wamp.session.kill|[102],{'message':[]}|invalid_argument",
        "wamp.session.kill|[102],{'reason':'a b'}|invalid_uri",
        "wamp.session.kill_by_authid|[102]|invalid_argument",
        "wamp.session.kill_by_authid|['bob'],{'reason':'a..b'}|invalid_uri",
        "wamp.session.kill_by_authrole|[null]|invalid_argument",
        "wamp.session.kill_by_authrole|['user'],{'reason':''}|invalid_uri",
        "wamp.session.kill_all|[],{'reason':'a#b'}|invalid_uri",
      })
  @Conformance({"META-07", "META-SES-08"})
  void argumentsThatAreNoneEndNobody(String procedure, String args, String error) {
    TestClient bob = joins("B1", "bob", "user");
    assertThat(calls(procedure, "," + args)).isEqualTo("'wamp.error." + error + "'");
    assertThat(bob.session().ended()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_024, 1_025})
  void aMessageIsBounded(int characters) {
    TestClient bob = joins("B1", "bob", "user");
    calls("wamp.session.kill", ",[102],{'message':'" + "x".repeat(characters) + "'}");
    assertThat(bob.session().ended()).isEqualTo(characters == 1_024);
  }

  @Test
  void whatTheSessionHeldIsFreeAndItsCallsAreOver() {
    TestClient bob = joins("B1", "bob", "user");
    bob.registers("com.add");
    TestClient carol = joins("A1", "carol", "user");
    carol.registers("com.sub");
    carol.calls("com.add");
    bob.calls("com.sub");
    bob.hears();
    carol.hears();
    calls("wamp.session.kill", ",[" + bob.id + "]");
    assertThat(bob.hears()).containsExactly("[6,{},'wamp.close.killed']");
    assertThat(carol.hears())
        .satisfiesExactlyInAnyOrder(
            answer -> assertThat(answer).startsWith("[8,48,2,{},'wamp.error.canceled'"),
            interrupt -> assertThat(interrupt).startsWith("[69,1,"));
    carol.registers("com.add");
  }
}
