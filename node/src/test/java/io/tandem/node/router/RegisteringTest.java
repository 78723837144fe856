package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** REGISTER and UNREGISTER, and patterns. */
class RegisteringTest {

  @Test
  @Conformance({"RPC-01", "ID-03"})
  void registerIsAnsweredWithASmallId() {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.says("[64,1,{},'com.add']");
      assertThat(bob.hears()).containsExactly("[65,1,1]");
    }
  }

  @Test
  @Conformance({"RPC-02", "RPC-SHR-02"})
  void procedureHasOneRegistrationWhoeverAsks() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      TestClient carol = world.join(1);
      bob.registers("com.add");
      bob.says("[64,2,{},'com.add']");
      carol.says("[64,1,{},'com.add']");
      assertThat(bob.hears())
          .containsExactly(
              "[8,64,2,{},'wamp.error.procedure_already_exists',['this session has registered the"
                  + " procedure already']]");
      assertThat(carol.hears())
          .containsExactly(
              "[8,64,1,{},'wamp.error.procedure_already_exists',['the procedure is registered"
                  + " already']]");
    }
  }

  @Test
  @Conformance("RPC-02")
  void ofTwoThatRegisterAtOnceOneSucceeds() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      TestClient carol = world.join(1);
      world.pause();
      bob.says("[64,1,{},'com.add']");
      carol.says("[64,1,{},'com.add']");
      world.resume();
      List<String> answers = new ArrayList<>(bob.hears());
      answers.addAll(carol.hears());
      assertThat(answers).hasSize(2).areExactly(1, startingWith("[65,1,1]"));
      assertThat(answers).areExactly(1, startingWith("[8,64,1,{},'wamp.error.procedure_already"));
    }
  }

  private static org.assertj.core.api.Condition<String> startingWith(String start) {
    return new org.assertj.core.api.Condition<>(text -> text.startsWith(start), start);
  }

  @Test
  @Conformance("RPC-03")
  void unregisteringWhatOneDoesNotHoldIsAnError() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.registers("com.add");
      alice.says("[66,1,1]");
      assertThat(alice.hears())
          .containsExactly(
              "[8,66,1,{},'wamp.error.no_such_registration',['this session holds no registration"
                  + " 1']]");
      bob.says("[66,2,1]");
      bob.says("[66,3,1]");
      assertThat(bob.hears())
          .containsExactly(
              "[67,2]",
              "[8,66,3,{},'wamp.error.no_such_registration',['this session holds no registration"
                  + " 1']]");
    }
  }

  @Test
  @Conformance("RPC-SHR-07")
  void whoeverHearsUnregisteredMayRegisterNextUnderANewId() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      TestClient carol = world.join(1);
      bob.registers("com.add");
      bob.says("[66,2,1]");
      assertThat(bob.hears()).containsExactly("[67,2]");
      assertThat(carol.registers("com.add")).isEqualTo(2);
    }
  }

  @Test
  @Conformance("RPC-04")
  void unregisterStopsInvocationsButNotAnswers() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      world.pause();
      alice.calls("com.add");
      world.turnOf(alice);
      bob.says("[66,2,1]");
      // UNREGISTER is in bob's lane before the second call's hand-over was taken out there.
      world.resume();
      bob.says("[70,1,{},['late but welcome']]");
      assertThat(alice.hears()).contains("[50,1,{},['late but welcome']]");
      assertThat(bob.hears()).startsWith("[68,1,1,{}]").endsWith("[67,2]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"com..add", "", "wamp", "wamp.add", "com.a b"})
  void nobodyRegistersAnInvalidOrReservedProcedure(String procedure) {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.says("[64,1,{},'" + procedure + "']");
      assertThat(bob.hears())
          .containsExactly(
              "[8,64,1,{},'wamp.error.invalid_uri',['not a procedure to register: "
                  + procedure
                  + "']]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "com.myapp.obj, true, false",
    "com.myapp.obj.x, true, true",
    "com.myapp.obj-x, true, false",
    "com.myapp.ob, false, false",
    "com.myapp, false, false",
    "x.com.myapp.obj, false, false",
    "net.myapp.obj.x, false, true",
    "net.myapp.object.x, false, false",
    "net.myapp.obj, false, false",
    "net.myapp.obj.x.y, false, false",
  })
  @Conformance({"RPC-PAT-01", "RPC-PAT-02"})
  void callFindsPrefixesOfTheStringAndWildcardsForComponents(
      String procedure, boolean byPrefix, boolean byWildcard) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(1, client -> client.realmName = World.OTHER_REALM);
      TestClient dave = world.join(0, client -> client.realmName = World.OTHER_REALM);
      bob.registers("com.myapp.obj", "'match':'prefix'");
      carol.registers(".myapp.obj.", "'match':'wildcard'");
      alice.calls(procedure);
      dave.calls(procedure);
      assertThat(bob.hears()).hasSize(byPrefix ? 1 : 0);
      assertThat(carol.hears()).hasSize(byWildcard ? 1 : 0);
    }
  }

  @Test
  @Conformance("RPC-01")
  void registrationThatCannotBeRecordedIsRefusedAndMayBeTriedAgain() {
    try (World world = new World(1, realm -> realm.maxRegistrations = 1)) {
      TestClient bob = world.join(0);
      world.registrations.outage = new IllegalStateException("down");
      bob.says("[64,1,{},'com.add']");
      world.untilTheRecordIsGivenUp();
      assertThat(bob.hears())
          .containsExactly(
              "[8,64,1,{},'wamp.error.network_failure',['the registration could not be"
                  + " recorded']]");
      world.registrations.outage = null;
      bob.registers("com.add");
      bob.says("[64,3,{},'com.more']");
      assertThat(bob.hears())
          .containsExactly(
              "[8,64,3,{},'wamp.error.not_authorized',['a session may hold at most 1"
                  + " registrations']]");
    }
  }

  @Test
  void sessionThatEndsBeforeItsRegisteredLeavesNothing() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      world.pause();
      bob.says("[64,1,{},'com.add']");
      world.turnOf(bob);
      bob.leave();
      world.turnOf(bob);
      world.resume();
      assertThat(bob.hears()).isEmpty();
      world.join(1).registers("com.add");
    }
  }

  // ---- patterns ----

  @ParameterizedTest
  @CsvSource({
    "a1.b2.c3.d4.e55,       1, ''",
    "a1.b2.c3.d98.e74,      2, a1.b2.c3.d98.e74",
    "a1.b2.c3.d4.e325,      3, a1.b2.c3.d4.e325",
    "a1.b2.c55.d4.e5,       4, a1.b2.c55.d4.e5",
    "a1.b2.c88.d4.e5.f6.g7, 6, a1.b2.c88.d4.e5.f6.g7"
  })
  @Conformance({"RPC-PAT-03", "RPC-PAT-07", "RPC-PAT-04"})
  void callGoesToTheOneRegistrationThatFitsBest(
      String procedure, int registration, String disclosed) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("a1.b2.c3.d4.e55");
      bob.registers("a1.b2.c3", "'match':'prefix'");
      bob.registers("a1.b2.c3.d4", "'match':'prefix'");
      bob.registers("a1.b2..d4.e5", "'match':'wildcard'");
      bob.registers("a1.b2.c33..e5", "'match':'wildcard'");
      bob.registers("a1.b2..d4.e5..g7", "'match':'wildcard'");
      alice.calls(procedure);
      String details = disclosed.isEmpty() ? "{}" : "{'procedure':'" + disclosed + "'}";
      assertThat(bob.hears()).containsExactly("[68,1," + registration + "," + details + "]");
    }
  }

  @Test
  @Conformance({"RPC-PAT-08", "RPC-PAT-09"})
  void sameStringUnderThreePoliciesIsThreeRegistrations() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      long exact = bob.registers("com.add");
      long prefix = bob.registers("com.add", "'match':'prefix'");
      bob.registers("com.add", "'match':'wildcard'");
      bob.says("[66,4," + exact + "]");
      bob.hears();
      alice.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,1," + prefix + ",{'procedure':'com.add'}]");
    }
  }

  @Test
  void callThatFindsTheBestRegistrationGoneGoesToTheNextBest() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(0);
      bob.registers("com.add");
      carol.registers("com.", "'match':'prefix'");
      world.leavesUnseen(bob);
      alice.calls("com.add");
      world.turnOf(alice);
      world.resume();
      assertThat(carol.hears()).containsExactly("[68,1,2,{'procedure':'com.add'}]");
    }
  }

  @Test
  @Conformance("RPC-PAT-03")
  void callForABusyCalleeIsNotGivenToALesserRegistration() {
    try (World world = new World(2, realm -> realm.maxPendingCalls = 1)) {
      TestClient alice = world.join(0);
      TestClient carol = world.join(0);
      TestClient bob = world.join(1);
      TestClient dave = world.join(1);
      bob.registers("com.add");
      dave.registers("com.", "'match':'prefix'");
      alice.calls("com.add");
      carol.calls("com.add");
      assertThat(carol.hears()).singleElement().asString().contains("network_failure");
      assertThat(dave.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("ORD-06")
  void callThatCrossesUnregisterArrivesBeforeUnregistered() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.", "'match':'prefix'");
      bob.registers("com.add");
      world.pause();
      bob.says("[66,3,2]");
      world.turnOf(bob);
      alice.calls("com.add");
      world.turnOf(alice);
      world.resume();
      assertThat(bob.hears()).containsExactly("[68,1,2,{}]", "[67,3]");
      alice.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,2,1,{'procedure':'com.add'}]");
    }
  }

  @Test
  @Conformance("RPC-03")
  void registrationCanBeGivenBackOnce() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      bob.registers("com.add");
      world.pause();
      bob.says("[66,2,1]");
      bob.says("[66,3,1]");
      world.resume();
      assertThat(bob.hears())
          .containsExactly(
              "[8,66,3,{},'wamp.error.no_such_registration',['this session holds no registration"
                  + " 1']]",
              "[67,2]");
    }
  }

  @Test
  void whoRegistersAgainAtOnceHearsOfTheEndFirst() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      TestClient carol = world.join(1);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      world.pause();
      bob.says("[66,2,1]");
      bob.says("[64,3,{'invoke':'first'},'com.add']");
      world.resume();
      assertThat(bob.hears()).containsExactly("[67,2]", "[65,3,1]");
    }
  }
}
