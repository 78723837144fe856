package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code of the node that speaks WAMP is a session like any other. */
class LocalClientTest {

  private static final Options NONE = Options.EMPTY;
  private static final Options ACKNOWLEDGED = Options.of(Keys.ACKNOWLEDGE, true);

  /** A client inside a node, and what the lane is asked to do for it. */
  private static final class Inside {
    final World world;
    final TestNode node;
    final Lane lane;
    final LocalClient client;
    final List<Object> heard = new ArrayList<>();

    Inside(World world, String node, int lane, boolean asRouter) {
      this.world = world;
      this.node = world.nodes.get(node.charAt(0) - 'A');
      this.lane = this.node.lanes.get(lane);
      Principal who = new Principal(World.REALM, "inside", "service", "local", "node", null);
      CompletionStage<LocalClient> joined =
          asRouter ? LocalClient.joinAsRouter(this.lane, who) : LocalClient.join(this.lane, who);
      world.turns.runAll();
      this.client = joined.toCompletableFuture().join();
    }

    <T extends @Nullable Object> CompletableFuture<T> does(
        Function<LocalClient, CompletionStage<T>> what) {
      CompletableFuture<T> outcome = new CompletableFuture<>();
      lane.execute(
          () ->
              what.apply(client)
                  .whenComplete(
                      (value, failure) -> {
                        if (failure == null) {
                          outcome.complete(value);
                        } else {
                          outcome.completeExceptionally(failure);
                        }
                      }));
      world.stirred();
      return outcome;
    }

    void subscribes(String topic) {
      does(it -> it.subscribe(topic, NONE, event -> heard.add(event.payload().args()))).join();
    }

    CompletableFuture<?> publishes(String topic, Options options, Object... args) {
      return does(it -> it.publish(topic, options, payload(args)));
    }

    void registers(String procedure, LocalClient.Procedure served) {
      does(it -> it.register(procedure, NONE, served)).join();
    }

    CompletableFuture<Payload> calls(String procedure, Object... args) {
      return does(it -> it.call(procedure, NONE, payload(args)));
    }

    void leaves() {
      does(LocalClient::leave);
    }
  }

  private static Payload payload(Object... args) {
    return Payload.encode(Serializer.JSON, List.of(args), Map.of());
  }

  private static Inside join(World world, String node, int lane) {
    return new Inside(world, node, lane, false);
  }

  private static World twoNodes() {
    return new World(2, 2, 1, realm -> {});
  }

