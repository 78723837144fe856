package io.tandem.cluster.wire.eventbus;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.tandem.cluster.link.LinkCount;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.WireLimits;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames over the clustered event bus of Vert.x: each node listens at one address for each stream,
 * and a frame is a message to it. So each lane has a connection to each other node, on its own
 * loop. What the bus does not have the link above brings: it bounds by its credit what can wait for
 * a node that does not read, and finds out by its pings that one is gone. See
 * docs/decisions/0009-wire.md.
 */
public final class EventBusWire implements Wire {

  private static final Logger LOG = LoggerFactory.getLogger(EventBusWire.class);

  /** Where the bus writes, and where a write that was under way fails. */
  private static final Set<String> WRITES =
      Set.of(
          "io.vertx.core.eventbus.impl.clustered.OutboundConnection",
          "io.vertx.core.net.impl.DelegatingChannelPromise");

  /**
   * The bus asks its connections for a sign of life after the first time, and gives them up after
   * the second. What could not be delivered ends with {@link WireLimits#UNACKNOWLEDGED}.
   */
  private static final Duration PING = Duration.ofSeconds(1);

  private static final Duration PONG = Duration.ofSeconds(2);

  private static final DeliveryOptions PLAIN = new DeliveryOptions();

  /** Lives of nodes whose addresses are kept: far more than a cluster has. */
  private static final int MOST_KNOWN = 1_024;

  private final NodeDirectory directory;
  private final List<ContextInternal> streams;
  private final EventBus bus;
  private final LinkCounts counts;

  /** The addresses of other nodes by stream, so that they are not made for each frame. */
  private final ConcurrentMap<NodeId, String[]> addresses = new ConcurrentHashMap<>();

  private EventBusWire(Clustered clustered, List<ContextInternal> streams) {
    this.directory = clustered.directory;
    this.streams = streams;
    this.bus = clustered.vertx.eventBus();
    this.counts = clustered.counts;
  }

  /** A Vert.x with a bus that reaches the nodes of the cluster, before the wire is opened on it. */
  public static final class Clustered {

    private final NodeId self;
    private final NodeDirectory directory;
    private final Vertx vertx;
    private final LinkCounts counts;

    private Clustered(NodeId self, NodeDirectory directory, Vertx vertx, LinkCounts counts) {
      this.self = self;
      this.directory = directory;
      this.vertx = vertx;
      this.counts = counts;
    }

    public Vertx vertx() {
      return vertx;
    }

    /**
     * A context on the event loop where the bus reads: frames that are received there wake nobody
     * else. It is the first of the group, which the bus took when there was no other.
     */
    public ContextInternal home() {
      VertxInternal internal = (VertxInternal) vertx;
      EventLoop first = (EventLoop) internal.nettyEventLoopGroup().iterator().next();
      return internal.contextBuilder().withEventLoop(first).build();
    }

    /**
     * Deploys a verticle on the event loop where the bus reads. Nothing else must be deployed at
     * that time; any thread.
     */
    public Future<String> deployHome(Deployable verticle) {
      ContextInternal home = home();
      Promise<String> deployed = home.promise();
      home.runOnContext(
          here -> {
            passOverAllButFirst();
            vertx.deployVerticle(verticle).onComplete(deployed);
          });
      return deployed.future();
    }

    /** Vert.x gives out its loops in turn, and nobody can ask for one. */
    private void passOverAllButFirst() {
      EventLoopGroup loops = ((VertxInternal) vertx).nettyEventLoopGroup();
      EventExecutor last = null;
      for (EventExecutor each : loops) {
        last = each;
      }
      EventExecutor given;
      do {
        given = loops.next();
      } while (given != last);
    }

    /**
     * Opens the wire of this node.
     *
     * @param home where the receiver is called, one frame after the other; an event loop
     * @param lanes the event loops of the lanes, by their numbers
     * @param receiver takes each frame, which is its own from then on
     */
    public Future<EventBusWire> open(
        Context home, List<? extends Context> lanes, Consumer<byte[]> receiver) {
      List<ContextInternal> streams =
          Stream.concat(Stream.of(home), lanes.stream()).map(ContextInternal.class::cast).toList();
      Promise<EventBusWire> opened = Promise.promise();
      home.runOnContext(
          here -> {
            Future.all(
                    IntStream.rangeClosed(Wire.NODE, Wire.MOST_LANES)
                        .mapToObj(stream -> listen(stream, receiver))
                        .toList())
                .map(ready -> new EventBusWire(this, streams))
                .onComplete(opened);
          });
      return opened.future();
    }

