package io.tandem.cluster.proof;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake on a channel of Netty, before everything else on it but for the TLS that it is in.
 * What is written waits, and counts as not yet written; when the proof is made the handler is gone.
 * The channel's loop.
 */
final class ProofHandler extends ByteToMessageDecoder implements ChannelOutboundHandler {

  /** For the last record of TLS, on the way to a node that may not read any more. */
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private final Gatekeeper gatekeeper;
  private final Handshake handshake;
  private final @Nullable SSLEngine engine;
  private @Nullable PendingWriteQueue waiting;
  private @Nullable Future<?> timer;
  private @Nullable Runnable closer;
  private boolean over;

  /**
   * @param engine of the TLS that the connection is in; null without
   */
  ProofHandler(Gatekeeper gatekeeper, Handshake handshake, @Nullable SSLEngine engine) {
    this.gatekeeper = gatekeeper;
    this.handshake = handshake;
    this.engine = engine;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    waiting = new PendingWriteQueue(context);
    if (engine != null) {
      SslHandler tls = new SslHandler(engine);
      tls.setCloseNotifyFlushTimeoutMillis(LAST_WORD.toMillis());
      context.pipeline().addBefore(context.name(), null, tls);
    }
    if (context.channel().isActive()) {
      begin(context);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    begin(context);
    super.channelActive(context);
  }

  private void begin(ChannelHandlerContext context) {
    if (timer != null) {
      return;
    }
    timer =
        context
            .executor()
            .schedule(() -> context.close(), Gatekeeper.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    byte[] hello = handshake.begin();
    if (hello.length > 0) {
      say(context, hello);
    } else {
      Runnable close = () -> context.channel().close();
      closer = close;
      gatekeeper.unproved().enter(close);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (over) {
      in.skipBytes(in.readableBytes());
      return;
    }
    while (handshake.awaits() > 0 && in.readableBytes() >= handshake.awaits()) {
      byte[] message = new byte[handshake.awaits()];
      in.readBytes(message);
      try {
        say(context, handshake.take(message));
      } catch (NotProvedException stranger) {
        over = true;
        gatekeeper.refused(context.channel().remoteAddress(), stranger.getMessage());
        context
            .writeAndFlush(Unpooled.wrappedBuffer(handshake.refusal()))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    if (handshake.awaits() == 0) {
      PendingWriteQueue written = waiting;
      if (written != null) {
        written.removeAndWriteAll();
        // Whoever has more to write is told by the flush that there is room, before this is gone.
        waiting = null;
        context.flush();
      }
      context.pipeline().remove(this); // what came behind the proof goes on
    }
  }

  private static void say(ChannelHandlerContext context, byte[] message) {
    if (message.length > 0) {
      context.writeAndFlush(Unpooled.wrappedBuffer(message), context.voidPromise());
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    end();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    over = true;
    end();
    super.channelInactive(context);
  }

  private void end() {
    if (timer != null) {
      timer.cancel(false);
    }
    if (closer != null) {
      gatekeeper.unproved().leave(closer);
    }
    if (waiting != null) {
      waiting.removeAndFailAll(new ClosedChannelException());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable reason = cause instanceof DecoderException ? cause.getCause() : cause;
    if (reason instanceof SSLException refused) {
      gatekeeper.refused(
          context.channel().remoteAddress(), new NotProvedException(refused).getMessage());
    }
    context.close();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (waiting == null) {
      context.write(message, promise);
    } else {
      waiting.add(message, promise);
    }
  }

  /** What waits is flushed when it is written. */
  @Override
  public void flush(ChannelHandlerContext context) {
    if (waiting == null) {
      context.flush();
    }
  }

  @Override
  public void bind(ChannelHandlerContext context, SocketAddress local, ChannelPromise promise) {
    context.bind(local, promise);
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    context.connect(remote, local, promise);
  }

  @Override
  public void disconnect(ChannelHandlerContext context, ChannelPromise promise) {
    context.disconnect(promise);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    context.close(promise);
  }

  @Override
  public void deregister(ChannelHandlerContext context, ChannelPromise promise) {
    context.deregister(promise);
  }

  @Override
  public void read(ChannelHandlerContext context) {
    context.read();
  }
}
