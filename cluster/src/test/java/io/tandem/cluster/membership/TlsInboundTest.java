package io.tandem.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.internal.networking.HandlerStatus;
import io.tandem.cluster.proof.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What comes in TLS reaches the next handler whole, however it is cut and however little it takes.
 */
class TlsInboundTest {

  private final List<SSLEngine> sides = Certificates.connected();
  private final TlsInbound inbound = new TlsInbound(sides.get(1));

  /** In TLS, as octets arrive. */
  private ByteBuffer sent(byte[] plain) throws Exception {
    ByteBuffer octets = ByteBuffer.allocate(2 * plain.length + 100_000);
    ByteBuffer left = ByteBuffer.wrap(plain);
    while (left.hasRemaining()) {
      sides.get(0).wrap(left, octets);
    }
    return octets.flip();
  }

  @ParameterizedTest
  @CsvSource({"1000000, 1000000", "7000, 1000000", "1000000, 5000", "7000, 5000", "17, 30000"})
  void allArrivesInOrder(int atOnce, int room) throws Exception {
    byte[] plain = new byte[100_000];
    new Random(5).nextBytes(plain);
    ByteBuffer arriving = sent(plain);
    ByteBuffer next = ByteBuffer.allocate(room);
    ByteBuffer from = ByteBuffer.allocate(200_000);
    inbound.src(from);
    inbound.dst(next);
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    while (arriving.hasRemaining()) {
      int octets = Math.min(atOnce, Math.min(arriving.remaining(), from.remaining()));
      from.put(arriving.slice(arriving.position(), octets));
      arriving.position(arriving.position() + octets);
      HandlerStatus status;
      do {
        status = inbound.onRead();
        arrived.write(next.array(), 0, next.position());
        next.clear();
      } while (status == HandlerStatus.DIRTY);
    }
    assertThat(arrived.toByteArray()).isEqualTo(plain);
  }

  @Test
  void endOfTlsIsTheEndOfTheConnection() throws Exception {
    sides.get(0).closeOutbound();
    ByteBuffer end = ByteBuffer.allocate(100_000);
    sides.get(0).wrap(ByteBuffer.allocate(0), end);
    inbound.src(end);
    inbound.dst(ByteBuffer.allocate(5_000));
    assertThatThrownBy(inbound::onRead).isInstanceOf(EOFException.class);
  }
}
