package io.tandem.bench.load;

import io.netty.buffer.Unpooled;
import io.tandem.bench.BenchException;
import io.tandem.bench.wire.Wire;
import io.tandem.client.RouterAddress;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The raw relay: a connection says which part it plays, and knows no session. */
public record RelayTarget(RouterAddress relay) implements Target {

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public RouterAddress address(int connection) {
    return relay;
  }

  @Override
  public Future<?> open(Wire wire, Inbox inbox, Role role, String uri) {
    byte[] part =
        (role.name().toLowerCase(Locale.ROOT) + " " + uri).getBytes(StandardCharsets.UTF_8);
    return inbox
        .ask(wire, Unpooled.wrappedBuffer(part))
        .compose(
            answer ->
                Arrays.equals(answer, part)
                    ? Future.succeededFuture()
                    : Future.failedFuture(new BenchException("what answers is no relay")));
  }
}
