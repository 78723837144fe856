package io.tandem.node.lanes;

import static io.tandem.node.testing.TestNode.await;

import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A node with two lanes, and sessions on the lane that a test wants them on. Connections go round
 * the lanes; the node's own metrics tell where one ended up.
 */
final class TwoLanes implements AutoCloseable {

  private final TestNode node = TestNode.start();
  private final Metrics metrics = new Metrics(node);
  private final List<Runnable> leaving = new ArrayList<>();

  /** A session on this lane. */
  ClientSession join(int lane, Way way) {
    return on(
        lane,
        () -> {
          ClientSession session = node.join(way.to(node));
          leaving.add(() -> await(session.close()));
          return session;
        });
  }

  /** A session on this lane that shows every message. */
  WireSession joinWire(int lane, Way way) {
    return on(
        lane,
        () -> {
          WireSession session = WireSession.open(node.connect(way.to(node)), way.serializer());
          leaving.add(session::cut);
          return session;
        });
  }

  /** Joins until the session is on the lane wanted; one on the other lane stays till the end. */
  private <T> T on(int lane, Supplier<T> joining) {
    String meter = "tandem_lane_sessions{lane=\"" + lane + "\"}";
    while (true) {
      double before = metrics.value(meter);
      T session = joining.get();
      if (metrics.value(meter) > before) {
        return session;
      }
    }
  }

  /** Completes after the delay. */
  Future<Void> later(Duration delay) {
    return node.clients().timer(delay.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Has every session leave, and waits until the node has forgotten all that they held. */
  void leave() {
    leaving.forEach(Runnable::run);
    leaving.clear();
    metrics.await("tandem_sessions", value -> value == 0);
    metrics.await("tandem_subscriptions{realm=\"realm1\"}", value -> value == 0);
    metrics.await("tandem_registrations{realm=\"realm1\"}", value -> value == 0);
  }

  @Override
  public void close() {
    node.close();
  }
}
