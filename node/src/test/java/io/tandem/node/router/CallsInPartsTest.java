package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that come in parts: progressive call invocations. */
class CallsInPartsTest {

  static final Set<ClientFeature> PARTS =
      EnumSet.of(ClientFeature.CALLS_IN_PARTS, ClientFeature.TAKES_PARTS);
  static final String INTERRUPTED = "[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]";

  /** Two nodes: what holds between lanes holds between nodes. */
  static World world() {
    return new World(2, 2, 1, realm -> {});
  }

  static TestClient join(World world, String place) {
    return join(world, place, PARTS);
  }

  /** On a lane of a node: {@code "A0"}. */
  static TestClient join(World world, String place, Set<ClientFeature> features) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client ->
            client.features =
                new ClientFeatures(true, true, true, EnumSet.allOf(ClientRole.class), features));
  }

  static TestClient callee(World world, String place) {
    TestClient bob = join(world, place);
    bob.registers("com.add");
    return bob;
  }

  private static long late(World world) {
    return world.dropped(RouterMetrics.Drop.LATE_PART);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A0", "A1", "B1"})
  @Conformance({"RPC-PCI-01", "RPC-PCI-04", "RPC-PCI-12"})
  void everyPartReachesTheCalleeUnderOneIdAndAnswersComeAtAnyTime(String place) {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, place);
      alice.says("[48,1,{'progress':true,'receive_progress':true},'com.add',[1]]");
      assertThat(bob.hears())
          .containsExactly("[68,1,1,{'receive_progress':true,'progress':true},[1]]");
      alice.says("[48,1,{'progress':true},'com.add',[2]]");
      alice.says("[48,1,{'progress':true},'com.add']");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'receive_progress':true,'progress':true},[2]]",
              "[68,1,1,{'receive_progress':true,'progress':true}]");
      bob.says("[70,1,{'progress':true},['a']]");
      assertThat(alice.hears()).containsExactly("[50,1,{'progress':true},['a']]");
      alice.says("[48,1,{},'com.add',[3]]");
      assertThat(bob.hears())
          .containsExactly("[68,1,1,{'receive_progress':true,'progress':false},[3]]");
      bob.says("[70,1,{'progress':true},['b']]");
      bob.says("[70,1,{},['c']]");
      assertThat(alice.hears())
          .containsExactly("[50,1,{'progress':true},['b']]", "[50,1,{},['c']]");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance({"RPC-PCI-02", "RPC-PCI-08"})
  void callerThatDidNotAnnounceItIsAbortedForAPart() {
    try (World world = world()) {
      TestClient alice = join(world, "A0", EnumSet.of(ClientFeature.TAKES_PARTS));
      TestClient carol = join(world, "A0", EnumSet.of(ClientFeature.TAKES_PARTS));
      TestClient bob = callee(world, "A1");
      alice.says("[48,1,{'progress':true},'com.add']");
      assertThat(alice.hears()).singleElement().asString().startsWith("ABORT progress");
      carol.says("[48,1,{},'com.add']");
      carol.says("[48,1,{},'com.add']");
      assertThat(carol.hears()).singleElement().asString().startsWith("ABORT request ID 1");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]", INTERRUPTED);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "false, false"})
  @Conformance({"RPC-PCI-01", "RPC-PCI-03", "RPC-PCI-15"})
  void calleeThatCannotTakePartsIsSentNone(boolean takesParts, boolean canceling) {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob =
          world.join(
              world.nodes.get(1),
              0,
              client ->
                  client.features =
                      new ClientFeatures(
                          canceling, true, true, Set.of(), takesParts ? PARTS : Set.of()));
      bob.registers("com.add");
      alice.says("[48,1,{'progress':true},'com.add']");
      alice.says("[48,1,{},'com.add']");
      assertThat(bob.hears()).isEmpty();
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.feature_not_supported'");
    }
  }

  @Test
  @Conformance("RPC-PCI-05")
  void allPartsGoToTheCalleeOfTheFirstOne() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "A1");
      TestClient carol = join(world, "B0");
      bob.registers("com.add", "'invoke':'roundrobin'");
      carol.registers("com.add", "'invoke':'roundrobin'");
      alice.says("[48,1,{'progress':true},'com.add',[1]]");
      alice.says("[48,2,{'progress':true},'com.add',[2]]");
      alice.says("[48,1,{'progress':true},'com.add',[3]]");
      alice.says("[48,2,{},'com.add',[4]]");
      alice.says("[48,1,{},'com.add',[5]]");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'progress':true},[1]]",
              "[68,1,1,{'progress':true},[3]]",
              "[68,1,1,{'progress':false},[5]]");
      assertThat(carol.hears())
          .containsExactly("[68,1,1,{'progress':true},[2]]", "[68,1,1,{'progress':false},[4]]");
    }
  }

  @Test
  @Conformance({"RPC-PCI-06", "RPC-PCI-13"})
  void optionsAreThoseOfTheFirstPartAndAreJudgedOnce() {
    AtomicInteger calls = new AtomicInteger();
    try (World world =
        new World(
            1,
            2,
            1,
            realm ->
                realm.authorizer =
                    (principal, action, uri, match) ->
                        action == Action.CALL && calls.incrementAndGet() > 1
                            ? Decision.DENIED
                            : Decision.ALLOWED)) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "A1");
      alice.says("[48,1,{'progress':true,'disclose_me':true,'ppt_scheme':'x_a'},'com.add']");
      alice.says("[48,1,{'progress':true,'timeout':5,'receive_progress':true},'com.add']");
      alice.says("[48,1,{'ppt_scheme':'x_b'},'com.add']");
      String who =
          "'caller':"
              + alice.id
              + ",'caller_authid':'anybody','caller_authrole':'anonymous','ppt_scheme':'x_a'}]";
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'progress':true," + who,
              "[68,1,1,{'progress':true," + who,
              "[68,1,1,{'progress':false," + who);
      world.advance(Duration.ofMinutes(1));
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-PCI-07")
  void callEndsWithItsCallerAndWithItsCallee() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient carol = join(world, "A0");
      TestClient bob = callee(world, "B1");
      alice.says("[48,1,{'progress':true},'com.add']");
      carol.says("[48,1,{'progress':true},'com.add']");
      bob.hears();
      alice.leave();
      assertThat(bob.hears()).containsExactly(INTERRUPTED);
      bob.leave();
      assertThat(carol.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.canceled',['the callee left before it answered']]");
      carol.says("[48,1,{'progress':true},'com.add']");
      assertThat(carol.hears()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[48,2,{},'com.add'] [48,2,{'progress':true},'com.add']",
        "[48,2,{'progress':true},'com.add'] [48,2,{},'com.add'] [48,2,{},'com.add']",
        "[48,2,{'progress':true},'com.add'] [48,2,{},'com.sub']",
        "[48,2,{'progress':true},'com.add'] [48,4,{'progress':true},'com.add']"
      })
  @Conformance({"RPC-PCI-08", "RPC-PCI-09"})
  void partOfACallThatHasNoneEndsTheSession(String said) {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      callee(world, "A1");
      alice.subscribes("com.topic");
      for (String message : said.split(" ", -1)) {
        assertThat(alice.hears()).isEmpty();
        alice.says(message);
      }
      assertThat(alice.hears()).singleElement().asString().startsWith("ABORT");
    }
  }

  @Test
  @Conformance({"RPC-PCI-10", "RPC-PCI-12", "ID-07"})
  void partOfACallThatIsAnsweredIsDroppedAndTheNextCallIsANewOne() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true},'com.add']");
      bob.says("[8,68,1,{},'com.enough']");
      assertThat(alice.hears()).containsExactly("[8,48,1,{},'com.enough']");
      alice.says("[48,1,{'progress':true},'com.add']");
      alice.says("[48,1,{},'com.add']");
      alice.says("[48,2,{},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{'progress':true}]", "[68,2,1,{}]");
      assertThat(alice.hears()).isEmpty();
      assertThat(late(world)).isEqualTo(2);
    }
  }

  /** On the way to the callee while its answer is on the way back. */
  @Test
  @Conformance("RPC-PCI-10")
  void partThatCrossesTheAnswerIsDropped() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true},'com.add']");
      world.turns.stop("link B0>A");
      bob.says("[70,1,{},['done']]");
      alice.says("[48,1,{'progress':true},'com.add']");
      assertThat(late(world)).isEqualTo(1);
      world.turns.goOn("link B0>A");
      assertThat(alice.hears()).containsExactly("[50,1,{},['done']]");
      assertThat(bob.hears()).hasSize(1);
    }
  }

  @Test
  @Conformance("RPC-PCI-14")
  void everyPartAndEveryAnswerStartsTheTimeoutAnew() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true,'receive_progress':true,'timeout':100},'com.add']");
      for (int i = 0; i < 3; i++) {
        world.advance(Duration.ofMillis(90));
        alice.says("[48,1,{'progress':true},'com.add']");
        world.advance(Duration.ofMillis(90));
        bob.says("[70,1,{'progress':true}]");
      }
      assertThat(alice.hears()).hasSize(3).allMatch(part -> part.startsWith("[50,1,"));
      bob.hears();
      world.advance(Duration.ofMillis(99));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(2));
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.timeout");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.timeout'}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip", "kill", "killnowait"})
  @Conformance({"RPC-CAN-12", "RPC-PCI-10"})
  void cancelEndsBothDirections(String mode) {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true,'receive_progress':true},'com.add']");
      bob.hears();
      alice.says("[49,1,{'mode':'" + mode + "'}]");
      alice.says("[48,1,{'progress':true},'com.add']");
      assertThat(late(world)).isEqualTo(1);
      String interrupt = "[69,1,{'mode':'" + mode + "','reason':'wamp.error.canceled'}]";
      assertThat(bob.hears()).isEqualTo(mode.equals("skip") ? List.of() : List.of(interrupt));
      bob.says("[8,68,1,{},'com.stopped']");
      assertThat(alice.hears())
          .containsExactly(
              mode.equals("kill") ? "[8,48,1,{},'com.stopped']" : CancelingTest.CANCELED);
    }
  }
}
