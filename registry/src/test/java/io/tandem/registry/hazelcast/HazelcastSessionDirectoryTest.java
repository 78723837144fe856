package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
import io.tandem.registry.hazelcast.SessionFormat.SessionRecord;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sessions that the nodes of a cluster look up in its record. */
class HazelcastSessionDirectoryTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final AtomicInteger MAPS = new AtomicInteger();

  private static Grid grid;
  private static HazelcastInstance first;
  private static HazelcastInstance second;

  private final String map = "tandem.sessions-" + MAPS.incrementAndGet();
  private final HazelcastRecordStore<Long, SessionRecord> records = records(first);
  private final HazelcastSessionDirectory here = directory(A, first);
  private final HazelcastSessionDirectory there = directory(B, second);

  @BeforeAll
  static void join() {
    grid = new Grid();
    first = grid.member();
    second = grid.member();
  }

  @AfterAll
  static void end() {
    grid.close();
  }

  private HazelcastSessionDirectory directory(NodeId node, HazelcastInstance member) {
    return new HazelcastSessionDirectory(
        node, records(member), member.getLifecycleService()::isRunning);
  }

  private HazelcastRecordStore<Long, SessionRecord> records(HazelcastInstance member) {
    return new HazelcastRecordStore<>(
        new HazelcastOctetMap(member, map, Histogram.ofTimes()),
        KeyFormat.ID,
        new SessionFormat(),
        Patience.LIMIT,
        task -> new Thread(task).start());
  }

  private static SessionDetails session(long id) {
    return new SessionDetails(
        id, "realm1", "alice", "user", "ticket", "static", Map.of("type", "websocket"));
  }

  private static SessionDetails joined(HazelcastSessionDirectory directory) {
    SessionDetails session = session(await(directory.claim()));
    await(directory.enter(session));
    return session;
  }

  private static List<SessionDetails> all(HazelcastSessionDirectory directory) {
    List<SessionDetails> all = new ArrayList<>();
    await(directory.forEach(all::add));
    return all;
  }

  @Test
  @Conformance("ID-02")
  void anIdIsHeldByOneNodeAtATime() {
    long id = await(here.claim());
    SessionRecord others = new SessionRecord(B, null);
    assertThat(await(records.putIfAbsent(id, others))).isEqualTo(new SessionRecord(A, null));

    here.release(id);
    Patience.until("the ID is free", () -> await(records.get(id)) == null);
    assertThat(await(records.putIfAbsent(id, others))).isNull();
  }

  @Test
  void everyNodeFindsASessionFromItsJoinToItsEnd() {
    SessionDetails session = joined(here);
    assertThat(await(there.find(session.session()))).isEqualTo(session);
    assertThat(all(there)).containsExactly(session);
    assertThat(all(here)).containsExactly(session);

    await(here.leave(session.session()));
    assertThat(await(there.find(session.session()))).isNull();
    assertThat(await(here.find(session.session()))).isNull();
    assertThat(all(there)).isEmpty();
    assertThat(await(records.get(session.session()))).as("its ID").isNull();
  }

  @Test
  void whatIsOnlyClaimedIsNoSession() {
    long id = await(here.claim());
    assertThat(await(there.find(id))).isNull();
    assertThat(all(there)).isEmpty();
  }

  /** The end of a session must not be overtaken by the write that it undoes. */
  @Test
  void sessionsThatLeaveAtOnceLeaveNothingBehind() {
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      long id = await(here.claim());
      here.enter(session(id));
      ends.add(here.leave(id).toCompletableFuture());
    }
    ends.forEach(Patience::join);
    Patience.until("nothing is left", () -> first.getMap(map).isEmpty());
  }

  @Test
  void sessionsThatLeaveWhileTheyAreWrittenAgainLeaveNothingBehind() {
    List<SessionDetails> sessions = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sessions.add(joined(here));
    }
    first.getMap(map).clear();
    here.assertAgain();
    List<CompletableFuture<?>> ends = new ArrayList<>();
    sessions.forEach(session -> ends.add(here.leave(session.session()).toCompletableFuture()));
    ends.forEach(Patience::join);
    assertThat(first.getMap(map).keySet()).isEmpty();
  }

  @Test
  void aNodeTakesOutWhatAWriteThatCameLateHasLeftBehind() {
    SessionDetails ghost = session(await(here.claim()));
    await(here.enter(ghost));
    await(here.leave(ghost.session()));
    await(records.putIfAbsent(ghost.session(), new SessionRecord(A, ghost)));

    assertThat(all(here)).isEmpty();
    assertThat(await(there.find(ghost.session()))).isNull();
  }

  @Test
  void sessionsOfALifeThatIsOverLeaveOnceWhoeverFreesThem() {
    List<SessionDetails> lost = new ArrayList<>();
    List<SessionDetails> kept = new ArrayList<>();
    HazelcastSessionDirectory sameNodeLater = directory(new NodeId("a", 3), second);
    for (int i = 0; i < 300; i++) {
      lost.add(joined(here));
      kept.add(joined(sameNodeLater));
    }
    long claimed = await(here.claim());
    ConcurrentLinkedQueue<SessionDetails> told = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<?>> both =
        List.of(
            there.free(A::equals, session -> telling(told, session)).toCompletableFuture(),
            sameNodeLater.free(A::equals, session -> telling(told, session)).toCompletableFuture());
    both.forEach(Patience::join);
    assertThat(told).containsExactlyInAnyOrderElementsOf(lost);
    assertThat(all(there)).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(await(records.get(claimed))).isNull();
  }

  private static CompletableFuture<?> telling(
      ConcurrentLinkedQueue<SessionDetails> told, SessionDetails session) {
    told.add(session);
    return CompletableFuture.completedFuture(null);
  }

  @Test
  void aNodeWritesAgainWhatIsLostWithTheMembersThatKeptIt() {
    SessionDetails session = joined(here);
    SessionDetails left = joined(here);
    await(here.leave(left.session()));
    first.getMap(map).clear();

    here.assertAgain();
    Patience.until("it is there", () -> await(there.find(session.session())) != null);
    assertThat(all(there)).containsExactly(session);
  }

  @Test
  void whatIsChangedIsFoundByEveryNodeAndGoesWithItsSession() {
    SessionDetails session = joined(here);
    SessionDetails other =
        new SessionDetails(
            session.session(),
            "realm1",
            "alice",
            "guest",
            "ticket",
            "static",
            session.transport(),
            Map.of("_team", "red"));
    await(here.change(other));
    assertThat(await(there.find(session.session()))).isEqualTo(other);
    assertThat(await(here.find(session.session()))).isEqualTo(other);
    assertThat(all(there)).containsExactly(other);

    first.getMap(map).clear();
    here.assertAgain();
    Patience.until("it is there", () -> other.equals(await(there.find(session.session()))));

    here.change(session);
    await(here.leave(session.session()));
    assertThat(await(records.get(session.session()))).as("its ID").isNull();
    assertThat(here.change(other).toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void detailsAreBounded() {
    String long512 = "x".repeat(SessionDetails.LONGEST_TEXT);
    SessionDetails session =
        new SessionDetails(
            1, "realm1", "x".repeat(70_000), "user", "m", "p", Map.of("peer", "x".repeat(70_000)));
    assertThat(session.authid()).isEqualTo(long512);
    assertThat(session.transport()).containsExactly(Map.entry("peer", long512));
  }
}
