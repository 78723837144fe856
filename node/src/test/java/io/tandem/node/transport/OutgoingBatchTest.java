package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutgoingBatchTest {

  private final ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
  private final EmbeddedChannel channel = new EmbeddedChannel(handler);
  private final OutgoingBatch batch = new OutgoingBatch(Serializer.JSON, 100);

  @AfterEach
  void nothingIsLeft() {
    assertThat(channel.finish()).isFalse();
  }

  private static ByteBuf message(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private String written() {
    batch.write(channel.pipeline().context(handler));
    channel.flush();
    StringBuilder all = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      all.append(next.toString(StandardCharsets.ISO_8859_1));
      next.release();
    }
    return all.toString();
  }

  @Test
  @Conformance("BAT-06")
  void messagesOfATurnAreOneFrameInTheirOrder() {
    batch.add(message("[1]\u001E"));
    batch.add(message("[2,\"two\"]\u001E"));
    assertThat(batch.octets()).isEqualTo(14);
    assertThat(written()).isEqualTo("\u0081\u000E[1]\u001E[2,\"two\"]\u001E");
    assertThat(batch.octets()).isZero();
    assertThat(written()).isEmpty();
  }

  @Test
  void batchTakesWhatFitsAndAtLeastOneMessage() {
    assertThat(batch.fits(1_000)).isTrue();
    ByteBuf message = message("x".repeat(60));
    batch.add(message);
    assertThat(batch.fits(40)).isTrue();
    assertThat(batch.fits(41)).isFalse();
    batch.drop();
    assertThat(message.refCnt()).isZero();
    assertThat(batch.fits(1_000)).isTrue();
  }
}
