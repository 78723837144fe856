package io.tandem.cluster.wire.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.tandem.cluster.link.LinkCount;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.WireLimits;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Frames over TCP, each with its length in front: one connection to another node for each stream,
 * on the loop of the lane whose stream it is. Those that come in live on one event loop, the home
 * of the links.
 *
 * <p>A connection comes about when there is something to send, and what waited for it is lost when
 * it does not. See docs/decisions/0009-wire.md.
 */
public final class SocketWire implements Wire {

  static final int PREFIX = 4;

  private final ContextInternal home;
  private final Function<NodeId, @Nullable SocketAddress> addresses;
  private final NetServer server;
  private final NetClient client;
  private final List<ContextInternal> streams;
  private final ConcurrentMap<Way, Outbound> outbound = new ConcurrentHashMap<>();
  private final LinkCounts counts;
  private final Gatekeeper gatekeeper;
  private volatile boolean closed;

  /** What is sent on one stream to one node. */
  record Way(NodeId node, int stream) {}

  private SocketWire(
      Vertx vertx,
      ContextInternal home,
      List<? extends Context> lanes,
      Function<NodeId, @Nullable SocketAddress> addresses,
      LinkCounts counts,
      Gatekeeper gatekeeper,
      Duration silence) {
    this.home = home;
    this.gatekeeper = gatekeeper;
    this.streams =
        Stream.concat(Stream.of(home), lanes.stream().map(ContextInternal.class::cast)).toList();
    this.addresses = addresses;
    this.counts = counts;
    this.server =
        vertx.createNetServer(
            new NetServerOptions()
                .setTcpKeepAlive(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout((int) silence.toMillis()));
    this.client =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout((int) WireLimits.CONNECT.toMillis())
                .setTcpUserTimeout((int) WireLimits.UNACKNOWLEDGED.toMillis())
                .setTcpKeepAlive(true));
  }

  /**
   * Opens the wire of this node.
   *
   * @param host address that the port is bound to
   * @param port where other nodes connect, 0 for any that is free
   * @param home where the receiver is called, one frame after the other; an event loop
   * @param lanes the event loops of the lanes, by their numbers
   * @param addresses where the wire of a node listens, null when the node is unknown; called on any
   *     of the loops when there is no connection
   * @param counts where lost frames are counted
   * @param gatekeeper stands before each connection
   * @param receiver takes each frame, which is its own from then on
   * @return fails when the port is taken
   */
  public static Future<SocketWire> open(
      Vertx vertx,
      String host,
      int port,
      Context home,
      List<? extends Context> lanes,
      Function<NodeId, @Nullable SocketAddress> addresses,
      LinkCounts counts,
      Gatekeeper gatekeeper,
      Consumer<byte[]> receiver) {
    return open(
        vertx,
        host,
        port,
        home,
        lanes,
        addresses,
        counts,
        gatekeeper,
        receiver,
        WireLimits.SILENCE);
  }

  static Future<SocketWire> open(
      Vertx vertx,
      String host,
      int port,
      Context home,
      List<? extends Context> lanes,
      Function<NodeId, @Nullable SocketAddress> addresses,
      LinkCounts counts,
      Gatekeeper gatekeeper,
      Consumer<byte[]> receiver,
      Duration silence) {
    Promise<SocketWire> opened = Promise.promise();
    SocketWire wire =
        new SocketWire(
            vertx, (ContextInternal) home, lanes, addresses, counts, gatekeeper, silence);
    wire.server.connectHandler(socket -> wire.accept((NetSocketInternal) socket, receiver));
    // A server handles its connections on the context that made it listen.
    home.runOnContext(
        here -> wire.server.listen(port, host).<SocketWire>map(wire).onComplete(opened));
    return opened.future();
  }

  private void accept(NetSocketInternal socket, Consumer<byte[]> receiver) {
    socket.exceptionHandler(failure -> socket.close()); // a stranger
    ChannelPipeline pipeline = socket.channelHandlerContext().pipeline();
    try {
      pipeline.addBefore("handler", "proof", gatekeeper.answer());
      pipeline.addBefore(
          "handler",
          "frames",
          new LengthFieldBasedFrameDecoder(WireLimits.FRAME_OCTETS + PREFIX, 0, PREFIX, 0, PREFIX));
      pipeline.addBefore("handler", "receiver", new Receiver(home, receiver));
    } catch (RuntimeException goneAlready) {
      socket.close(); // nobody would read from it
    }
  }

  @Override
  public void send(NodeId to, int stream, byte[] frame) {
    WireLimits.check(frame);
    if (!closed) {
      outbound
          .computeIfAbsent(new Way(to, stream), way -> new Outbound(this, way, streams.get(stream)))
          .send(frame);
    }
  }

  @Override
  public void renew(NodeId to) {
    for (int stream = 0; stream < streams.size(); stream++) {
      Outbound unanswered = outbound.remove(new Way(to, stream));
      if (unanswered != null) {
        unanswered.giveUp();
      }
    }
  }

  /** Connects to a node, on the stream's loop; null when nobody knows where it is. */
  @Nullable Future<NetSocket> connect(NodeId to) {
    SocketAddress address = closed ? null : addresses.apply(to);
    return address == null ? null : client.connect(address);
  }

  /** Stands before the frames on a connection to another node. */
  ChannelHandler proof() {
    return gatekeeper.call();
  }

  /** Forgets a node that cannot be reached; a later frame begins anew. */
  void forget(Way way, Outbound lost, int frames) {
    outbound.remove(way, lost);
    counts.add(LinkCount.WIRE_LOST, frames);
  }

  void drop() {
    counts.add(LinkCount.WIRE_LOST, 1);
  }

  /** Frames that were lost before they reached a socket. Any thread. */
  public long dropped() {
    return counts.get(LinkCount.WIRE_LOST);
  }

  /** Octets that wait for this node's sockets. Any thread. */
  public long waiting(NodeId node) {
    return outbound.entrySet().stream()
        .filter(way -> way.getKey().node().equals(node))
        .mapToLong(way -> way.getValue().waiting())
        .sum();
  }

  /** Ways for which anything is kept. Any thread. */
  int ways() {
    return outbound.size();
  }

  /** The port on which this wire listens. */
  public int port() {
    return server.actualPort();
  }

  /** Ends all connections and frees the port; what is sent from now on is lost. */
  public Future<Void> close() {
    closed = true;
    return server.close().eventually(client::close);
  }

  /** Hands each frame of a connection to the receiver, which gets an array of its own. */
  private static final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {

    private final ContextInternal home;
    private final Consumer<byte[]> receiver;

    Receiver(ContextInternal home, Consumer<byte[]> receiver) {
      this.home = home;
      this.receiver = receiver;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf octets) {
      byte[] frame = new byte[octets.readableBytes()];
      octets.readBytes(frame);
      home.dispatch(frame, receiver::accept);
    }
  }
}
