package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.CloseReason;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.uri.WampUri;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of three nodes that are ended by others, or with their node, and what they leave. */
class EndingSessionsIT {

  private static final String REALMS =
      """
      realms:
        - name: realm1
          auth: {anonymous: {role: anonymous}}
          roles:
            - name: anonymous
              permissions:
                - {uri: "", match: prefix, allow: [call, register, publish, subscribe]}
                - {uri: wamp.session., match: prefix, allow: [call, subscribe]}
      """;

  private static final String ADD = "wamp.session.add_testament";

  private TestCluster cluster;
  private TestProcess third;

  @BeforeEach
  void start() {
    cluster = TestCluster.serving(2, REALMS);
    third = cluster.joinProcess();
    cluster.untilAgreed(3);
  }

  @AfterEach
  void end() {
    third.close();
    cluster.close();
  }

  /** Hears testaments and who leaves, in one order. */
  private static final class Watcher {
    final Collection<String> heard = new ConcurrentLinkedQueue<>();

    Watcher(TestNode node) {
      ClientSession session = node.join();
      await(
          session.subscribe(
              "com.gone", event -> heard.add("testament " + event.arguments().args().get(0))));
      await(
          session.subscribe(
              "wamp.session.on_leave",
              event -> heard.add("left " + event.arguments().args().get(0))));
    }
  }

  private static void leaves(ClientSession session) {
    await(session.call(ADD, Arguments.of("com.gone", List.of(session.id()), Map.of())));
  }

  @Test
  @Conformance({"META-SES-06", "META-SES-10", "META-SES-14"})
  void sessionsOfAllNodesAreEndedByOne() {
    ClientSession warden = cluster.node(0).join();
    List<ClientSession> others =
        List.of(cluster.node(0).join(), cluster.node(1).join(), third.join(), third.join());
    await(warden.call("wamp.session.kill", Arguments.of(others.get(3).id())));
    CloseReason why = await(others.get(3).closed());
    assertThat(why.kind()).isEqualTo(CloseReason.Kind.GOODBYE);
    assertThat(why.uri()).isEqualTo(WampUri.KILLED);
    Arguments killed = await(warden.call("wamp.session.kill_all", Arguments.none()));
    assertThat(killed.arg(0, Long.class)).isEqualTo(3);
    others.forEach(session -> await(session.closed()));
    assertThat(await(warden.call("wamp.session.count", Arguments.none())).arg(0, Long.class))
        .isEqualTo(1);
  }

  @Test
  @Conformance("PS-TEST-10")
  void testamentsOfAKilledNodeArePublishedOnceAndBeforeOthersHearThatTheSessionsLeft() {
    List<Watcher> watchers = cluster.nodes().stream().map(Watcher::new).toList();
    List<ClientSession> lost = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lost.add(third.join());
      leaves(lost.get(i));
    }
    ClientSession busy = cluster.node(0).join();
    AtomicBoolean done = new AtomicBoolean();
    await(busy.subscribe("com.load", event -> publishUnless(done, busy)));
    await(lost.get(0).subscribe("com.load", event -> {}));
    for (int i = 0; i < 64; i++) {
      publishUnless(done, cluster.node(1).join());
    }

    cluster.untilBackedUp();
    third.kill();

    for (Watcher watcher : watchers) {
      until("all have left", () -> leavesOf(watcher, lost) == lost.size());
    }
    cluster.untilAmongThemselves();
    done.set(true);
    ClientSession last = cluster.node(1).join();
    leaves(last);
    await(last.close());
    for (Watcher watcher : watchers) {
      until("the last has left", () -> watcher.heard.contains("left " + last.id()));
      List<String> heard = List.copyOf(watcher.heard);
      Stream.concat(lost.stream(), Stream.of(last))
          .forEach(
              session ->
                  assertThat(heard.stream().filter(it -> it.endsWith(" " + session.id())))
                      .containsExactly("testament " + session.id(), "left " + session.id()));
    }
  }

  private static void publishUnless(AtomicBoolean done, ClientSession session) {
    if (!done.get()) {
      session.publish("com.load", Arguments.of("x".repeat(100)));
    }
  }

  private static long leavesOf(Watcher watcher, List<ClientSession> sessions) {
    return sessions.stream().filter(it -> watcher.heard.contains("left " + it.id())).count();
  }

  @Test
  @Conformance("PS-TEST-06")
  void testamentsOfANodeThatDrainsArePublishedOnce() {
    Watcher watcher = new Watcher(cluster.node(0));
    TestNode leaving = cluster.join();
    cluster.untilAgreed(4);
    ClientSession gone = leaving.join();
    leaves(gone);
    cluster.leave(leaving);
    until("it has left", () -> watcher.heard.contains("left " + gone.id()));
    assertThat(watcher.heard).containsExactly("testament " + gone.id(), "left " + gone.id());
  }
}
