package io.tandem.cluster.membership;

import static com.hazelcast.internal.networking.HandlerStatus.CLEAN;
import static com.hazelcast.internal.networking.HandlerStatus.DIRTY;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import java.io.EOFException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * Puts what is said to a member into TLS, behind everything else that writes to its connection. The
 * handshake is over when this begins. Hazelcast's thread for output.
 */
final class TlsOutbound extends OutboundHandler<ByteBuffer, ByteBuffer> {

  private final SSLEngine engine;

  TlsOutbound(SSLEngine engine) {
    this.engine = engine;
  }

  @Override
  public void handlerAdded() {
    initDstBuffer();
  }

  @Override
  public HandlerStatus onWrite() throws Exception {
    dst.compact();
    try {
      while (src.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        SSLEngineResult result = engine.wrap(src, dst);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
          return DIRTY; // until the socket takes some
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new EOFException("TLS has ended");
        }
      }
      return CLEAN;
    } finally {
      dst.flip();
    }
  }
}
