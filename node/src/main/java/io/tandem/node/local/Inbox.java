package io.tandem.node.local;

import io.tandem.node.router.Outbox;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.SharedMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What the router has sent to a {@link LocalClient} and that has not looked at yet. It looks in
 * turns of its own, never in the middle of what its broker or dealer does. Bounded: events and
 * invocations beyond the bound are turned away, answers never, of which there are no more than
 * requests. Belongs to its lane.
 */
final class Inbox implements Outbox {

  /** In octets, as {@link #weight} counts. */
  static final int BOUND = 1 << 20;

  /** Messages that one turn treats. */
  private static final int PER_TURN = 256;

  private static final int OVERHEAD = 256;

  private final Executor lane;
  private final Consumer<WampMessage> receiver;
  private final Runnable released;
  private final Queue<WampMessage> messages = new ArrayDeque<>();
  private int octets;
  private int holds;
  private boolean awake;
  private boolean closed;

  /**
   * @param lane runs tasks on the lane's thread
   * @param receiver takes the messages, in order
   * @param released is run when it is held no more
   */
  Inbox(Executor lane, Consumer<WampMessage> receiver, Runnable released) {
    this.lane = lane;
    this.receiver = receiver;
    this.released = released;
  }

  @Override
  public Serializer serializer() {
    return Serializer.JSON;
  }

  @Override
  public SendResult send(SharedMessage message) {
    return send(message.message());
  }

  @Override
  public SendResult send(WampMessage message) {
    if (closed) {
      return SendResult.CLOSED;
    }
    boolean canBeTurnedAway = message instanceof Event || message instanceof Invocation;
    if (canBeTurnedAway && octets >= BOUND) {
      return SendResult.FULL;
    }
    octets += weight(message);
    messages.add(message);
    wake();
    return SendResult.SENT;
  }

  private static int weight(WampMessage message) {
    if (message instanceof Event event) {
      return OVERHEAD + event.payload().length();
    } else if (message instanceof Invocation invocation) {
      return OVERHEAD + invocation.payload().length();
    }
    return 0;
  }

  private void wake() {
    if (!awake) {
      awake = true;
      lane.execute(this::turn);
    }
  }

  private void turn() {
    awake = false;
    try {
      for (int left = PER_TURN; left > 0 && !messages.isEmpty(); left--) {
        WampMessage message = messages.remove();
        octets -= weight(message);
        receiver.accept(message);
      }
    } finally {
      if (!messages.isEmpty()) {
        wake();
      }
    }
  }

  @Override
  public boolean isCrowded() {
    return octets > BOUND / 2;
  }

  @Override
  public void hold() {
    holds++;
  }

  @Override
  public void release() {
    if (--holds == 0) {
      lane.execute(released);
    }
  }

  /** Whether the client must say nothing now. */
  boolean isHeld() {
    return holds > 0;
  }

  /** Takes nothing more, and forgets what is in. */
  void close() {
    closed = true;
    messages.clear();
    octets = 0;
  }
}
