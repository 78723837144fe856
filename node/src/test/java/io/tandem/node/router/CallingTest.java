package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CALL, INVOCATION and the one answer. */
class CallingTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @Conformance({"RPC-06", "RPC-07", "MSG-11"})
  void callReachesTheCalleeAndItsYieldTheCaller(int calleeLane) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(calleeLane);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add',[1,null],{'k':{}}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},[1,null],{'k':{}}]");
      bob.says("[70,1,{},[],{'sum':3}]");
      assertThat(alice.hears()).containsExactly("[50,1,{},[],{'sum':3}]");
    }
  }

  @Test
  @Conformance({"RPC-08", "RPC-14"})
  void errorOfTheCalleeReachesTheCallerAsItIs() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add',['in']]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},['in']]");
      bob.says("[8,68,1,{'message':'no'},'my.own.error',['a'],{'k':1}]");
      assertThat(alice.hears()).containsExactly("[8,48,1,{},'my.own.error',['a'],{'k':1}]");
    }
  }

  /**
   * The end of a registration has not come from its node yet, nor will it: that cannot be reached.
   */
  @Test
  void registrationThatCannotServeDoesNotHideTheOneBehindIt() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.registers("com.add");
      NodeId lost = new NodeId("lost", 9);
      Resource resource = new Resource(World.REALM, MatchPolicy.EXACT, "com.add");
      Callee ended = new Callee(lost, 0, 900, 0, false, false);
      RoutingTables tables = world.nodes.get(0).tables;
      tables.apply(
          lost, new RegistryChange.CalleeAdded(resource, 77, InvocationPolicy.SINGLE, ended));
      alice.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]");
      tables.apply(lost, new RegistryChange.CalleeRemoved(resource, 77, ended));
    }
  }

  @Test
  @Conformance({"RPC-05", "RPC-09", "QRK-14"})
  void callOfAnUnknownProcedureFailsWithAnExplanation() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.calls("com.missing");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.no_such_procedure',['nobody has registered com.missing']]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"com..add", "", "com.a b"})
  void invalidProcedureIsRefused(String procedure) {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.calls(procedure);
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.invalid_uri',['not a valid procedure URI']]");
    }
  }

  @Test
  void callOfAReservedProcedureNeverReachesAClientsPattern() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.registers("", "'match':'prefix'");
      alice.calls("wamp.session.count");
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.no_such_procedure'");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-10")
  void callsAreAnsweredInAnyOrder() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add',['a']]");
      alice.says("[48,2,{},'com.add',['b']]");
      alice.says("[48,3,{},'com.add',['c']]");
      assertThat(bob.hears())
          .containsExactly("[68,1,1,{},['a']]", "[68,2,1,{},['b']]", "[68,3,1,{},['c']]");
      bob.says("[70,3,{},['C']]");
      bob.says("[70,1,{},['A']]");
      bob.says("[70,2,{},['B']]");
      assertThat(alice.hears())
          .containsExactly("[50,3,{},['C']]", "[50,1,{},['A']]", "[50,2,{},['B']]");
    }
  }

  @Test
  @Conformance({"RPC-11", "RPC-12", "QRK-05"})
  void secondAnswerIsDiscardedAndOneThatNobodyAskedForEndsTheSession() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      bob.says("[70,1,{}]");
      bob.says("[70,1,{}]");
      bob.says("[8,68,1,{},'com.error']");
      assertThat(alice.hears()).containsExactly("[50,1,{}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      assertThat(world.dropped(RouterMetrics.Drop.LATE_ANSWER)).isEqualTo(2);
      bob.says("[70,2,{}]");
      assertThat(bob.hears()).containsExactly("ABORT no invocation 2 was sent to this session");
    }
  }

  /** The ways in which a call may be over while its callee still works on it. */
  @ParameterizedTest
  @ValueSource(strings = {"skip", "killnowait", "timeout", "caller gone"})
  @Conformance("RPC-12")
  void answerToACallThatIsOverIsDiscarded(String end) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      for (int i = 1; i <= 2; i++) {
        alice.says("[48," + i + ",{'timeout':100},'com.add']");
      }
      switch (end) {
        case "timeout" -> world.advance(Duration.ofMillis(100));
        case "caller gone" -> alice.leave();
        default -> {
          alice.says("[49,1,{'mode':'" + end + "'}]");
          alice.says("[49,2,{'mode':'" + end + "'}]");
        }
      }
      alice.hears();
      bob.hears();
      bob.says("[70,1,{}]");
      bob.says("[8,68,2,{},'com.error']");
      assertThat(alice.hears()).isEmpty();
      assertThat(bob.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.LATE_ANSWER)).isEqualTo(2);
    }
  }

  @Test
  void answerToAnInvocationThatNeverWasAborts() {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).containsExactly("ABORT no invocation 1 was sent to this session");
      TestClient carol = world.join(0);
      carol.says("[8,68,7,{},'com.error']");
      assertThat(carol.hears()).containsExactly("ABORT no invocation 7 was sent to this session");
    }
  }

  @Test
  @Conformance({"RPC-13", "ID-05"})
  void calleesCountTheirInvocationsEachForItself() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      TestClient carol = world.join(0);
      bob.registers("com.b");
      carol.registers("com.c");
      alice.calls("com.b");
      alice.calls("com.c");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      assertThat(carol.hears()).containsExactly("[68,1,2,{}]");
      carol.says("[70,1,{},['carol']]");
      assertThat(alice.hears()).containsExactly("[50,2,{},['carol']]");
    }
  }

  @Test
  @Conformance("RPC-15")
  void sessionCallsItself() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.registers("com.add");
      alice.says("[48,2,{},'com.add',[1]]");
      alice.says("[70,1,{},[2]]");
      assertThat(alice.hears()).containsExactly("[68,1,1,{},[1]]", "[50,2,{},[2]]");
    }
  }

  @Test
  void sessionThatCallsItselfMayEndInBetween() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.registers("com.add");
      alice.calls("com.add");
      alice.leave();
      assertThat(alice.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  @Conformance("MSG-04")
  void errorOfAClientConcernsInvocationsOnly() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[8,48,1,{},'com.error']");
      assertThat(alice.hears()).singleElement().asString().startsWith("ABORT ");
    }
  }

  @Test
  void requestIdOfACallUnderWayIsNotUsedAgain() {
    try (World world = new World(1, realm -> realm.strictRequestIds = false)) {
      TestClient alice = world.join(0);
      world.join(0).registers("com.add");
      alice.says("[48,1,{},'com.add']");
      alice.says("[48,1,{},'com.add']");
      assertThat(alice.hears()).containsExactly("ABORT call 1 is still under way");
    }
  }

  @Test
  @Conformance("TR-04")
  void payloadTooLongForEitherSideFailsTheCall() {
    try (World world = new World(2)) {
      String big = "['" + "x".repeat(300) + "']";
      TestClient alice = world.join(0, client -> client.maxLength = 200);
      TestClient bob = world.join(1, client -> client.maxLength = 200);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add'," + big + "]");
      assertThat(bob.hears()).isEmpty();
      alice.says("[48,2,{},'com.add']");
      bob.says("[70,1,{}," + big + "]");
      alice.says("[48,3,{},'com.add']");
      bob.says("[8,68,2,{},'com.error'," + big + "]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]", "[68,2,1,{}]");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.payload_size_exceeded',['the arguments cannot be delivered to"
                  + " the callee']]",
              "[8,48,2,{},'wamp.error.payload_size_exceeded',['the result cannot be delivered to"
                  + " the caller']]",
              "[8,48,3,{},'wamp.error.payload_size_exceeded',['the error cannot be delivered to the"
                  + " caller']]");
    }
  }

  /** An explanation may quote a URI that is longer than what the client takes (RS-07). */
  @Test
  void requestIsAnsweredWithoutAWordWhereTheExplanationIsTooLong() {
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) ->
                        what == Action.CALL ? Decision.ALLOWED : Decision.DENIED)) {
      TestClient alice = world.join(0, client -> client.maxLength = 1 << 10);
      String uri = "com." + "x".repeat(1_000);
      alice.says("[48,1,{},'" + uri + "']");
      alice.says("[64,2,{},'" + uri + "']");
      alice.says("[32,3,{},'" + uri + "']");
      alice.says("[16,4,{'acknowledge':true},'" + uri + "']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.no_such_procedure']",
              "[8,64,2,{},'wamp.error.not_authorized']",
              "[8,32,3,{},'wamp.error.not_authorized']",
              "[8,16,4,{},'wamp.error.not_authorized']");
    }
  }

  @Test
  @Conformance("SER-09")
  void payloadThatJsonCannotCarryFailsTheCall() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says(Untranslatable.call(1, "com.add"));
      assertThat(bob.hears()).isEmpty();
      alice.says("[48,2,{},'com.add']");
      bob.says(Untranslatable.yielding(1, Options.EMPTY));
      alice.says("[48,3,{},'com.add']");
      bob.says(Untranslatable.error(2));
      assertThat(alice.hears())
          .extracting(heard -> heard.substring(0, heard.indexOf(",['")))
          .containsExactly(
              "[8,48,1,{},'wamp.error.invalid_argument'",
              "[8,48,2,{},'wamp.error.invalid_argument'",
              "[8,48,3,{},'wamp.error.invalid_argument'");
    }
  }

  @Test
  @Conformance("SER-06")
  void callerAndCalleeSpeakDifferentSerializers() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.serializer = Serializer.MSGPACK);
      TestClient bob = world.join(1, client -> client.serializer = Serializer.CBOR);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add',[1.5,'ü']]");
      bob.says("[70,1,{},[9007199254740993]]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},[1.5,'ü']]");
      assertThat(alice.hears()).containsExactly("[50,1,{},[9007199254740993]]");
    }
  }
}
