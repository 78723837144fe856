package io.tandem.cluster.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import org.junit.jupiter.api.Test;

/** What is kept of a publication. */
class PublicationTest {

  /** Also what its publisher said where its node does not trace. */
  @Test
  void whatIsKeptBelongsToNoTrace() {
    Options traced = Options.of(Keys.TRACEPARENT, "00-1-2-01").with(Keys.TRACESTATE, "a=1");
    Publication kept =
        new Publication(
                1,
                "com.topic",
                2,
                traced.with(Keys.RETAIN, true),
                traced.with(Keys.TRUSTLEVEL, 3L),
                Payload.EMPTY,
                4)
            .apart();

    assertThat(kept.options()).isEqualTo(Options.of(Keys.RETAIN, true));
    assertThat(kept.details()).isEqualTo(Options.of(Keys.TRUSTLEVEL, 3L));
  }
}
