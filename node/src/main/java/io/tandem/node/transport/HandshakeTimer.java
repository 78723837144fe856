package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.tandem.node.router.CloseCause;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time that a connection has to become a transport, or to ask for another page: it is closed
 * when that is over. Belongs to the connection's event loop.
 */
final class HandshakeTimer {

  private final Channel channel;
  private final Door door;
  private @Nullable Future<?> timer;
  private boolean servesPages;

  HandshakeTimer(Channel channel, Door door) {
    this.channel = channel;
    this.door = door;
    start();
  }

  private void start() {
    long limit = door.config().timeouts().handshake().toMillis();
    timer = channel.eventLoop().schedule(this::expired, limit, TimeUnit.MILLISECONDS);
  }

  private void expired() {
    if (channel.isActive()) {
      if (!servesPages) {
        door.count(CloseCause.HANDSHAKE_TIMEOUT);
      }
      channel.close();
    }
  }

  /** A page was asked for: such a connection is nobody's failed handshake. */
  void pageServed() {
    stop();
    servesPages = true;
    start();
  }

  /** The connection is a transport, or refused. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
