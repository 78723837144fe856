package io.tandem.cluster.eventbus;

import io.tandem.cluster.link.Wire;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Frames on the clustered event bus: one address for each incarnation of a node, one message for
 * each frame. The bus would queue without a bound for a peer that it connects to or that does not
 * read, so this wire counts what was not written yet and loses what comes beyond.
 *
 * <p>The bus connects on the event loop of whoever sends first, which is the home of the link: only
 * there does a link open. See docs/decisions/0009-wire.md.
 */
public final class EventBusWire implements Wire {

  /**
   * What may wait for one node. Credit keeps a link below it: 8 MiB of entries, answers of the
   * calls under way, a megabyte of control records.
   */
  static final long WAITING_OCTETS = 16 << 20;

  /** What the bus keeps for a message beside its body, roughly. */
  static final int MESSAGE_OCTETS = 1 << 10;

  private final EventBus bus;
  private final MessageConsumer<Object> consumer;

  /** Octets not written yet, for each node that has any. */
  private final ConcurrentMap<NodeId, Long> waiting = new ConcurrentHashMap<>();

  private final LongAdder dropped = new LongAdder();

  private EventBusWire(EventBus bus, MessageConsumer<Object> consumer) {
    this.bus = bus;
    this.consumer = consumer;
  }

  /**
   * Opens the wire of this node.
   *
   * @param vertx clustered, see {@link ClusteredVertx}
   * @param self whose frames these are
   * @param home where the receiver is called, one frame after the other; an event loop of this
   *     Vert.x
   * @param receiver takes each frame, which is its own from then on
   * @return completes when other nodes can send to this one
   */
  public static Future<EventBusWire> open(
      Vertx vertx, NodeId self, Context home, Consumer<byte[]> receiver) {
    Promise<EventBusWire> opened = Promise.promise();
    home.runOnContext(
        here -> {
          // The bus calls a consumer on the context that it was made on.
          MessageConsumer<Object> consumer = vertx.eventBus().consumer(address(self));
          consumer.handler(
              message -> {
                if (message.body() instanceof byte[] frame) {
                  receiver.accept(frame);
                }
              });
          EventBusWire wire = new EventBusWire(vertx.eventBus(), consumer);
          consumer.completion().map(wire).onComplete(opened);
        });
    return opened.future();
  }

  @Override
  public void send(NodeId to, byte[] frame) {
    long octets = (long) frame.length + MESSAGE_OCTETS;
    if (waiting.merge(to, octets, Long::sum) > WAITING_OCTETS) {
      dropped.increment();
      written(to, octets);
      return;
    }
    try {
      bus.<byte[]>sender(address(to)).write(frame).onComplete(done -> written(to, octets));
    } catch (RejectedExecutionException ended) { // Vert.x is closed
      written(to, octets);
    }
  }

  private void written(NodeId to, long octets) {
    waiting.computeIfPresent(to, (node, sum) -> sum == octets ? null : sum - octets);
  }

  /** Frames lost because too much was waiting for their node. Any thread. */
  public long dropped() {
    return dropped.sum();
  }

  /** Octets that wait for this node, the bus's own included. Any thread. */
  public long waiting(NodeId node) {
    return waiting.getOrDefault(node, 0L);
  }

  /** Stops to receive. What was sent before may still leave. */
  public Future<Void> close() {
    return consumer.unregister();
  }

  private static String address(NodeId node) {
    return "link/" + node.name() + '/' + Long.toUnsignedString(node.incarnation(), 36);
  }
}
