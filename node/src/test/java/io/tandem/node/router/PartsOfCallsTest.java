package io.tandem.node.router;

import static io.tandem.node.router.CallsInPartsTest.INTERRUPTED;
import static io.tandem.node.router.CallsInPartsTest.PARTS;
import static io.tandem.node.router.CallsInPartsTest.callee;
import static io.tandem.node.router.CallsInPartsTest.join;
import static io.tandem.node.router.CallsInPartsTest.world;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What parts of a call may cost, and in which order they come. */
class PartsOfCallsTest {

  @Test
  void calleeOfASkippedCallIsInterruptedWhenItGoesOn() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true},'com.add']");
      bob.hears();
      alice.says("[49,1,{'mode':'skip'}]");
      bob.says("[70,1,{'progress':true}]");
      assertThat(bob.hears()).containsExactly(INTERRUPTED);
    }
  }

  @Test
  void whoeverGetsARefusedCallGetsItsPartsInOrder() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      TestClient carol = join(world, "B1");
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      world.turns.stop("link A0>B");
      alice.says("[48,1,{'progress':true},'com.add',[1]]");
      alice.says("[48,1,{'progress':true},'com.add',[2]]");
      bob.isCrowded = true;
      world.turns.goOn("link A0>B");
      alice.says("[48,1,{},'com.add',[3]]");
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears())
          .containsExactly(
              "[68,1,1,{'progress':true},[1]]",
              "[68,1,1,{'progress':true},[2]]",
              "[68,1,1,{'progress':false},[3]]");
    }
  }

  /** The callee's REGISTERED is still on its way: what comes for it waits, parts too. */
  @Test
  void partsWaitBehindACallThatIsEarly() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "A1");
      world.turns.stop("acknowledgements of A>B");
      bob.says("[64,1,{},'com.add']");
      alice.says("[48,1,{'progress':true},'com.add',[1]]");
      alice.says("[48,1,{},'com.add',[2]]");
      assertThat(bob.hears()).isEmpty();
      world.turns.goOn("acknowledgements of A>B");
      assertThat(bob.hears())
          .containsExactly(
              "[65,1,1]", "[68,1,1,{'progress':true},[1]]", "[68,1,1,{'progress':false},[2]]");
    }
  }

  /** Where the call is given another callee, no earlier call may follow its later parts there. */
  @Test
  void earlierCallIsNotGivenToACalleeThatHasALaterPart() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      TestClient carol = join(world, "B1");
      carol.registers("com.sum", "'invoke':'last'");
      bob.registers("com.sum", "'invoke':'last'");
      carol.registers("com.add");
      alice.says("[48,1,{'progress':true},'com.add',[1]]");
      world.turns.stop("lane B0");
      alice.says("[48,2,{},'com.sum',[2]]");
      alice.says("[48,1,{},'com.add',[3]]");
      bob.isCrowded = true;
      world.turns.goOn("lane B0");
      assertThat(carol.hears()).hasSize(2);
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,2,{},'wamp.error.unavailable'");
    }
  }

  @Test
  void partsAreKeptNoLongerThanUntilTheCalleeHasTheCall() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      String big = "['" + "x".repeat(60_000) + "']";
      world.turns.stop("link B0>A");
      alice.says("[48,1,{'progress':true},'com.add'," + big + "]");
      alice.says("[48,1,{'progress':true},'com.add'," + big + "]");
      assertThat(alice.session().memory.used()).isGreaterThan(120_000);
      world.turns.goOn("link B0>A");
      assertThat(alice.session().memory.used()).isLessThan(4_000);
      assertThat(alice.session().calls.values())
          .singleElement()
          .satisfies(call -> assertThat(call.parts.kept()).isEmpty());
      alice.says("[48,1,{'progress':true},'com.add'," + big + "]");
      assertThat(alice.session().memory.used()).isLessThan(4_000);
      assertThat(bob.hears()).hasSize(3);
    }
  }

  @Test
  void partsThatTakeTooMuchMemoryEndTheCall() {
    try (World world = new World(2, 2, 1, realm -> realm.sessionMemory = 100_000)) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      String big = "['" + "x".repeat(60_000) + "']";
      world.turns.stop("link B0>A");
      alice.says("[48,1,{'progress':true},'com.add'," + big + "]");
      alice.says("[48,1,{'progress':true},'com.add'," + big + "]");
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.unavailable'");
      world.turns.goOn("link B0>A");
      assertThat(bob.hears()).hasSize(2).last().isEqualTo(INTERRUPTED);
    }
  }

  /** Its queue is for all callers: none of them may have it closed as a slow reader. */
  @Test
  void callEndsWhoseCalleeDoesNotReadItsParts() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true},'com.add']");
      bob.hears();
      bob.isCrowded = true;
      alice.says("[48,1,{'progress':true},'com.add']");
      assertThat(bob.hears()).containsExactly(INTERRUPTED);
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.unavailable'");
    }
  }

  @Test
  void partThatIsTooLongEndsTheCall() {
    try (World world = new World(2, realm -> realm.maxPayloadSize = 20)) {
      TestClient alice = world.join(0, PartsOfCallsTest::inParts);
      TestClient bob = world.join(1, PartsOfCallsTest::inParts);
      bob.registers("com.add");
      alice.says("[48,1,{'progress':true},'com.add']");
      bob.hears();
      alice.says("[48,1,{'progress':true},'com.add',['" + "x".repeat(20) + "']]");
      assertThat(bob.hears()).containsExactly(INTERRUPTED);
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.payload_size_exceeded',['a payload may have 20 octets']]");
    }
  }

  private static void inParts(TestClient client) {
    client.features = new ClientFeatures(true, true, true, Set.of(), PARTS);
  }

  /** No INVOCATION comes for a registration that is over (QRK-04), though the call goes on. */
  @Test
  void callEndsWhoseCalleeHasGivenTheProcedureBackBeforeTheNextPart() {
    try (World world = world()) {
      TestClient alice = join(world, "A0");
      TestClient bob = callee(world, "B0");
      alice.says("[48,1,{'progress':true,'receive_progress':true},'com.add']");
      bob.says("[66,2,1]");
      bob.says("[70,1,{'progress':true}]");
      assertThat(alice.hears()).containsExactly("[50,1,{'progress':true}]");
      bob.hears();
      alice.says("[48,1,{'progress':true},'com.add']");
      assertThat(bob.hears()).containsExactly(INTERRUPTED);
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.canceled'");
    }
  }
}