  @ParameterizedTest
  @CsvSource({"A,0", "A,1", "B,0"})
  void itSubscribesAndPublishesWhereverTheOtherIs(String node, int lane) {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      Inside inside = join(world, node, lane);
      inside.subscribes("com.news");
      alice.says("[16,1,{},'com.news',['one']]");
      alice.says("[16,2,{},'com.news',['two']]");
      assertThat(inside.heard).containsExactly(List.of("one"), List.of("two"));

      alice.subscribes("com.answers");
      inside.publishes("com.answers", ACKNOWLEDGED, "heard").join();
      assertThat(alice.hears()).hasSize(1).first().asString().contains("['heard']");
      inside.leaves();
    }
  }

  @ParameterizedTest
  @CsvSource({"A,0", "A,1", "B,0"})
  void itCallsAndIsCalledWhereverTheOtherIs(String node, int lane) {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      Inside inside = join(world, node, lane);
      inside.registers(
          "com.add",
          call -> {
            List<?> args = call.payload().args();
            return CompletableFuture.completedFuture(
                payload((Long) args.get(0) + (Long) args.get(1)));
          });
      alice.says("[48,1,{},'com.add',[2,3]]");
      assertThat(alice.hears()).containsExactly("[50,1,{},[5]]");

      long registration = alice.registers("com.echo");
      CompletableFuture<Payload> answer = inside.calls("com.echo", "hi");
      assertThat(alice.hears()).containsExactly("[68,1," + registration + ",{},['hi']]");
      alice.says("[70,1,{},['hi back']]");
      assertThat(answer.join().args()).isEqualTo(List.of("hi back"));
      inside.leaves();
    }
  }

  @Test
  void errorsAreAnswersInBothDirections() {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      Inside inside = join(world, "B", 1);
      inside.registers(
          "com.refuses",
          call -> CompletableFuture.failedFuture(new WampFailure("com.no", "because")));
      inside.registers(
          "com.fails",
          call -> {
            throw new IllegalStateException("a secret");
          });
      alice.calls("com.refuses");
      alice.calls("com.fails");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'com.no',['because']]", "[8,48,2,{},'wamp.error.runtime_error']");

      assertThat(errorOf(inside.calls("com.nobody"))).isEqualTo("wamp.error.no_such_procedure");
      inside.leaves();
    }
  }

  private static String errorOf(CompletableFuture<?> failed) {
    assertThat(failed).isCompletedExceptionally();
    return failed.handle((value, failure) -> ((WampFailure) cause(failure)).error()).join();
  }

  private static Throwable cause(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  @Test
  void itHasTheRightsOfItsRoleAndTheLimitsOfTheRealm() {
    try (World world =
        new World(
            1,
            2,
            1,
            realm -> {
              realm.maxSubscriptions = 1;
              realm.authorizer =
                  (who, action, uri, match) ->
                      uri.startsWith("com.secret") && who.authrole().equals("service")
                          ? Decision.DENIED
                          : Decision.ALLOWED;
            })) {
      Inside inside = join(world, "A", 1);
      assertThat(errorOf(inside.calls("com.secret"))).isEqualTo("wamp.error.not_authorized");
      assertThat(errorOf(inside.publishes("com.secret", ACKNOWLEDGED)))
          .isEqualTo("wamp.error.not_authorized");
      inside.subscribes("com.first");
      assertThat(errorOf(inside.does(it -> it.subscribe("com.second", NONE, event -> {}))))
          .isEqualTo("wamp.error.not_authorized");
      assertThat(errorOf(inside.publishes("wamp.session.on_join", ACKNOWLEDGED)))
          .as("of a session that is not the router's")
          .isEqualTo("wamp.error.invalid_uri");
      inside.leaves();
    }
  }

  /** What an authorizer decides later holds up what is said behind it, and nothing else. */
  @Test
  void whatItSaysKeepsItsOrderBehindADecisionThatComesLater() {
    CompletableFuture<Decision> decision = new CompletableFuture<>();
    try (World world =
        new World(
            1,
            2,
            1,
            realm ->
                realm.authorizer =
                    (who, action, uri, match) ->
                        uri.equals("com.late") ? new Answer.Later(decision) : Decision.ALLOWED)) {
      TestClient alice = world.join(0);
      alice.subscribes("com.", "prefix");
      Inside inside = join(world, "A", 1);
      inside.publishes("com.late", NONE, 1);
      CompletableFuture<?> second = inside.publishes("com.soon", NONE, 2);
      assertThat(alice.hears()).isEmpty();
      assertThat(second).isNotDone();
      decision.complete(Decision.ALLOWED);
      world.stirred();
      assertThat(second).isDone();
      assertThat(alice.hears())
          .satisfiesExactly(
              first -> assertThat(first).contains("[1]"), next -> assertThat(next).contains("[2]"));
      inside.leaves();
    }
  }

  /** Its handlers run in turns of its own; what waits for them is bounded, and it is counted. */
  @Test
  void eventsBeyondWhatMayWaitForItAreDroppedAndCallsRefused() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      Inside inside = join(world, "A", 0);
      inside.subscribes("com.news");
      inside.registers("com.ask", call -> CompletableFuture.completedFuture(payload("here")));
      world.pause();
      String half = "x".repeat(300 << 10);
      for (int i = 0; i < 5; i++) {
        alice.says("[16," + alice.next() + ",{},'com.news',['" + half + "']]");
      }
      alice.calls("com.ask");
      // One turn: all that alice has said is treated before the client inside looks.
      for (int i = 0; i < 6; i++) {
        world.turns.step(alice.node.laneName(0));
      }
      assertThat(world.dropped(RouterMetrics.Drop.EVENT_RECEIVER_FULL)).isEqualTo(1);
      world.resume();
      assertThat(inside.heard).hasSize(4);
      assertThat(alice.hears())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("[8,48,6,{},'wamp.error.network_failure'");
      inside.leaves();
    }
  }

  @Test
  void whoseSessionIsOverHearsOfNothingAndIsAnsweredThatItIsOver() {
    try (World world = twoNodes()) {
      TestClient alice = world.join(0);
      Inside inside = join(world, "B", 0);
      inside.subscribes("com.news");
      alice.registers("com.slow");
      CompletableFuture<Payload> open = inside.calls("com.slow");
      inside.leaves();
      assertThat(errorOf(open)).isEqualTo("wamp.close.normal");
      assertThat(errorOf(inside.calls("com.slow"))).isEqualTo("wamp.close.normal");
      alice.says("[16,2,{},'com.news']");
      assertThat(inside.heard).isEmpty();
      alice.hears();
    }
  }

  /** Each lane answers its own callers: no other lane and no other node hears of the call. */
  @Test
  void reservedProceduresAreServedByTheRoutersOwnClientOnTheCallersLane() {
    try (World world = twoNodes()) {
      Inside here = new Inside(world, "A", 0, true);
      Inside there = new Inside(world, "A", 1, true);
      here.registers("wamp.test", call -> CompletableFuture.completedFuture(payload("on lane 0")));
      there.registers("wamp.test", call -> CompletableFuture.completedFuture(payload("on lane 1")));
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(world.nodes.get(1), 0, client -> {});
      carol.registers("wam", "'match':'prefix'");
      alice.calls("wamp.test");
      bob.calls("wamp.test");
      carol.calls("wamp.test");
      assertThat(alice.hears()).containsExactly("[50,1,{},['on lane 0']]");
      assertThat(bob.hears()).containsExactly("[50,1,{},['on lane 1']]");
      assertThat(carol.hears())
          .hasSize(1)
          .first()
          .asString()
          .contains("wamp.error.no_such_procedure");
      assertThat(errorOf(here.does(it -> it.register("wamp.test", NONE, call -> null))))
          .isEqualTo("wamp.error.procedure_already_exists");
      here.leaves();
      alice.calls("wamp.test");
      assertThat(alice.hears())
          .hasSize(1)
          .first()
          .asString()
          .contains("wamp.error.no_such_procedure");
      there.leaves();
    }
  }

  @Test
  void theRoutersOwnSessionsAreNotAmongThoseOfTheRealm() {
    try (World world = new World(1)) {
      Inside router = new Inside(world, "A", 0, true);
      assertThat(router.lane.sessions()).isZero();
      assertThat(world.directory).isEmpty();
      Inside service = join(world, "A", 0);
      assertThat(service.lane.sessions()).isEqualTo(1);
      assertThat(world.directory).containsOnlyKeys(service.client.session());
      service.leaves();
      router.leaves();
    }
  }

  @Test
  void realmThatTheNodeDoesNotServeCannotBeJoined() {
    try (World world = new World(1)) {
      Principal who = new Principal("elsewhere", "inside", "service", "local", "node", null);
      Lane lane = world.nodes.get(0).lanes.get(0);
      assertThatThrownBy(() -> LocalClient.join(lane, who))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
