package io.tandem.node.router;

import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way out to one client. Belongs to its session's lane. Sending never blocks: messages are
 * queued, in order, up to a bound in bytes; a message beyond it closes the transport. The session
 * does not end before the sender has returned: it may be in the middle of a fan-out.
 */
public interface Outbox {

  /** How messages to this client are encoded. */
  Serializer serializer();

  /**
   * What others may be told of the transport, by name (META-SES-01): neither credentials nor
   * headers.
   */
  default Map<String, String> transport() {
    return Map.of();
  }

  /** What procedures are told of the client that judge what it may do; no secrets. */
  default Map<String, Object> client() {
    return Map.of();
  }

  /** Queues a message. */
  SendResult send(WampMessage message);

  /** Queues a message that other clients get too, encoded once for all alike. */
  SendResult send(SharedMessage message);

  /**
   * Whether half of what may wait for the client waits: others must not close it by their calls.
   */
  boolean isCrowded();

  /** The client is read no faster from now on; null for as fast as it sends. */
  default void pace(@Nullable Rate rate) {}

  /** Stops taking input from the client until {@link #release}; calls nest. */
  void hold();

  /** Takes input again. */
  void release();
}
