package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.tandem.node.config.Endpoint;
import io.tandem.node.router.HandshakeRefusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Takes the header of the PROXY protocol off a fresh connection, before TLS: it tells whose
 * connection it is. Without one the connection is closed, for a proxy that is to send it and does
 * not would have all its clients taken for itself.
 */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {

  /** Octets of what version 2 may tell beside the addresses, none of which is looked at. */
  private static final int MOST_EXTRA = 1_024;

  private final Door door;

  private ProxyHeader(Door door) {
    this.door = door;
  }

  static void expect(Channel channel, Door door) {
    channel.pipeline().addFirst(new HAProxyMessageDecoder(MOST_EXTRA), new ProxyHeader(door));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
    String told = header.command() == HAProxyCommand.PROXY ? header.sourceAddress() : null;
    InetAddress client = told == null ? null : Endpoint.literal(told);
    // Otherwise the proxy speaks for itself, to see whether the node is there.
    if (client != null) {
      door.told(context.channel(), new InetSocketAddress(client, header.sourcePort()));
    }
    context.pipeline().remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (failure instanceof DecoderException) {
      door.refused(
          context.channel(), HandshakeRefusal.BAD_REQUEST, "no header of the PROXY protocol");
      context.close();
    } else {
      context.fireExceptionCaught(failure);
    }
  }
}
