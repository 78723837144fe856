package io.tandem.node.transport;

import io.tandem.node.router.Rate;
import io.tandem.node.session.SessionMachine;
import io.tandem.node.session.Transport;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A transport as the door sees it that it came in by, and whose client is read by turns. Belongs to
 * its lane.
 */
interface DoorTransport extends Transport {

  /** The conversation on it. */
  SessionMachine machine();

  /** When the client is read from, and how much. */
  ReadTurns turns();

  /** Whether nothing more is taken from the client. */
  boolean isClosing();

  /** The client's network address; null where it has none. */
  @Nullable InetSocketAddress address();

  /** Has the task run when nothing is left of the transport. */
  void onClosed(Runnable task);

  @Override
  default void pace(@Nullable Rate rate) {
    turns().limit(rate);
  }

  @Override
  default void hold() {
    turns().hold();
  }

  @Override
  default void release() {
    turns().release();
  }

  @Override
  default void whenAwake(Runnable task) {
    turns().whenAwake(task);
  }

  @Override
  default boolean isBehind() {
    return turns().isBehind();
  }

  @Override
  default void readNoMore() {
    turns().readNoMore();
  }
}