    /** The others may have any number of lanes. */
    private Future<Void> listen(int stream, Consumer<byte[]> receiver) {
      MessageConsumer<byte[]> consumer = vertx.eventBus().consumer(BusAddress.of(self, stream));
      consumer.handler(message -> receiver.accept(message.body()));
      return consumer.completion();
    }
  }

  /**
   * Starts a Vert.x whose bus listens for the other nodes.
   *
   * @param options what else it is to be
   * @param host address that the port is bound to, and that the others reach it at
   * @param port where other nodes connect, not 0
   * @param addresses where the bus of a node listens, null when the node is unknown; any thread
   * @param counts where lost frames are counted
   * @param gatekeeper stands before each connection
   * @return fails, with nothing left behind, when the port is taken
   */
  public static Future<Clustered> start(
      VertxOptions options,
      NodeId self,
      String host,
      int port,
      Function<NodeId, @Nullable SocketAddress> addresses,
      LinkCounts counts,
      Gatekeeper gatekeeper) {
    return start(options, self, host, port, addresses, counts, gatekeeper, WireLimits.SILENCE);
  }

  static Future<Clustered> start(
      VertxOptions options,
      NodeId self,
      String host,
      int port,
      Function<NodeId, @Nullable SocketAddress> addresses,
      LinkCounts counts,
      Gatekeeper gatekeeper,
      Duration silence) {
    NodeDirectory directory = new NodeDirectory(self, addresses);
    ConcurrentMap<String, Channel> connections = new ConcurrentHashMap<>();
    VertxOptions all = new VertxOptions(options).setEventBusOptions(bus(host, port, silence));
    return Vertx.builder()
        .with(all)
        .withTransport(
            new GatedTransport(
                GatedTransport.preferred(),
                port,
                WireLimits.UNACKNOWLEDGED,
                () ->
                    List.of(
                        gatekeeper.answer(),
                        new BusGate(
                            BusAddress.of(self, Wire.NODE), connections, WireLimits.FRAME_OCTETS)),
                gatekeeper::call))
        .withClusterManager(directory)
        .buildClustered()
        .map(
            vertx -> {
              // Members send octets, and nothing that would have to become an object.
              vertx
                  .eventBus()
                  .serializableChecker(name -> false)
                  .clusterSerializableChecker(name -> false);
              vertx.exceptionHandler(failure -> report(failure, counts));
              return new Clustered(self, directory, vertx, counts);
            });
  }

  /**
   * Of each frame that was on a connection which broke, the bus says that its promise is complete
   * already, which it is not (Vert.x 5.1).
   */
  private static void report(Throwable failure, LinkCounts counts) {
    if (failure instanceof IllegalStateException
        && "Promise already completed".equals(failure.getMessage())
        && Stream.of(failure.getStackTrace())
            .anyMatch(each -> WRITES.contains(each.getClassName()))) {
      counts.add(LinkCount.WIRE_LOST, 1);
    } else {
      LOG.error("Unhandled exception", failure);
    }
  }

  private static EventBusOptions bus(String host, int port, Duration silence) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(host)
            .setPort(port)
            .setClusterPingInterval(PING.toMillis())
            .setClusterPingReplyInterval(PONG.toMillis());
    options.setConnectTimeout((int) WireLimits.CONNECT.toMillis());
    options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    options.setReadIdleTimeout((int) silence.toMillis());
    options.setTcpKeepAlive(true);
    options.setTcpUserTimeout((int) WireLimits.UNACKNOWLEDGED.toMillis());
    return options;
  }

  @Override
  public void send(NodeId to, int stream, byte[] frame) {
    WireLimits.check(frame);
    String address = address(to, stream);
    ContextInternal context = streams.get(stream);
    if (context.nettyEventLoop().inEventLoop()) {
      context.dispatch(frame, octets -> bus.send(address, octets, PLAIN));
    } else {
      sendThere(context, address, frame);
    }
  }

  /** To a connection that has ended the bus must not write on another loop than its own. */
  private void sendThere(ContextInternal context, String address, byte[] frame) {
    try {
      context.runOnContext(here -> bus.send(address, frame, PLAIN));
    } catch (RejectedExecutionException ended) { // Vert.x is closed
      counts.add(LinkCount.WIRE_LOST, 1);
    }
  }

  private String address(NodeId node, int stream) {
    String[] known = addresses.get(node);
    if (known == null) {
      if (addresses.size() >= MOST_KNOWN) {
        addresses.clear();
      }
      known =
          IntStream.range(0, streams.size())
              .mapToObj(each -> BusAddress.of(node, each))
              .toArray(String[]::new);
      addresses.put(node, known);
    }
    return known[stream];
  }

  @Override
  public void renew(NodeId to) {
    directory.renew(to);
  }
}
