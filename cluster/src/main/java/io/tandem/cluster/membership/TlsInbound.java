package io.tandem.cluster.membership;

import static com.hazelcast.internal.networking.HandlerStatus.CLEAN;
import static com.hazelcast.internal.networking.HandlerStatus.DIRTY;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import java.io.EOFException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Takes what a member says out of TLS, before everything else that reads from its connection. The
 * handshake is over when this begins. Hazelcast's thread for input.
 */
final class TlsInbound extends InboundHandler<ByteBuffer, ByteBuffer> {

  private final SSLEngine engine;

  /** What has no room in front of the next handler yet; ready to be written into. */
  private final ByteBuffer plain;

  TlsInbound(SSLEngine engine) {
    this.engine = engine;
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
  }

  @Override
  public void handlerAdded() {
    initSrcBuffer();
  }

  @Override
  public HandlerStatus onRead() throws Exception {
    src.flip();
    try {
      while (true) {
        if (!handOn()) {
          return DIRTY; // the next handler takes some, and this is called again
        }
        SSLEngineResult result = engine.unwrap(src, target());
        HandlerStatus status = judge(result);
        if (status == CLEAN) {
          return CLEAN;
        }
      }
    } finally {
      src.compact();
    }
  }

  /** A record is taken out where the next handler reads, if it is sure to have room for it. */
  private ByteBuffer target() {
    return dst.remaining() >= plain.capacity() ? dst : plain;
  }

  /** Whether nothing is left that the next handler had no room for. */
  private boolean handOn() {
    plain.flip();
    int octets = Math.min(plain.remaining(), dst.remaining());
    dst.put(dst.position(), plain, plain.position(), octets).position(dst.position() + octets);
    plain.position(plain.position() + octets).compact();
    return plain.position() == 0;
  }

  private HandlerStatus judge(SSLEngineResult result) throws Exception {
    return switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> CLEAN;
      case CLOSED -> throw new EOFException("the other side has ended TLS");
      case BUFFER_OVERFLOW -> throw new SSLException("a record is longer than one may be");
      case OK -> {
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
          channel.outboundPipeline().wakeup(); // keys are renewed
        }
        yield result.bytesConsumed() == 0 ? CLEAN : DIRTY;
      }
    };
  }
}
