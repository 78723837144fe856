package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names and codes by which operators and clients know why something ended. */
class CauseNamesTest {

  @ParameterizedTest
  @CsvSource({
    "GOODBYE, goodbye, 1000",
    "NODE_LEAVES, node_leaves, 1001",
    "PROTOCOL_VIOLATION, protocol_violation, 1002",
    "NOT_UTF8, not_utf8, 1007",
    "SLOW_READER, slow_reader, 1008",
    "MESSAGE_TOO_LONG, message_too_long, 1009",
    "INTERNAL_ERROR, internal_error, 1011",
    "NODE_STARTS_OVER, node_starts_over, 1012",
    "MEMORY, memory, 1013",
  })
  void closeHasALabelAndACode(CloseCause cause, String label, int code) {
    assertThat(cause.label()).isEqualTo(label);
    assertThat(cause.closeCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST, bad_request, 400",
    "ORIGIN, origin, 403",
    "PATH, path, 404",
    "VERSION, version, 426",
    "TOO_MANY_CONNECTIONS, too_many_connections, 503",
    "NO_RAWSOCKET, no_rawsocket, 0",
    "TLS, tls, 0",
  })
  void refusalHasALabelAndAStatusWhereItIsHttp(HandshakeRefusal why, String label, int status) {
    assertThat(why.label()).isEqualTo(label);
    assertThat(why.status()).isEqualTo(status);
  }

  @Test
  void everyReasonIsCountedForItself() {
    RouterMetrics metrics = new RouterMetrics();
    for (RouterMetrics.Drop drop : RouterMetrics.Drop.values()) {
      metrics.drops(drop).add(drop.ordinal());
    }
    for (CloseCause cause : CloseCause.values()) {
      metrics.closes(cause).add(cause.ordinal());
    }
    for (HandshakeRefusal why : HandshakeRefusal.values()) {
      metrics.refusals(why).add(why.ordinal());
    }
    for (RouterMetrics.Drop drop : RouterMetrics.Drop.values()) {
      assertThat(metrics.drops(drop).sum()).isEqualTo(drop.ordinal());
    }
    for (CloseCause cause : CloseCause.values()) {
      assertThat(metrics.closes(cause).sum()).isEqualTo(cause.ordinal());
    }
    for (HandshakeRefusal why : HandshakeRefusal.values()) {
      assertThat(metrics.refusals(why).sum()).isEqualTo(why.ordinal());
    }
  }
}
