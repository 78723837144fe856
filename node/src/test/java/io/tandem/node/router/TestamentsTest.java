package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Decision;
import io.tandem.testing.Conformance;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What sessions leave to be published when they end. */
class TestamentsTest extends Testators {

  @Test
  @Conformance({"PS-TEST-01", "PS-TEST-03"})
  void aTestamentIsPublishedWhenItsSessionEnds() {
    bob.subscribes("com.gone");
    does(alice, ADD, ",['com.gone',['alice',[1]],{'at':{'x':null}}]");
    assertThat(bob.hears()).isEmpty();
    alice.leave();
    assertThat(heard()).containsExactly("['alice',[1]],{'at':{'x':null}}");
  }

  @Test
  @Conformance({"PS-TEST-04", "PS-TEST-05"})
  void testamentsArePublishedByScopeInTheOrderInWhichTheyWereAdded() {
    bob.subscribes("com.gone");
    does(alice, ADD, ",['com.gone',[1],{}]");
    does(alice, ADD, ",['com.gone',[2],{}],{'scope':'detached'}");
    world.pause();
    for (int i = 3; i <= 100; i++) {
      calls(alice, ADD, ",['com.gone',[" + i + "],{}],{'scope':'destroyed'}");
    }
    calls(alice, ADD, ",['com.gone',[101],{}],{'scope':'detached'}");
    world.resume();
    assertThat(alice.hears()).hasSize(99);
    alice.leave();
    List<String> heard = heard();
    assertThat(heard).hasSize(101).startsWith("[2]", "[101]", "[1]", "[3]", "[4]");
    assertThat(heard).endsWith("[99]", "[100]");
  }

  @Test
  @Conformance("PS-TEST-02")
  void aSessionTakesBackWhatItHasAddedInOneScope() {
    bob.subscribes("com.gone");
    TestClient carol = world.join(1);
    does(carol, ADD, ",['com.gone',['carol'],{}]");
    does(alice, FLUSH, "");
    does(alice, ADD, ",['com.gone',[1],{}]");
    does(alice, ADD, ",['com.gone',[2],{}],{'scope':'detached'}");
    does(alice, ADD, ",['com.gone',[3],{}],{'scope':'destroyed'}");
    does(alice, FLUSH, "");
    does(alice, ADD, ",['com.gone',[4],{}]");
    alice.leave();
    assertThat(heard()).containsExactly("[2]", "[4]");
    carol.leave();
    assertThat(heard()).as("of another session").containsExactly("['carol']");
    TestClient dave = world.join(1);
    does(dave, ADD, ",['com.gone',[5],{}],{'scope':'detached'}");
    does(dave, FLUSH, ",[],{'scope':'detached'}");
    dave.leave();
    assertThat(heard()).isEmpty();
  }

  @Test
  void aSessionWithATestamentIsNotAskedToConnectElsewhere() {
    assertThat(alice.realm().isMovable(alice.session())).isTrue();
    does(alice, ADD, ",['com.gone',[1],{}]");
    assertThat(alice.realm().isMovable(alice.session())).isFalse();
  }

  /** How a session ends. */
  enum End {
    LOST,
    VIOLATION,
    KILLED,
    KILLED_WITH_ALL,
    REALM_SHUT
  }

  @ParameterizedTest
  @EnumSource
  @Conformance({"PS-TEST-06", "META-SES-13"})
  void testamentsArePublishedHoweverASessionEndsButNotWhenAllEnd(End end) {
    bob.subscribes("com.gone");
    does(alice, ADD, ",['com.gone',['alice'],{}]");
    switch (end) {
      case LOST -> alice.leave();
      case VIOLATION -> alice.says("[70,4711,{}]");
      case KILLED -> calls(bob, "wamp.session.kill", ",[" + alice.id + "]");
      case KILLED_WITH_ALL -> calls(bob, "wamp.session.kill_all", "");
      case REALM_SHUT -> {
        alice.lane.execute(
            () -> {
              alice.lane.shut(World.REALM);
              alice.lane.share(World.REALM).leave(alice.session());
              alice.lane.open(World.REALM);
            });
        world.stirred();
      }
    }
    assertThat(alice.session().ended()).isTrue();
    List<String> published = heard().stream().filter(event -> event.contains("alice")).toList();
    boolean isPublished = end != End.KILLED_WITH_ALL && end != End.REALM_SHUT;
    assertThat(published).hasSize(isPublished ? 1 : 0);
  }

