package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCount;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.List;

/** What must hold of a life. */
final class LifeInvariants {

  /** The window, room for answers and cancels, and the control stream's bound. */
  private static final long MAY_BE_KEPT =
      VirtualLife.LINKS.windowOctets() + 3L * 512 * 1_000 + (1 << 20);

  private final VirtualLife life;

  LifeInvariants(VirtualLife life) {
    this.life = life;
  }

  /** What must hold of a running life at every step; looked at often. */
  void check() {
    if (life.dead || life.frozen || life.otherNodes == null) {
      return;
    }
    for (Link link : life.otherNodes().links()) {
      if (link.octetsKept() > MAY_BE_KEPT) {
        throw new AssertionError(
            life.id + " keeps " + link.octetsKept() + " for " + link.otherNode());
      }
    }
    for (LinkCount never :
        List.of(
            LinkCount.MALFORMED,
            LinkCount.EVENT_SHED,
            LinkCount.CALL_NO_CREDIT,
            LinkCount.CALL_TOO_MANY,
            LinkCount.RESULT_REPLACED,
            LinkCount.UNKNOWN_ITEM)) {
      if (life.counts.get(never) != 0) {
        throw new AssertionError(life.id + " counts " + never);
      }
    }
    if (life.router.metrics().drops(RouterMetrics.Drop.EVENT_LANE_FULL).sum() != 0) {
      throw new AssertionError(life.id + " has a lane without room");
    }
    long second = Duration.ofSeconds(1).toNanos();
    for (ClusterClient client : life.cluster.clientsOf(life)) {
      for (PendingCall call : client.session().calls.values()) {
        // One that waits for its turn has no callee yet.
        NodeId callee = call.callee == null ? life.id : call.callee.node();
        if (!callee.equals(life.id)) {
          Overheard.Ear ear = life.ear(callee);
          long since = Math.max(ear.closedTime, life.thawedAt);
          if (!ear.open && ear.closedAt != 0 && life.cluster.time.now() - since > second) {
            throw new AssertionError(
                client + " still waits for " + callee + ", which is lost (A1)");
          }
        }
      }
    }
    life.gone.forEach(
        (gone, when) -> {
          if (!life.over
              && life.cluster.time.now() - Math.max(when, life.thawedAt) > second
              && life.tables.slice(gone).hasNext()) {
            throw new AssertionError(
                life.id
                    + " still knows of "
                    + life.tables.slice(gone).next()
                    + " of "
                    + gone
                    + " (G1)");
          }
        });
  }

  /** Its clients have left, and so has everything that was kept for them. */
  void checkNothingIsLeft() {
    assertThat(life.sharedOpen).as("shared messages left open").hasValue(0);
    assertThat(life.registry).extracting("wishes.busy", MAP).isEmpty();
    assertThat(life.registry).extracting("interests", MAP).isEmpty();
    assertThat(life.log).extracting("waiting", MAP).isEmpty();
    for (RealmSettings realm : life.cluster.realms) {
      assertThat(life.tables.realm(realm.name()).subscriptionCount())
          .as("in tables of %s", life.id)
          .isZero();
      assertThat(life.tables.realm(realm.name()).registrationCount())
          .as("in tables of %s", life.id)
          .isZero();
    }
    for (Lane lane : life.lanes) {
      assertThat(lane.pending()).isZero();
      assertThat(lane.sessions()).isZero();
      assertThat(lane.mailbox()).extracting("deliveries").asString().isEqualTo("[]");
      assertThat(lane.mailbox()).extracting("held").asString().isEqualTo("[]");
    }
    for (Link link : life.otherNodes().links()) {
      assertThat(link.callsUnderWay()).as("calls under way").isZero();
      assertThat(link.isDelivered()).as("delivered").isTrue();
      assertThat(link.creditLeft()).as("credit").isEqualTo(VirtualLife.LINKS.windowOctets());
    }
  }
}
