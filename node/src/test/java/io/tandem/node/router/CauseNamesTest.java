package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names and codes by which operators and clients know why something ended. */
class CauseNamesTest {

  @ParameterizedTest
  @CsvSource({
    "GOODBYE, goodbye, 1000",
    "NODE_LEAVES, node_leaves, 1001",
    "REBALANCED, rebalanced, 1001",
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
    "NODE_LEAVES, node_leaves, 503",
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
    countsEachForItself(RouterMetrics.Drop.values(), metrics::drops);
    countsEachForItself(CloseCause.values(), metrics::closes);
    countsEachForItself(HandshakeRefusal.values(), metrics::refusals);
  }

  private static <E> void countsEachForItself(E[] reasons, Function<E, LongAdder> counter) {
    for (int i = 0; i < reasons.length; i++) {
      counter.apply(reasons[i]).add(i);
    }
    for (int i = 0; i < reasons.length; i++) {
      assertThat(counter.apply(reasons[i]).sum()).isEqualTo(i);
    }
  }
}
