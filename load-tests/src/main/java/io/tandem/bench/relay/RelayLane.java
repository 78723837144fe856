package io.tandem.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tandem.bench.wire.Acceptor;
import io.tandem.bench.wire.TurnFlusher;
import io.tandem.bench.wire.Wire;
import io.tandem.client.RouterAddress.Transport;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event loop of the relay, with its share of the connections. */
final class RelayLane extends VerticleBase {

  private final Relay relay;
  private final Transport transport;
  private final SocketAddress address;
  private final Map<String, List<Wire>> subscribers = new HashMap<>();
  private @Nullable EventLoop eventLoop;
  private int port;

  RelayLane(Relay relay, Transport transport, SocketAddress address) {
    this.relay = relay;
    this.transport = transport;
    this.address = address;
  }

  @Override
  public Future<?> start() {
    EventLoop mine = ((ContextInternal) context).nettyEventLoop();
    eventLoop = mine;
    return new Acceptor(vertx, new TurnFlusher(mine), () -> new RelayGuest(relay, this))
        .listen(transport, address)
        .onSuccess(got -> port = got);
  }

  int port() {
    return port;
  }

  /** Runs the task on this lane: at once when called from it. */
  void run(Runnable task) {
    EventLoop mine = eventLoop;
    if (mine == null || mine.inEventLoop()) {
      task.run();
    } else {
      mine.execute(task);
    }
  }

  void subscribe(String topic, Wire wire) {
    subscribers.computeIfAbsent(topic, key -> new ArrayList<>()).add(wire);
  }

  void unsubscribe(String topic, Wire wire) {
    List<Wire> wires = subscribers.get(topic);
    if (wires != null) {
      wires.remove(wire);
    }
  }

  /** Writes the same octets to every subscriber here, and gives the frame up. */
  void deliver(String topic, ByteBuf frame) {
    List<Wire> wires = subscribers.getOrDefault(topic, List.of());
    for (int i = 0; i < wires.size(); i++) {
      wires.get(i).sendFrame(frame.retainedDuplicate());
    }
    frame.release();
  }
}
