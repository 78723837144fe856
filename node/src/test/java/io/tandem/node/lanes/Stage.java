package io.tandem.node.lanes;

import static io.tandem.testing.Patience.await;

import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the tests of this package play: two places for sessions, 0 and 1, with a border between
 * them that everything has to cross.
 */
abstract class Stage implements AutoCloseable {

  private final List<Runnable> leaving = new ArrayList<>();

  /** A session at this place. */
  abstract ClientSession join(int place, Way way);

  /** A session at this place that shows every message. */
  abstract WireSession joinWire(int place, Way way);

  /** The nodes that it stands on. */
  abstract List<TestNode> nodes();

  final ClientSession session(TestNode node, Way way) {
    ClientSession session = node.join(way.to(node));
    leaving.add(() -> await(session.close()));
    return session;
  }

  final WireSession wire(TestNode node, Way way) {
    WireSession session = WireSession.open(node.connect(way.to(node)), way.serializer());
    leaving.add(session::cut);
    return session;
  }

  /** Completes after the delay. */
  final Future<Void> later(Duration delay) {
    return nodes().get(0).clients().timer(delay.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Has every session leave, and waits until the nodes have forgotten all that they held. */
  void leave() {
    leaving.forEach(Runnable::run);
    leaving.clear();
    nodes().stream().map(Metrics::new).forEach(Metrics::awaitNothingLeft);
  }

  @Override
  public abstract void close();
}
