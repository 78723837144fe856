package io.tandem.bench.load;

import io.tandem.bench.wire.Wire;
import io.tandem.client.RouterAddress;
import io.vertx.core.Future;

/** What a load is put on. */
public sealed interface Target permits RouterTarget, RelayTarget {

  /** What a connection does. */
  enum Role {
    CALLEE,
    CALLER,
    SUBSCRIBER,
    PUBLISHER
  }

  /** A short name for figures. */
  String name();

  /** Where the connection with this number goes. */
  RouterAddress address(int connection);

  /** Makes a fresh wire play its role for this procedure or topic. On the wire's event loop. */
  Future<?> open(Wire wire, Inbox inbox, Role role, String uri);
}
