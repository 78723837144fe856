package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What stays of a message when the next one begins. */
class ByteSinkTest {

  private final ByteSink sink = new ByteSink(16);

  @Test
  void arrayIsKeptForTheNextMessageUnlessThisOneMadeItTooLarge() {
    sink.write(new byte[100], 0, 100);
    byte[] grown = sink.array();
    sink.reset(grown.length);
    assertThat(sink.array()).isSameAs(grown);
    sink.reset(grown.length - 1);
    assertThat(sink.array()).hasSize(16);
    sink.write(7);
    assertThat(sink.toByteArray()).containsExactly(7);
  }
}
