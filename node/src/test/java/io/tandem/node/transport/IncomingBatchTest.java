package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches whose client may not have all of its messages treated in one turn. */
class IncomingBatchTest {

  private final List<String> taken = new ArrayList<>();

  private static ByteBuf batch(boolean isText, String... messages) {
    ByteBuf batch = Unpooled.buffer();
    for (String message : messages) {
      byte[] octets = message.getBytes(StandardCharsets.UTF_8);
      if (isText) {
        batch.writeBytes(octets).writeByte(Framing.SEPARATOR);
      } else {
        batch.writeInt(octets.length).writeBytes(octets);
      }
    }
    return batch;
  }

  private void read(IncomingBatch batch, int most) {
    int end = taken.size() + most;
    batch.read(
        message -> taken.add(message.toString(StandardCharsets.UTF_8)), () -> taken.size() < end);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatMayNotBeTreatedYetWaitsAndComesInOrder(boolean isText) {
    IncomingBatch batch = new IncomingBatch(isText);
    ByteBuf octets = batch(isText, "one", "two", "three");
    assertThat(batch.begin(octets)).isTrue();
    read(batch, 0);
    assertThat(taken).isEmpty();
    read(batch, 2);
    assertThat(taken).containsExactly("one", "two");
    assertThat(batch.isEmpty()).isFalse();
    assertThat(octets.refCnt()).as("the batch and whoever gave it").isEqualTo(2);
    read(batch, 2);
    assertThat(taken).containsExactly("one", "two", "three");
    assertThat(batch.isEmpty()).isTrue();
    assertThat(octets.refCnt()).as("whoever gave it").isEqualTo(1);
    octets.release();
  }
}