  @Test
  @Conformance("PS-TEST-07")
  void optionsThatMakeNoSenseAreIgnoredAndOthersCount() {
    TestClient carol = world.join(1);
    bob.subscribes("com.gone");
    carol.subscribes("com.gone");
    String options =
        "{'acknowledge':true,'exclude_me':false,'eligible':[" + bob.id + "],'no':'such'}";
    does(alice, ADD, ",['com.gone',[],{}],{'publish_options':" + options + "}");
    alice.leave();
    assertThat(bob.hears()).hasSize(1);
    assertThat(carol.hears()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[]|invalid_argument",
        "[7,[],{}]|invalid_argument",
        "['com.gone']|invalid_argument",
        "['com.gone',{},{}]|invalid_argument",
        "['com.gone',[]]|invalid_argument",
        "['com.gone',[],[]]|invalid_argument",
        "['com.gone',[],{}],{'scope':'later'}|invalid_argument",
        "['com.gone',[],{}],{'scope':7}|invalid_argument",
        "['com.gone',[],{}],{'publish_options':[]}|invalid_argument",
        "['com.gone',[],{}],{'publish_options':{'exclude':7}}|invalid_argument",
        "['com..gone',[],{}]|invalid_uri",
        "['com gone',[],{}]|invalid_uri",
        "['wamp.session.on_join',[],{}]|invalid_uri",
      })
  @Conformance("PS-TEST-08")
  void whatIsNoTestamentIsRefused(String args, String error) {
    isRefused(alice, ADD, "," + args, error);
    isRefused(alice, FLUSH, ",[],{'scope':'later'}", "invalid_argument");
    bob.subscribes("com.", "prefix");
    alice.leave();
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  @Conformance("PS-TEST-09")
  void theSessionIsJudgedWhenItAddsATestamentAndWhenThatIsPublished() {
    bob.subscribes("com.", "prefix");
    forbidden.add("com.secret");
    isRefused(alice, ADD, ",['com.secret',[],{}]", "not_authorized");
    does(alice, ADD, ",['com.one',[],{}]");
    does(alice, ADD, ",['com.two',[],{}]");
    forbidden.add("com.one");
    alice.leave();
    assertThat(bob.hears()).hasSize(1).first().asString().contains("'topic':'com.two'");
    assertThat(world.dropped(RouterMetrics.Drop.PUBLICATION_REFUSED)).isEqualTo(1);
  }

  @Test
  @Conformance("PS-TEST-09")
  void aTestamentIsTheSessionsOwnWhenItIsOver() {
    bob.subscribes("com.gone");
    does(alice, ADD, ",['com.gone',[],{}],{'publish_options':{'disclose_me':true}}");
    alice.leave();
    assertThat(bob.hears())
        .containsExactly(
            "[36,1,P1,{'publisher':101,'publisher_authid':'alice','publisher_authrole':'user'}]");
  }

  @Test
  void anAuthorizerThatTakesItsTimeIsWaitedForInOrder() {
    bob.subscribes("com.", "prefix");
    later = new CompletableFuture<>();
    calls(alice, ADD, ",['com.one',[],{}]");
    calls(alice, ADD, ",['com.two',[],{}]");
    assertThat(alice.hears()).isEmpty();
    later.complete(Decision.ALLOWED);
    world.turns.runAll();
    assertThat(alice.hears()).hasSize(2);
    later = new CompletableFuture<>();
    bob.subscribes("wamp.session.on_leave");
    alice.leave();
    assertThat(bob.hears()).isEmpty();
    later.complete(Decision.ALLOWED);
    world.turns.runAll();
    assertThat(bob.hears())
        .satisfiesExactly(
            one -> assertThat(one).contains("com.one"),
            two -> assertThat(two).contains("com.two"),
            left -> assertThat(left).contains("[101,'alice','user']"));
  }

  @Test
  @Conformance("PS-TEST-11")
  void aSessionLeavesSoMuchAndNoMore() {
    limit(1_000, 100_000);
    String half = ",['com.gone',['" + "x".repeat(50_000) + "'],{}]";
    does(alice, ADD, half);
    isRefused(alice, ADD, half, "unavailable");
    does(alice, FLUSH, "");
    does(alice, ADD, half);
    does(alice, FLUSH, "");
    limit(3, 100_000);
    does(alice, ADD, GONE);
    does(alice, ADD, GONE);
    does(alice, ADD, GONE);
    isRefused(alice, ADD, GONE, "unavailable");
  }

  @Test
  void otherLimitsHoldForWhatIsAddedNext() {
    bob.subscribes("com.gone");
    does(alice, ADD, ",['com.gone',[1],{}]");
    does(alice, ADD, ",['com.gone',[2],{}]");
    limit(1, 100_000);
    isRefused(alice, ADD, GONE, "unavailable");
    limit(3, 100_000);
    does(alice, ADD, ",['com.gone',[3],{}]");
    limit(1, 1);
    alice.leave();
    assertThat(heard()).containsExactly("[1]", "[2]", "[3]");
  }

  private void limit(int count, int octets) {
    TestRealm realm = new TestRealm();
    realm.testaments = new TestamentLimits(count, octets);
    world.nodes.forEach(
        node ->
            node.router.reload(
                List.of(realm.settings(World.REALM), realm.settings(World.OTHER_REALM)), () -> {}));
    world.turns.runAll();
  }

  @Test
  void aTestamentThatMayNotBeKeptIsNotSaidToBe() {
    bob.subscribes("com.gone");
    world.wills.outage = new IllegalStateException("planted");
    isRefused(alice, ADD, GONE, "network_failure");
    world.wills.outage = null;
    does(alice, ADD, ",['com.gone',[2],{}]");
    alice.leave();
    assertThat(heard()).containsExactly("[2]");
  }
}
