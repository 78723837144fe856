package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Principal;
import io.tandem.node.local.LocalClient;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of calls and publications to who collects traces, and what clients hear of that. */
class TracedMessagesTest {

  private static final String TRACED = "'_traceparent':'alice','_tracestate':'a=1'";

  private final ToldSteps tracing = new ToldSteps();
  private final World world = new World(2, 2, 1, realm -> realm.tracing = tracing);
  private final TestClient alice = world.join(0);
  private final TestClient bob = world.join(world.nodes.get(1), 1, client -> {});

  private void calls() {
    bob.registers("com.add");
    alice.says("[48,1,{" + TRACED + "},'com.add',[1]]");
  }

  @Test
  void callIsToldAndItsInvocationBelowItOnTheOtherNode() {
    try (world) {
      calls();
      assertThat(bob.hears()).containsExactly("[68,1,1,{'_traceparent':'step-2'},[1]]");
      assertThat(tracing.told())
          .containsExactly(
              "1 in alice: CALL com.add by 101", "2 in step-1: INVOCATION com.add by 102");
      bob.says("[70,1,{},[2]]");
      assertThat(alice.hears()).containsExactly("[50,1,{},[2]]");
      assertThat(tracing.told())
          .containsExactly(
              "1 in alice: CALL com.add by 101, ended",
              "2 in step-1: INVOCATION com.add by 102, ended");
    }
  }

  @Test
  void progressEndsNothing() {
    try (world) {
      bob.registers("com.add");
      alice.says("[48,1,{" + TRACED + ",'receive_progress':true},'com.add']");
      bob.says("[70,1,{'progress':true},[1]]");
      assertThat(tracing.told()).noneMatch(step -> step.contains("ended"));
      bob.says("[70,1,{}]");
      assertThat(tracing.told())
          .allMatch(step -> step.endsWith("2, ended") || step.endsWith("1, ended"));
    }
  }

  @Test
  void errorOfTheCalleeEndsBoth() {
    try (world) {
      calls();
      bob.says("[8,68,1,{},'com.error.sold_out']");
      assertThat(tracing.told())
          .containsExactly(
              "1 in alice: CALL com.add by 101, ended com.error.sold_out",
              "2 in step-1: INVOCATION com.add by 102, ended com.error.sold_out");
    }
  }

  @Test
  void callThatIsCanceledEndsOnce() {
    try (world) {
      calls();
      alice.says("[49,1,{'mode':'skip'}]");
      bob.says("[70,1,{}]");
      assertThat(tracing.told())
          .hasSize(2)
          .startsWith("1 in alice: CALL com.add by 101, ended wamp.error.canceled")
          .last()
          .asString()
          .startsWith("2 in step-1: INVOCATION com.add by 102, ended");
    }
  }

  @Test
  void calleeThatLeavesEndsBoth() {
    try (world) {
      calls();
      bob.leave();
      assertThat(tracing.told())
          .allMatch(step -> step.matches(".* by 10[12], ended wamp\\.error\\.canceled"));
    }
  }

  @Test
  void callOfNothingEndsWithItsError() {
    try (world) {
      alice.says("[48,1,{" + TRACED + "},'com.nothing']");
      assertThat(tracing.told())
          .containsExactly(
              "1 in alice: CALL com.nothing by 101, ended wamp.error.no_such_procedure");
    }
  }

  @Test
  void publicationIsToldAndWhatEachLaneDoesForItBelowIt() {
    try (world) {
      TestClient carol = world.join(1);
      bob.subscribes("com.news");
      carol.subscribes("com.news");
      alice.says("[16,1,{" + TRACED + "},'com.news',['x']]");

      assertThat(bob.hears()).containsExactly("[36,1,P1,{'_traceparent':'step-1'},['x']]");
      assertThat(carol.hears()).containsExactly("[36,1,P1,{'_traceparent':'step-1'},['x']]");
      assertThat(tracing.told())
          .containsExactlyInAnyOrder(
              "1 in alice: PUBLISH com.news by 101, ended",
              "2 in step-1: EVENT com.news by 0, ended",
              "3 in step-1: EVENT com.news by 0, ended");
    }
  }

