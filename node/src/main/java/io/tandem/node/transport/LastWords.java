package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of a connection whose client shall still read what was sent last. */
final class LastWords {

  /** How long a client may take to read the last words and close its side. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private LastWords() {}

  /**
   * Ends the node's side, and reads on until the client ends its side too: closing with unread
   * input would throw away what was just sent. Called when that was written.
   */
  static void end(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      ((DuplexChannel) channel).shutdownOutput();
    } else {
      // A client, or a balancer between, may look for the end of the stream rather than of TLS.
      tls.closeOutbound().addListener(told -> ((DuplexChannel) channel).shutdownOutput());
    }
    closeLater(channel);
  }

  /** Closes the channel when the client has had its time for reading and closing. */
  static void closeLater(Channel channel) {
    channel.eventLoop().schedule(() -> channel.close(), GRACE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
