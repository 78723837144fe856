package io.tandem.cluster.socket;

import io.tandem.cluster.Scheduler;
import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.LinkListener;
import io.tandem.cluster.link.LinkSettings;
import io.tandem.cluster.link.Loop;
import io.tandem.registry.NodeId;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node that is nothing but a wire, and remembers what it received. */
final class WireNode implements AutoCloseable {

  static final String HOST = "127.0.0.1";

  final NodeId id;
  final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(3));
  final ContextInternal home = ((VertxInternal) vertx).contextBuilder().build();
  final LinkCounts counts = new LinkCounts();
  final SocketWire wire;
  final List<byte[]> received = new CopyOnWriteArrayList<>();
  final Set<Thread> receivedOn = ConcurrentHashMap.newKeySet();
  volatile boolean failing;
  private @Nullable Link link;

  /**
   * Starts a node and enters it into the directory.
   *
   * @param port 0 for any that is free
   */
  WireNode(NodeId id, int port, Map<NodeId, SocketAddress> directory) {
    this(id, port, directory, SocketWire.SILENCE);
  }

  /** The same, where a connection that brings nothing is closed after another time. */
  WireNode(NodeId id, int port, Map<NodeId, SocketAddress> directory, Duration silence) {
    this.id = id;
    wire =
        get(
            SocketWire.open(
                vertx, HOST, port, home, directory::get, counts, this::receive, silence));
    directory.put(id, SocketAddress.inetSocketAddress(wire.port(), HOST));
  }

  /** Links it to another node; the link is told what comes. */
  Link link(NodeId peer, LinkListener listener) {
    Loop loop = new Loop(home.nettyEventLoop(), time());
    Link made = new Link(id, peer, LinkSettings.of(1), wire, loop, List.of(loop), counts, listener);
    home.runOnContext(
        here -> {
          link = made;
          made.start();
        });
    return made;
  }

  private Scheduler time() {
    return new Scheduler() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        var timer = home.nettyEventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
      }
    };
  }

  private void receive(byte[] frame) {
    receivedOn.add(Thread.currentThread());
    received.add(frame);
    if (failing) {
      throw new IllegalStateException("planted");
    }
    if (link != null) {
      link.received(frame);
    }
  }

  /** The numbers in the frames of this sender, as they came. */
  List<Integer> numbers(int sender) {
    return received.stream()
        .map(ByteBuffer::wrap)
        .filter(frame -> frame.getInt(0) == sender)
        .map(frame -> frame.getInt(4))
        .toList();
  }

  static byte[] frame(int sender, int number) {
    return ByteBuffer.allocate(8).putInt(sender).putInt(number).array();
  }

  static <T> T get(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    get(wire.close());
    get(vertx.close());
  }
}
