package io.tandem.node.router;

import static io.tandem.node.router.MetaStage.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Offered;
import io.tandem.node.auth.Action;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.uri.MatchPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may changes what another session is known as, on whatever node it is. */
class ModifiedDetailsTest {

  private static final String MODIFY = "wamp.session.modify_details";
  private static final String GUEST = "[102,{'authrole':'guest'}]";

  private final MetaStage stage =
      MetaStage.threeNodes(
          realm -> {
            realm.authentication =
                Clients.authentication(List.of(), Set.of("user", "guest"), new AuthPool());
            realm.authorizer = ModifiedDetailsTest::authorize;
          });
  private final TestClient alice = stage.join("A0");
  private final TestClient bob = join("B1");
  private final TestClient carol = stage.join("C0");

  /** Guests have no secrets. */
  private static Decision authorize(
      Principal principal, Action action, String uri, MatchPolicy match) {
    return principal.authrole().equals("guest") && uri.startsWith("com.secret")
        ? Decision.DENIED
        : Decision.ALLOWED;
  }

  private TestClient join(String place) {
    return stage.world.join(
        stage.world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client -> {
          client.is("bob", "user");
          client.features =
              new ClientFeatures(true, true, true, Set.of(), Set.of(ClientFeature.values()));
        });
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void anotherRoleHoldsEverywhereForWhatComesNext() {
    carol.subscribes("wamp.session.", "prefix");
    assertThat(answer(bob, "com.secret.x", "[]")).isEqualTo("wamp.error.no_such_procedure");
    assertThat(answer(alice, MODIFY, GUEST)).startsWith("[50,");
    assertThat(answer(bob, "com.secret.x", "[]")).isEqualTo("wamp.error.not_authorized");
    assertThat(carol.hears()).as("nobody joins or leaves by that").isEmpty();
    assertThat(answer(carol, "wamp.session.get", "[102]")).contains("'authrole':'guest'");
    assertThat(answer(carol, "wamp.session.count", "[['guest']]")).isEqualTo("1");
    assertThat(answer(carol, "wamp.session.list", "[['guest']]")).isEqualTo("[102]");
    assertThat(answer(carol, "wamp.session.count", "[['user']]")).doesNotContain("102");
    assertThat(answer(alice, MODIFY, "[102,{'authrole':'user'}]")).startsWith("[50,");
    assertThat(answer(bob, "com.secret.x", "[]")).isEqualTo("wamp.error.no_such_procedure");
    assertThat(answer(carol, "wamp.session.count", "[['guest']]")).isEqualTo("0");
  }

  @Test
  void whatTheSessionHoldsIsJudgedAnew() {
    long secret = bob.subscribes("com.secret.news");
    bob.subscribes("com.open.news");
    long procedure = bob.registers("com.secret.add");
    bob.registers("com.open.add");
    assertThat(answer(alice, MODIFY, GUEST)).startsWith("[50,");
    assertThat(bob.hears())
        .containsExactlyInAnyOrder(
            "[35,0,{'subscription':" + secret + ",'reason':'wamp.error.not_authorized'}]",
            "[67,0,{'reason':'wamp.error.not_authorized','registration':" + procedure + "}]");
    alice.says("[16," + alice.next() + ",{},'com.secret.news']");
    alice.says("[16," + alice.next() + ",{},'com.open.news']");
    assertThat(bob.hears()).hasSize(1);
    assertThat(answer(alice, "com.secret.add", "[]")).isEqualTo("wamp.error.no_such_procedure");
    alice.calls("com.open.add");
    assertThat(bob.hears()).hasSize(1);
  }

  @Test
  void othersAreToldTheNewRole() {
    carol.registers("com.open.add");
    bob.subscribes("com.open.news");
    assertThat(answer(alice, MODIFY, GUEST)).startsWith("[50,");
    bob.says("[48," + bob.next() + ",{'disclose_me':true},'com.open.add']");
    assertThat(carol.hears()).singleElement().asString().contains("'caller_authrole':'guest'");
    alice.says("[16," + alice.next() + ",{'eligible_authrole':['user']},'com.open.news',[1]]");
    alice.says("[16," + alice.next() + ",{'eligible_authrole':['guest']},'com.open.news',[2]]");
    assertThat(bob.hears()).singleElement().asString().endsWith("[2]]");
  }

  @Test
  void whatWasDecidedBeforeIsForgotten() {
    bob.session().keep(Action.CALL, "com.secret.x", MatchPolicy.EXACT, Decision.ALLOWED);
    assertThat(answer(bob, "com.secret.x", "[]")).isEqualTo("wamp.error.no_such_procedure");
    assertThat(answer(alice, MODIFY, GUEST)).startsWith("[50,");
    assertThat(answer(bob, "com.secret.x", "[]")).isEqualTo("wamp.error.not_authorized");
  }

  @Test
  void testamentsGoByTheNewRole() {
    carol.subscribes("com.", "prefix");
    String add = "wamp.session.add_testament";
    assertThat(answer(bob, add, "['com.secret.gone',[],{}]")).startsWith("[50,");
    assertThat(answer(bob, add, "['com.open.gone',[],{}]")).startsWith("[50,");
    assertThat(answer(alice, MODIFY, GUEST)).startsWith("[50,");
    bob.leave();
    assertThat(carol.hears()).singleElement().asString().contains("com.open.gone");
  }

  @Test
  void detailsOfOnesOwnAreToldUntilTheyAreTakenBack() {
    assertThat(answer(alice, MODIFY, "[102,{'_team':'red','_desk':'7'}]")).startsWith("[50,");
    assertThat(answer(carol, "wamp.session.get", "[102]"))
        .contains("'_team':'red'", "'_desk':'7'", "'authrole':'user'");
    assertThat(answer(alice, MODIFY, "[102,{'_team':null}]")).startsWith("[50,");
    assertThat(answer(carol, "wamp.session.get", "[102]"))
        .contains("'_desk':'7'")
        .doesNotContain("_team");
  }

  @Test
  void soMuchIsSaidOfASessionAndNoMore() {
    for (int i = 0; i < 16; i++) {
      assertThat(answer(alice, MODIFY, "[102,{'_detail" + i + "':'x'}]")).startsWith("[50,");
    }
    assertThat(answer(alice, MODIFY, "[102,{'_one_more':'x','authrole':'guest'}]"))
        .isEqualTo("wamp.error.invalid_argument");
    assertThat(answer(carol, "wamp.session.get", "[102]"))
        .contains("'authrole':'user'")
        .doesNotContain("_one_more");
    assertThat(answer(alice, MODIFY, "[102,{'_detail3':'y'}]")).startsWith("[50,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'session':7}",
        "{'realm':'other'}",
        "{'authid':'eve'}",
        "{'authrole':null}",
        "{'authrole':7}",
        "{'_ab':'too short'}",
        "{'_team':7}",
        "{'_team':''}",
        "{'team':'no underscore'}",
        "'guest'"
      })
  void nothingElseIsChanged(String details) {
    assertThat(answer(alice, MODIFY, "[102," + details + "]"))
        .isEqualTo("wamp.error.invalid_argument");
  }

  @Test
  void roleAndSessionHaveToBeThere() {
    assertThat(answer(alice, MODIFY, "[102,{'authrole':'king'}]"))
        .isEqualTo("wamp.error.no_such_role");
    assertThat(answer(alice, MODIFY, "[4711,{'_team':'red'}]"))
        .isEqualTo("wamp.error.no_such_session");
    assertThat(answer(alice, MODIFY, "[9001,{'_team':'red'}]"))
        .as("the router's own")
        .isEqualTo("wamp.error.no_such_session");
    assertThat(answer(alice, MODIFY, "[101,{'authrole':'guest'}]")).as("itself").startsWith("[50,");
  }

  @Test
  void sessionOfANodeThatIsNotHeardIsNotSaidToBeChanged() {
    stage.world.nodes.get(1).offered = Offered.UNREACHABLE; // it hears, and is not heard
    alice.says("[48," + alice.next() + ",{},'" + MODIFY + "'," + GUEST + "]");
    stage.world.advance(Duration.ofSeconds(6));
    assertThat(alice.hears()).singleElement().asString().contains("'wamp.error.network_failure'");
  }
}
