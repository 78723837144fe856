package io.tandem.cluster.wire;

import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.LinkListener;
import io.tandem.cluster.link.LinkSettings;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.Members;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node that is nothing but a wire, and remembers what it received.
 *
 * @param <W> the wire
 */
public final class WireNode<W extends Wire> implements AutoCloseable {

  /** A way to open a wire. */
  public interface Opener<W extends Wire> {
    Opened<W> open(
        NodeId self,
        int port,
        Map<NodeId, SocketAddress> directory,
        LinkCounts counts,
        Consumer<byte[]> receiver);
  }

  /** An open wire, with its Vert.x and the context on which it receives. */
  public record Opened<W extends Wire>(Vertx vertx, ContextInternal home, W wire) {}

  public static final String HOST = "127.0.0.1";

  public final NodeId id;
  public final int port;
  public final Vertx vertx;
  public final LinkCounts counts = new LinkCounts();
  public final W wire;
  public final List<byte[]> received = new CopyOnWriteArrayList<>();
  final Set<Thread> receivedOn = ConcurrentHashMap.newKeySet();
  public final ContextInternal home;
  volatile boolean failing;
  private @Nullable Link link;

  /**
   * Starts a node and enters it into the directory.
   *
   * @param port 0 for any that is free
   */
  public WireNode(
      NodeId id, int port, Map<NodeId, SocketAddress> directory, Opener<? extends W> opener) {
    this.id = id;
    this.port = port == 0 ? Members.freePort() : port;
    Opened<? extends W> opened = opener.open(id, this.port, directory, counts, this::receive);
    vertx = opened.vertx();
    home = opened.home();
    wire = opened.wire();
    directory.put(id, SocketAddress.inetSocketAddress(this.port, HOST));
  }

  /** What every node's Vert.x is like. */
  public static VertxOptions options() {
    return new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(3);
  }

  /** An event loop of its own. */
  public static ContextInternal home(Vertx vertx) {
    return ((VertxInternal) vertx).contextBuilder().build();
  }

  /** Links it to another node; the link is told what comes. */
  public Link link(NodeId otherNode, LinkListener listener) {
    Loop loop = new Loop(home.nettyEventLoop(), time());
    Link made =
        new Link(id, otherNode, LinkSettings.of(1), wire, loop, List.of(loop), counts, listener);
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
  public List<Integer> numbers(int sender) {
    return received.stream()
        .filter(frame -> frame.length == 8)
        .map(ByteBuffer::wrap)
        .filter(frame -> frame.getInt(0) == sender)
        .map(frame -> frame.getInt(4))
        .toList();
  }

  public static byte[] frame(int sender, int number) {
    return ByteBuffer.allocate(8).putInt(sender).putInt(number).array();
  }

  public static <T> T get(Future<T> future) {
    return Members.await(future.toCompletionStage());
  }

  @Override
  public void close() {
    get(vertx.close());
  }
}
