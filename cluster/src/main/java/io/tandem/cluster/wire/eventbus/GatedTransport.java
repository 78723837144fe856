package io.tandem.cluster.wire.eventbus;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.util.AttributeKey;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.net.TcpOption;
import io.vertx.core.spi.transport.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transport of Vert.x that puts handlers before everything else on the connections of the event
 * bus: those that come to its port, and those that it begins. The bus opens both itself and gives
 * nobody a way to them.
 *
 * <p>What the bus begins is known by its {@code TCP_USER_TIMEOUT}, which no other client of this
 * Vert.x may have.
 */
final class GatedTransport implements io.vertx.core.transport.Transport {

  /** On a channel that the bus has begun. */
  private static final AttributeKey<Boolean> BUS = AttributeKey.valueOf("tandem.bus");

  private final io.vertx.core.transport.Transport transport;
  private final Transport gated;

  GatedTransport(
      io.vertx.core.transport.Transport transport,
      int port,
      Duration userTimeout,
      Supplier<List<ChannelHandler>> gates,
      Supplier<ChannelHandler> calls) {
    this.transport = transport;
    int mark = (int) userTimeout.toMillis();
    Transport plain = transport.implementation();
    this.gated =
        (Transport)
            Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (proxy, method, arguments) -> {
                  Object last = arguments == null ? null : arguments[arguments.length - 1];
                  if (last instanceof ServerBootstrap bootstrap) {
                    bootstrap.handler(new Keeper(port, gates));
                  } else if (last instanceof Bootstrap bootstrap
                      && arguments[0] instanceof TcpConfig config
                      && Objects.equals(config.getOption(TcpOption.USER_TIMEOUT), mark)) {
                    bootstrap.attr(BUS, true);
                  }
                  try {
                    Object result = method.invoke(plain, arguments);
                    return method.getName().equals("channelFactory")
                        ? begun((ChannelFactory<?>) result, calls)
                        : result;
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  /** Channels of which those of the bus begin with a handler. */
  private static ChannelFactory<Channel> begun(
      ChannelFactory<?> plain, Supplier<ChannelHandler> calls) {
    return () -> {
      Channel channel = plain.newChannel();
      channel.pipeline().addLast("begin", new Beginner(calls));
      return channel;
    };
  }

  /** The native transport where there is one. */
  static io.vertx.core.transport.Transport preferred() {
    io.vertx.core.transport.Transport best = io.vertx.core.transport.Transport.nativeTransport();
    return best != null && best.available() ? best : io.vertx.core.transport.Transport.NIO;
  }

  @Override
  public String name() {
    return transport.name();
  }

  @Override
  public boolean available() {
    return transport.available();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return transport.unavailabilityCause();
  }

  @Override
  public Transport implementation() {
    return gated;
  }

  /** Stands where a server takes its connections. */
  private static final class Keeper extends ChannelInboundHandlerAdapter {

    private final int port;
    private final Supplier<List<ChannelHandler>> gates;

    Keeper(int port, Supplier<List<ChannelHandler>> gates) {
      this.port = port;
      this.gates = gates;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Channel connection
          && context.channel().localAddress() instanceof InetSocketAddress local
          && local.getPort() == port) {
        gates.get().forEach(connection.pipeline()::addLast);
      }
      context.fireChannelRead(message);
    }
  }

  /** Whether a channel is one of the bus shows when it is about to connect. */
  private static final class Beginner extends ChannelInitializer<Channel> {

    private final Supplier<ChannelHandler> calls;

    Beginner(Supplier<ChannelHandler> calls) {
      this.calls = calls;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (channel.hasAttr(BUS)) {
        channel.pipeline().addFirst(calls.get());
      }
    }
  }
}
