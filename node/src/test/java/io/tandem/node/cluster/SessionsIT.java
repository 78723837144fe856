package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.WampException;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What three nodes tell of each other's sessions, also when one of them is killed. */
class SessionsIT {

  /** Subscribes on one node, and remembers what it is told, in order. */
  private static final class Watcher {
    final ClientSession session;
    final Collection<Object> joined = new ConcurrentLinkedQueue<>();
    final Collection<Object> left = new ConcurrentLinkedQueue<>();

    Watcher(TestNode node) {
      session = node.join();
      await(
          session.subscribe(
              "wamp.session.on_join",
              event -> joined.add(event.arguments().arg(0, Map.class).get("session"))));
      await(
          session.subscribe(
              "wamp.session.on_leave", event -> left.add(event.arguments().args().get(0))));
    }

    long count() {
      return call("wamp.session.count").arg(0, Long.class);
    }

    List<Object> list() {
      List<?> ids = call("wamp.session.list").arg(0, List.class);
      return new ArrayList<>(ids);
    }

    Arguments call(String procedure, Object... args) {
      return await(session.call(procedure, Arguments.of(args)));
    }
  }

  private TestCluster cluster;
  private TestProcess third;

  @BeforeEach
  void start() {
    cluster = TestCluster.start(2);
    third = cluster.joinProcess();
    cluster.untilAgreed(3);
  }

  @AfterEach
  void end() {
    third.close();
    cluster.close();
  }

  @Test
  void whoComesAndGoesOnAnyNodeIsToldOnAllOfThem() {
    List<Watcher> watchers = cluster.nodes().stream().map(Watcher::new).toList();
    ClientSession here = cluster.node(0).join();
    ClientSession there = third.join();
    for (Watcher watcher : watchers) {
      until("both are told", () -> watcher.joined.containsAll(List.of(here.id(), there.id())));
      // Who is told of a session finds it.
      assertThat(watcher.list())
          .containsExactlyInAnyOrder(
              watchers.get(0).session.id(), watchers.get(1).session.id(), here.id(), there.id());
      assertThat(watcher.count()).isEqualTo(4);
      Map<?, ?> details = watcher.call("wamp.session.get", there.id()).arg(0, Map.class);
      assertThat(details.get("authid")).isEqualTo(there.details().get(Keys.AUTHID));
      assertThat(details.get("authrole")).isEqualTo("anonymous");
      assertThat((Map<?, ?>) details.get("transport")).hasSize(3);
    }
    await(there.close());
    await(here.close());
    for (Watcher watcher : watchers) {
      until("both have left", () -> watcher.left.containsAll(List.of(here.id(), there.id())));
      assertThat(watcher.left).hasSize(2);
      assertThat(watcher.count()).isEqualTo(2);
      assertThatThrownBy(() -> watcher.call("wamp.session.get", there.id()))
          .cause()
          .isInstanceOfSatisfying(
              WampException.class,
              failure -> assertThat(failure.error()).isEqualTo(WampUri.NO_SUCH_SESSION));
    }
  }

  @Test
  void sessionsOfAKilledNodeLeaveOnceAndAreGoneEverywhere() {
    List<Watcher> watchers = cluster.nodes().stream().map(Watcher::new).toList();
    List<Object> lost = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lost.add(third.join().id());
    }
    for (Watcher watcher : watchers) {
      until("all are told", () -> watcher.joined.containsAll(lost));
      assertThat(watcher.count()).isEqualTo(22);
    }

    third.kill();

    for (Watcher watcher : watchers) {
      until("all have left", () -> watcher.left.containsAll(lost));
    }
    cluster.untilAmongThemselves();
    ClientSession later = cluster.node(0).join();
    for (Watcher watcher : watchers) {
      assertThat(watcher.count()).isEqualTo(3);
      assertThat(watcher.list())
          .containsExactlyInAnyOrder(
              watchers.get(0).session.id(), watchers.get(1).session.id(), later.id());
      // What was on its way is in with what comes after it.
      await(watcher.session.publish("com.example.done", Arguments.none()));
    }
    await(later.close());
    for (Watcher watcher : watchers) {
      until("the later one has left", () -> watcher.left.contains(later.id()));
      assertThat(watcher.left).as("once each").hasSize(21).doesNotHaveDuplicates();
    }
  }

  @Test
  void sessionsOfANodeThatDrainsLeaveOnce() {
    TestNode leaving = cluster.join();
    cluster.untilAgreed(4);
    Watcher watcher = new Watcher(cluster.node(0));
    List<Object> gone = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      gone.add(leaving.join().id());
    }
    until("all are told", () -> watcher.joined.containsAll(gone));
    cluster.leave(leaving);
    until("all have left", () -> watcher.left.containsAll(gone));
    cluster.untilAgreed(3);
    assertThat(watcher.left).hasSize(20).doesNotHaveDuplicates();
    assertThat(watcher.count()).isEqualTo(1);
  }
}
