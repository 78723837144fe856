package io.tandem.cluster.wire.eventbus;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.spi.transport.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transport of Vert.x that puts a handler before everything else on the connections which come to
 * one port. The event bus opens its port itself and gives nobody a way to its connections.
 */
final class GatedTransport implements io.vertx.core.transport.Transport {

  private final io.vertx.core.transport.Transport transport;
  private final Transport gated;

  GatedTransport(
      io.vertx.core.transport.Transport transport, int port, Supplier<ChannelHandler> gates) {
    this.transport = transport;
    Transport plain = transport.implementation();
    this.gated =
        (Transport)
            Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (proxy, method, arguments) -> {
                  if (arguments != null
                      && arguments[arguments.length - 1] instanceof ServerBootstrap bootstrap) {
                    bootstrap.handler(new Keeper(port, gates));
                  }
                  try {
                    return method.invoke(plain, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
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
    private final Supplier<ChannelHandler> gates;

    Keeper(int port, Supplier<ChannelHandler> gates) {
      this.port = port;
      this.gates = gates;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Channel connection
          && context.channel().localAddress() instanceof InetSocketAddress local
          && local.getPort() == port) {
        connection.pipeline().addLast("gate", gates.get());
      }
      context.fireChannelRead(message);
    }
  }
}
