package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.ClusterState;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.InternalPartitionService;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
import io.tandem.registry.testaments.Testator;
import io.tandem.registry.testaments.Will;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A will that is answered outlives its node, also where one had died just before. */
class OutlivingTest {

  private static final String WILLS = "tandem.wills";

  /** Enough for some in each part of the record. */
  private static final long SESSIONS = 1_000;

  private static final NodeId HEIR = new NodeId("heir", 1);
  private static final NodeId DOOMED = new NodeId("doomed", 2);

  private final Grid grid = new Grid();

  @AfterEach
  void end() {
    grid.close();
  }

  @Test
  @Conformance("PS-TEST-10")
  void aWillIsNotAnsweredBeforeTwoMembersHaveIt() {
    HazelcastInstance heir = grid.member();
    HazelcastInstance doomed = grid.member();
    HazelcastInstance former = grid.member();
    await(wills(HEIR, heir).keep(will(0)));
    Patience.until("all has its copy", heir.getPartitionService()::isClusterSafe);
    inState(heir, ClusterState.NO_MIGRATION);
    Grid.kill(former);
    Patience.until("what it had is another's", () -> isWhole(heir) && isWhole(doomed));

    HazelcastWills wills = wills(DOOMED, doomed);
    Map<Long, CompletableFuture<?>> alone = new TreeMap<>();
    Map<Long, CompletableFuture<?>> copied = new TreeMap<>();
    for (long session = 1; session <= SESSIONS; session++) {
      (hasCopy(doomed, session) ? copied : alone)
          .put(session, wills.keep(will(session)).toCompletableFuture());
    }
    copied.values().forEach(Grid::await);
    assertThat(alone.values()).isNotEmpty().noneMatch(CompletableFuture::isDone);

    inState(heir, ClusterState.ACTIVE);
    alone.values().forEach(Grid::await);
    Grid.kill(doomed);
    Patience.until("it is gone", () -> members(heir) == 1);
    Collection<Long> inherited = new ConcurrentLinkedQueue<>();
    await(
        wills(HEIR, heir)
            .free(
                DOOMED::equals,
                will -> {
                  inherited.add(will.testator().session());
                  return CompletableFuture.completedFuture(null);
                }));
    assertThat(inherited).hasSize((int) SESSIONS).doesNotHaveDuplicates();
  }

  @Test
  void whereThereIsNoOtherMemberAWillIsAnsweredAtOnce() {
    HazelcastInstance last = grid.member();
    HazelcastInstance former = grid.member();
    Grid.kill(former);
    Patience.until("it is gone", () -> members(last) == 1);
    await(wills(HEIR, last).keep(will(1)));
  }

  private static boolean hasCopy(HazelcastInstance member, long session) {
    int part =
        member.getPartitionService().getPartition(KeyFormat.ID.encode(session)).getPartitionId();
    MapProxyImpl<?, ?> map = (MapProxyImpl<?, ?>) member.<Object, Object>getMap(WILLS);
    InternalPartitionService parts =
        (InternalPartitionService) map.getNodeEngine().getPartitionService();
    return parts.getPartition(part).getReplicaAddress(1) != null;
  }

  /** Whether each part of the record belongs to one of two members. */
  private static boolean isWhole(HazelcastInstance member) {
    return members(member) == 2
        && member.getPartitionService().getPartitions().stream()
            .allMatch(part -> part.getOwner() != null);
  }

  private static int members(HazelcastInstance member) {
    return member.getCluster().getMembers().size();
  }

  /** Not while something moves. */
  private static void inState(HazelcastInstance member, ClusterState state) {
    Patience.until(
        "it is " + state,
        () -> {
          try {
            member.getCluster().changeClusterState(state);
            return true;
          } catch (IllegalStateException moving) {
            return false;
          }
        });
  }

  private static HazelcastWills wills(NodeId node, HazelcastInstance member) {
    return new HazelcastWills(
        node,
        new HazelcastRecordStore<>(
            new HazelcastOctetMap(member, WILLS, Histogram.ofTimes()),
            KeyFormat.ID,
            new WillFormat(),
            Patience.LIMIT,
            task -> new Thread(task).start()),
        member.getLifecycleService()::isRunning);
  }

  private static Will will(long session) {
    return Will.of(
        new Testator(session, "realm1", "joe", "user", "ticket", "static", true, Payload.EMPTY));
  }
}
