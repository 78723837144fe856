package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Offered;
import io.tandem.node.auth.Principal;
import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The router's own sessions of different lanes and nodes call each other, and nobody else does. */
class LaneProceduresTest {

  private static final String NAME = "example";

  private final World world = new World(2, 2, 1, realm -> {});
  private final List<Runnable> leaving = new ArrayList<>();

  @AfterEach
  void leave() {
    leaving.forEach(Runnable::run);
    world.turns.runAll();
    world.close();
  }

  private LocalClient ofRouter(LaneAddress at) {
    Lane lane = node(at).lanes.get(at.lane());
    Principal who = new Principal(World.REALM, "tandem", "router", "local", "node", null);
    CompletableFuture<LocalClient> joined =
        LocalClient.joinAsRouter(lane, who).toCompletableFuture();
    world.turns.runAll();
    LocalClient client = joined.join();
    lane.execute(
        () ->
            client.register(
                LaneProcedure.offer(NAME),
                Options.EMPTY,
                call -> CompletableFuture.completedFuture(payload(call.payload(), at))));
    leaving.add(() -> lane.execute(client::leave));
    world.turns.runAll();
    return client;
  }

  private static Payload payload(Payload args, LaneAddress at) {
    return Payload.encode(
        Serializer.JSON, List.of(args.args(), at.node().name(), at.lane()), Map.of());
  }

  private TestNode node(LaneAddress lane) {
    return world.nodes.stream().filter(it -> it.id.equals(lane.node())).findAny().orElseThrow();
  }

  private LaneAddress lane(String node, int lane) {
    return new LaneAddress(world.nodes.get(node.charAt(0) - 'A').id, lane);
  }

  private CompletableFuture<Payload> calls(LocalClient client, LaneAddress from, String uri) {
    CompletableFuture<Payload> answer = new CompletableFuture<>();
    Options options = Options.of(Keys.TIMEOUT, 1_000L);
    Payload args = Payload.encode(Serializer.JSON, List.of("x"), Map.of());
    node(from)
        .lanes
        .get(from.lane())
        .execute(
            () ->
                client
                    .call(uri, options, args)
                    .whenComplete(
                        (value, failure) -> {
                          if (failure == null) {
                            answer.complete(value);
                          } else {
                            answer.completeExceptionally(failure);
                          }
                        }));
    world.stirred();
    return answer;
  }

  @ParameterizedTest
  @CsvSource({"A,0", "A,1", "B,0", "B,1"})
  void eachLaneOfEachNodeIsCalled(String node, int lane) {
    LaneAddress here = lane("A", 0);
    LaneAddress there = lane(node, lane);
    LocalClient caller = ofRouter(here);
    if (!there.equals(here)) {
      ofRouter(there);
    }
    CompletableFuture<Payload> answer = calls(caller, here, LaneProcedure.on(there, NAME));
    assertThat(answer.join().args()).isEqualTo(List.of(List.of("x"), node, (long) lane));
  }

  @Test
  void noClientCallsThemByWhateverName() {
    LaneAddress here = lane("A", 0);
    ofRouter(here);
    TestClient mallory = world.join(0);
    mallory.says("[48,1,{},'" + LaneProcedure.on(here, NAME) + "']");
    mallory.says("[48,2,{'procedure':'x'},'" + LaneProcedure.offer(NAME) + "']");
    assertThat(mallory.hears())
        .hasSize(2)
        .allSatisfy(it -> assertThat(it).contains("'wamp.error.no_such_procedure'"));
  }

  @ParameterizedTest
  @CsvSource({"wamp.tandem.lane.66", "wamp.tandem.lane.66.0", "wamp.tandem.lane.x.0.example"})
  void aCallThatNamesNoLaneIsToNothing(String uri) {
    LaneAddress here = lane("A", 0);
    LocalClient caller = ofRouter(here);
    assertFails(calls(caller, here, uri), "wamp.error.no_such_procedure");
  }

  @Test
  void aNodeThatIsNotThereIsNotCalled() {
    LaneAddress here = lane("A", 0);
    LocalClient caller = ofRouter(here);
    String gone = LaneProcedure.on(new LaneAddress(new NodeId("C", 3), 0), NAME);
    assertFails(calls(caller, here, gone), "wamp.error.no_such_procedure");
    node(here).offered = Offered.UNREACHABLE;
    String away = LaneProcedure.on(lane("B", 0), NAME);
    assertFails(calls(caller, here, away), "wamp.error.network_failure");
  }

  @Test
  void aLaneThatDoesNotOfferItFailsTheCall() {
    LaneAddress here = lane("A", 0);
    LocalClient caller = ofRouter(here);
    String silent = LaneProcedure.on(lane("B", 1), NAME);
    CompletableFuture<Payload> answer = calls(caller, here, silent);
    world.advance(Duration.ofSeconds(1));
    assertThat(answer).isCompletedExceptionally();
  }

  private static void assertFails(CompletableFuture<Payload> call, String error) {
    assertThatThrownBy(call::join)
        .cause()
        .isInstanceOfSatisfying(
            WampFailure.class, failure -> assertThat(failure.error()).isEqualTo(error));
  }
}
