package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a long-poll client has sent and is not treated, in the order in which it came (LP-07); a
 * request is answered when all that it has brought is. Belongs to its lane's event loop.
 */
final class LongPollInput {

  /**
   * What a client sends.
   *
   * @param body null for the end of the transport
   */
  record Sent(@Nullable ByteBuf body, Asked poll) {

    private int octets() {
      return body == null ? 0 : body.readableBytes();
    }
  }

  /** The request that it came with. */
  interface Asked {

    /** Answers without a body, or with a line that says why not. */
    void answer(int status, @Nullable String line);
  }

  /** Who takes the messages. */
  interface Taker {

    /** A whole message; the buffer stays the caller's. */
    void received(ByteBuf message);

    /** What was sent is no message. */
    void violated(String how);

    /** Whether the transport ends since the client has broken the protocol. */
    boolean hasViolated();

    /** The client has shown how it separates messages. */
    void batchesAre(Framing framing);

    /** The client has ended the transport. */
    void closedByClient(Asked poll);

    boolean isClosing();
  }

  private final ReadTurns turns;
  private final Taker taker;
  private final @Nullable IncomingBatch batch;
  private final Deque<Sent> unread = new ArrayDeque<>();
  private long octets;
  private boolean hasBegun;

  LongPollInput(ReadTurns turns, Subprotocol subprotocol, Taker taker) {
    this.turns = turns;
    this.taker = taker;
    this.batch =
        subprotocol.isBatched() ? new IncomingBatch(subprotocol.serializer().isText()) : null;
  }

  /** Octets that wait. */
  long octets() {
    return octets;
  }

  /** Something has come, which has its turn, or waits for it. */
  void arrived(Sent sent) {
    unread.add(sent);
    octets += sent.octets();
    turns.arrived(sent);
  }

  /** Has as much treated as the client may send now. */
  void read() {
    while (!taker.isClosing() && !unread.isEmpty() && turns.mayReadOn()) {
      ByteBuf body = unread.element().body();
      if (body == null) {
        taker.closedByClient(remove());
      } else if (!turns.mayTakeMessage() || !isTreated(body)) {
        return;
      } else if (taker.hasViolated()) {
        remove().answer(Poll.BAD_REQUEST, "this breaks the protocol"); // LP-09
      } else {
        remove().answer(Poll.NO_CONTENT, null); // 204 and not 202 (LP-08)
      }
    }
    if (taker.isClosing()) {
      ignoreRest();
    }
  }

  private Asked remove() {
    Sent sent = unread.remove();
    octets -= sent.octets();
    return sent.poll();
  }

  /** Treats what one request has brought; false when a part is left for later. */
  private boolean isTreated(ByteBuf body) {
    if (batch == null) {
      turns.took();
      taker.received(body.duplicate());
      return true;
    }
    if (batch.isEmpty()) {
      if (!batch.begin(body)) {
        taker.violated("this is no batch");
        return true;
      }
      if (!hasBegun) {
        hasBegun = true;
        taker.batchesAre(batch.framing());
      }
    }
    batch.read(
        message -> {
          turns.took();
          taker.received(message);
        },
        () -> taker.isClosing() || (turns.mayReadOn() && turns.mayTakeMessage()));
    return batch.isEmpty();
  }

  /**
   * Nothing more is treated. Who only wants the transport to end has what it asked for, and what
   * was sent has met the end of the session, as it may on any connection: the request for messages
   * tells of it, and it alone. AutobahnJS takes each request that fails for a loss of its own.
   */
  void ignoreRest() {
    unread.forEach(sent -> sent.poll().answer(Poll.NO_CONTENT, null));
    unread.clear();
    octets = 0;
    if (batch != null) {
      batch.drop();
    }
  }
}
