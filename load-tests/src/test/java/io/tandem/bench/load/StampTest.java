package io.tandem.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StampTest {

  private final ByteSink sink = new ByteSink();

  @ParameterizedTest
  @EnumSource(Serializer.class)
  void timeTravelsInThePayload(Serializer serializer) {
    Stamp sender = new Stamp();
    Stamp receiver = new Stamp();
    Payload payload = Payload.encode(serializer, List.of(Stamp.payload(256)), Map.of());
    for (long time : new long[] {0, 1, 1_234_567_890_123L, Long.MAX_VALUE}) {
      Sender.encode(
          new Publish(time % 1000 + 1, Options.EMPTY, "a.topic", payload), serializer, sink);
      sender.write(sink.array(), sink.length(), time);
      assertThat(receiver.read(Unpooled.wrappedBuffer(sink.array(), 0, sink.length())))
          .isEqualTo(time);
    }
  }

  @ParameterizedTest
  @EnumSource(Serializer.class)
  void messageWithoutStampHasNone(Serializer serializer) {
    WampMessage message = new Event(1, 2, Options.EMPTY, Payload.EMPTY);
    Sender.encode(message, serializer, sink);
    assertThat(new Stamp().read(Unpooled.wrappedBuffer(sink.array(), 0, sink.length())))
        .isEqualTo(Stamp.ABSENT);
  }
}
