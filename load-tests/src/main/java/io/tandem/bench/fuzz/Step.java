package io.tandem.bench.fuzz;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Octets that are sent in one go.
 *
 * @param waits whether the node is given some time to say something first, as WELCOME
 * @param reply makes the octets of what was heard; null where they are known
 * @param octets as they are; empty where they depend on what is heard
 */
@SuppressWarnings("ArrayRecordComponent") // compared with nothing
record Step(boolean waits, @Nullable Reply reply, byte[] octets) {

  /** Makes octets of what the node has said. */
  @FunctionalInterface
  interface Reply {

    /**
     * Frames, ready to be sent.
     *
     * @param heard the values of its last message
     */
    byte[] to(List<@Nullable Object> heard);
  }

  static Step of(byte[] octets) {
    return new Step(false, null, octets);
  }

  /** The same, when the node has said something. */
  static Step after(byte[] octets) {
    return new Step(true, null, octets);
  }

  static Step of(Reply reply) {
    return new Step(true, reply, new byte[0]);
  }

  byte[] octets(List<@Nullable Object> heard) {
    return reply == null ? octets : reply.to(heard);
  }
}