  @Test
  void whatIsKeptHasNoContext() {
    try (world) {
      alice.says("[16,1,{" + TRACED + ",'retain':true},'com.news',['x']]");
      bob.says("[32,1,{'get_retained':true},'com.news']");
      assertThat(bob.hears()).containsExactly("[33,1,1]", "[36,1,P1,{'retained':true},['x']]");
      world.advance(Duration.ofSeconds(3));
    }
  }

  /** The router has a session of its own for the meta API, and calls and publishes with it. */
  @Test
  void whatTheRouterItselfSaysIsNotTold() {
    try (world) {
      world.serveMeta();
      tracing.begins = true;
      bob.subscribes("wamp.session.on_join");
      world.join(0);
      assertThat(bob.hears()).hasSize(1);
      assertThat(tracing.told()).isEmpty();
    }
  }

  @Test
  void whatTheRouterItselfCallsIsNotTold() {
    try (world) {
      tracing.begins = true;
      bob.registers("com.add");
      Lane lane = world.nodes.get(0).lanes.get(0);
      Principal who = new Principal(World.REALM, "inside", "service", "local", "node", null);
      CompletionStage<LocalClient> joining = LocalClient.joinAsRouter(lane, who);
      world.turns.runAll();
      LocalClient client = joining.toCompletableFuture().join();
      lane.execute(() -> client.call("com.add", Options.EMPTY, Payload.EMPTY));
      world.stirred();
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      bob.says("[70,1,{}]");
      assertThat(tracing.told()).isEmpty();
      lane.execute(client::leave);
      world.stirred();
    }
  }

  @Test
  void traceThatTheRouterBeginsGoesOnToTheOthers() {
    try (world) {
      tracing.begins = true;
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{'_traceparent':'step-2'}]");
      assertThat(tracing.told())
          .containsExactly(
              "1 in nobody: CALL com.add by 101", "2 in step-1: INVOCATION com.add by 102");
    }
  }

  @Test
  void messagesWithoutATraceHaveNoneAndCarryNone() {
    try (world) {
      bob.registers("com.add");
      bob.subscribes("com.news");
      alice.says("[48,1,{},'com.add']");
      alice.says("[16,2,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]", "[36,2,P1,{}]");
      assertThat(tracing.told()).isEmpty();
    }
  }

  /**
   * With and without somebody who collects: another system's key is none of the router's business.
   */
  @ParameterizedTest
  @ValueSource(strings = {"5", "null", "[1]", "{'a':'b'}", "true"})
  @Conformance({"MSG-05", "MSG-06"})
  void keyWithAValueOfAnotherSystemEndsNoSessionAndGoesNoFurther(String value) {
    for (World world : List.of(this.world, new World(2, 2, 1, realm -> {}))) {
      try (world) {
        TestClient caller = world.join(0);
        TestClient callee = world.join(world.nodes.get(1), 1, client -> {});
        callee.registers("com.add");
        callee.subscribes("com.news");
        String keys = "'_traceparent':" + value + ",'_tracestate':" + value;
        caller.says("[48,1,{" + keys + ",'_sticky_key':" + value + "},'com.add']");
        caller.says("[16,2,{" + keys + "},'com.news']");
        assertThat(callee.hears()).containsExactly("[68,1,1,{}]", "[36,2,P1,{}]");
        callee.says("[70,1,{" + keys + "},['sum']]");
        assertThat(caller.hears()).containsExactly("[50,1,{},['sum']]");
      }
    }
    assertThat(tracing.told()).isEmpty();
  }

  /** The context of a client that traces stays with its node where that does not. */
  @Test
  @Conformance("MSG-06")
  void whereNobodyTracesTheRouterAddsNothingAndPassesNothingOn() {
    try (world;
        World untraced = new World(2, 2, 1, realm -> {})) {
      TestClient caller = untraced.join(0);
      TestClient callee = untraced.join(untraced.nodes.get(1), 1, client -> {});
      callee.registers("com.add");
      callee.subscribes("com.news");
      caller.says("[48,1,{" + TRACED + "},'com.add']");
      caller.says("[16,2,{" + TRACED + "},'com.news']");
      assertThat(callee.hears()).containsExactly("[68,1,1,{}]", "[36,2,P1,{}]");
    }
  }
}
