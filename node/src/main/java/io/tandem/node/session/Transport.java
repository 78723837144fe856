package io.tandem.node.session;

import io.tandem.node.auth.Evidence;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Outbox;
import java.util.Map;

/** The channel under one session after the other. Belongs to its lane. */
public interface Transport extends Outbox {

  /** Where the client connects from, for logs. */
  String peer();

  /**
   * What is known of the client but for how the transport was opened, of which it keeps nothing.
   */
  Evidence evidence();

  @Override
  default Map<String, Object> client() {
    return evidence().told();
  }

  /** Whether something that was read from the client may wait for being treated. */
  boolean isBehind();

  /** Runs the task when the lane may treat what a client has said: at once, but after a freeze. */
  void whenAwake(Runnable task);

  /** Takes nothing from the client any more but what was read from it already. */
  void readNoMore();

  /**
   * Sends what is queued, then closes. Nothing is received any more, and nothing can be sent. Where
   * the client does not read, what is queued is dropped.
   */
  void close(CloseCause cause);
}
