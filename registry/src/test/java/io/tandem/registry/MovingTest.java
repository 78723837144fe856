package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Procedures whose last callee went with its node: who calls them comes too early. */
class MovingTest {

  private static final NodeId SELF = new NodeId("A", 1);
  private static final NodeId B = new NodeId("B", 1);
  private static final NodeId C = new NodeId("C", 1);
  private static final Resource ADD = new Resource("realm1", MatchPolicy.EXACT, "com.add");
  private static final Resource ALL = new Resource("realm1", MatchPolicy.PREFIX, "com.b");

  private final RoutingTables tables = new RoutingTables(SELF);
  private final RealmRegistry realm = tables.realm("realm1");

  private void registers(NodeId node, Resource resource, long id) {
    tables.apply(
        node,
        new RegistryChange.CalleeAdded(resource, id, InvocationPolicy.ROUNDROBIN, callee(node)));
  }

  private void unregisters(NodeId node, Resource resource, long id) {
    tables.apply(node, new RegistryChange.CalleeRemoved(resource, id, callee(node)));
  }

  private static Callee callee(NodeId node) {
    return new Callee(node, 0, 7, 0, false, false);
  }

  @Test
  void whatANodeThatLeavesWithdrawsMoves() {
    registers(B, ADD, 1);
    registers(B, ALL, 2);
    assertThat(tables.isLeaving(B)).isFalse();
    tables.leaves(B);
    assertThat(tables.isLeaving(B)).isTrue();
    assertThat(tables.isLeaving(C)).isFalse();
    assertThat(realm.isMoving("com.add")).as("it is still there").isFalse();
    unregisters(B, ADD, 1);
    unregisters(B, ALL, 2);
    assertThat(realm.isMoving("com.add")).isTrue();
    assertThat(realm.isMoving("com.bee")).isTrue();
    assertThat(realm.isMoving("com.other")).isFalse();
    assertThat(tables.realm("realm2").isMoving("com.add")).isFalse();
  }

  @Test
  void whatANodeThatStaysWithdrawsIsGone() {
    registers(B, ADD, 1);
    tables.leaves(C);
    unregisters(B, ADD, 1);
    assertThat(realm.isMoving("com.add")).isFalse();
  }

  @Test
  void whatSomebodyElseStillOffersDoesNotMove() {
    registers(B, ADD, 1);
    registers(C, ADD, 1);
    tables.leaves(B);
    unregisters(B, ADD, 1);
    assertThat(realm.isMoving("com.add")).isFalse();
  }

  @Test
  void whatIsRegisteredElsewhereHasArrived() {
    registers(B, ADD, 1);
    tables.leaves(B);
    unregisters(B, ADD, 1);
    registers(C, ADD, 2);
    assertThat(realm.isMoving("com.add")).isFalse();
    unregisters(C, ADD, 2);
    assertThat(realm.isMoving("com.add")).isFalse();
  }

  @Test
  void whatHasNotArrivedInTimeIsGone() {
    registers(B, ADD, 1);
    registers(C, ALL, 2);
    tables.leaves(B);
    tables.leaves(C);
    unregisters(B, ADD, 1);
    unregisters(C, ALL, 2);
    tables.forget(B);
    assertThat(tables.isLeaving(B)).isFalse();
    assertThat(realm.isMoving("com.add")).isFalse();
    assertThat(realm.isMoving("com.bee")).as("of another node").isTrue();
    tables.forget(SELF);
    assertThat(realm.isMoving("com.bee")).isTrue();
  }

  /** A lane looks for a callee, then whether the procedure moves, then once more for a callee. */
  @Test
  void noLaneSeesAMomentInWhichItIsNeitherThereNorMoving() throws InterruptedException {
    registers(B, ADD, 1);
    tables.leaves(B);
    AtomicBoolean enough = new AtomicBoolean();
    Semaphore looks = new Semaphore(0);
    AtomicInteger lost = new AtomicInteger();
    Thread lane =
        new Thread(
            () -> {
              while (!enough.get()) {
                if (realm.procedure("com.add") == null
                    && !realm.isMoving("com.add")
                    && realm.procedure("com.add") == null) {
                  lost.incrementAndGet();
                }
                looks.release();
              }
            });
    lane.start();
    for (int i = 0; i < 2_000; i++) {
      unregisters(B, ADD, 1);
      untilItHasLooked(looks);
      registers(B, ADD, 1);
      untilItHasLooked(looks);
    }
    enough.set(true);
    lane.join();
    assertThat(lost).hasValue(0);
  }

  /** So that no look meets two changes. */
  private static void untilItHasLooked(Semaphore looks) {
    looks.drainPermits();
    looks.acquireUninterruptibly();
  }

  @Test
  void soManyMoveAndFurtherOnesAreGoneAtOnce() {
    Moving moving = new Moving();
    for (int i = 0; i < 65_536; i++) {
      moving.add(MatchPolicy.EXACT, "com.p" + i, B);
    }
    moving.add(MatchPolicy.EXACT, "com.further", B);
    assertThat(moving.contains("com.p65535")).isTrue();
    assertThat(moving.contains("com.further")).isFalse();
    moving.remove(MatchPolicy.EXACT, "com.p0");
    moving.add(MatchPolicy.EXACT, "com.further", B);
    assertThat(moving.contains("com.further")).isTrue();
  }
}
