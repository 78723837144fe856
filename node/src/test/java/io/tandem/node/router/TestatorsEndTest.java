package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.record.Freed;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.testaments.Testament;
import io.tandem.registry.testaments.Testator;
import io.tandem.registry.testaments.Will;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How sessions with testaments end, and what others hear of it in which order. */
class TestatorsEndTest extends Testators {

  @Test
  @Conformance("SES-18")
  void callsAreSettledThenTestamentsThenWhatWasHeldIsFreeThenOthersHearThatItLeft() {
    alice.registers("com.add");
    alice.subscribes("com.news");
    bob.subscribes("com.gone");
    bob.subscribes("wamp.", "prefix");
    bob.calls("com.add");
    alice.hears();
    bob.hears();
    does(alice, ADD, GONE);
    alice.leave();
    List<String> heard = bob.hears();
    assertThat(heard).hasSize(7);
    assertThat(heard.get(0)).contains("'wamp.error.canceled'");
    assertThat(heard.get(1)).doesNotContain("wamp");
    assertFreed(heard.subList(2, 6), "wamp.subscription.on_unsubscribe", "wamp.subscription.");
    assertFreed(heard.subList(2, 6), "wamp.registration.on_unregister", "wamp.registration.");
    assertThat(heard.get(6)).contains("on_leave");
    bob.says("[64," + bob.next() + ",{},'com.add']");
    assertThat(bob.hears()).first().asString().startsWith("[65,");
  }

  /** One of the two kinds of things; which of both is free first is nobody's business. */
  private static void assertFreed(List<String> heard, String first, String kind) {
    assertThat(heard)
        .filteredOn(event -> event.contains(kind))
        .satisfiesExactly(
            left -> assertThat(left).contains(first),
            last -> assertThat(last).contains(kind + "on_delete"));
  }

  @Test
  void whoseProceduresCannotBeWithdrawnHasNotLeft() {
    bob.subscribes("wamp.session.on_leave");
    alice.registers("com.add");
    world.turns.stop("store");
    alice.leave();
    assertThat(bob.hears()).isEmpty();
    world.turns.goOn("store");
    world.turns.runAll();
    assertThat(bob.hears()).hasSize(1);
  }

  @Test
  void whatASessionSaidItselfIsHeardBeforeItsTestament() {
    for (int i = 0; i < 40 * TestNode.SLICE; i++) {
      world.join(0).subscribes("com.", "prefix");
    }
    does(alice, ADD, GONE);
    world.pause();
    alice.says("[16," + alice.next() + ",{},'com.said']");
    alice.leave();
    world.resume();
    for (TestClient client : world.clients.subList(2, world.clients.size())) {
      assertThat(client.hears())
          .satisfiesExactly(
              said -> assertThat(said).contains("com.said"),
              testament -> assertThat(testament).contains("com.gone"));
    }
  }

  @Test
  void aSessionLeavesThoughItsWillCannotBeTaken() {
    bob.subscribes("com.gone");
    long leaves = bob.subscribes("wamp.session.on_leave");
    alice.registers("com.add");
    does(alice, ADD, GONE);
    world.turns.stop("wills");
    alice.leave();
    assertThat(bob.hears()).isEmpty();
    world.advance(Duration.ofSeconds(2));
    assertThat(bob.hears()).hasSize(1).first().asString().startsWith("[36," + leaves + ",");
    bob.registers("com.add");
    world.turns.goOn("wills");
    world.turns.runAll();
    assertThat(bob.hears()).as("late, and all the same").hasSize(1);
  }

  @Test
  void sessionsOfANodeThatIsGoneLeaveTheirTestamentsFirst() {
    bob.subscribes("com.gone");
    bob.subscribes("wamp.session.on_leave");
    Testator peter =
        new Testator(
            4711,
            World.REALM,
            "peter",
            "user",
            "test",
            "test",
            false,
            Payload.encode(Serializer.JSON, List.of(), Map.of("transport", Map.of("type", "x"))));
    Payload args = Payload.encode(Serializer.CBOR, List.of("peter"), Map.of());
    Will will =
        Will.of(peter)
            .with(
                new Testament(
                    Testament.Scope.DESTROYED, new Publish(1, Options.EMPTY, "com.gone", args)));
    TestNode heir = world.nodes.get(0);
    SessionDetails details =
        new SessionDetails(4711, World.REALM, "peter", "user", "test", "test", Map.of());
    heir.router
        .freed(new Freed.Inheritance(will))
        .thenAccept(done -> heir.router.freed(new Freed.Session(details)));
    world.stirred();
    assertThat(bob.hears())
        .containsExactly("[36,1,P1,{},['peter']]", "[36,2,P2,{},[4711,'peter','user']]");
  }

  /** The others have published it already, or are about to. */
  @Test
  void aLifeThatIsOverPublishesNoTestaments() {
    bob.subscribes("com.gone");
    does(alice, ADD, GONE);
    world.nodes.get(0).router.expire();
    alice.leave();
    assertThat(bob.hears()).isEmpty();
    world.wills.wills.clear();
  }
}
