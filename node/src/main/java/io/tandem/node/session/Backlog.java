package io.tandem.node.session;

import io.tandem.node.router.Outbox;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a client has said behind a request that nobody has decided on yet: it is treated after that
 * (ORD-01). Where there is much of it nothing more is read from the client. Answers to invocations,
 * for which others wait, and ABORT pass by. Belongs to its lane.
 */
final class Backlog {

  /** So many messages may wait before the client is held; what was read already comes on top. */
  static final int MOST = 64;

  /**
   * A message of the client.
   *
   * @param refusal why its payload is not there though there was one; or null
   */
  record Said(WampMessage message, @Nullable String refusal) {}

  private final Outbox client;
  private final Deque<Said> said = new ArrayDeque<>();
  private boolean waits;
  private boolean holds;

  Backlog(Outbox client) {
    this.client = client;
  }

  /** From now on messages wait. */
  void await() {
    waits = true;
  }

  /** What was waited for is there. */
  void arrived() {
    waits = false;
  }

  /** Whether the message has to wait, and now does. */
  boolean takes(WampMessage message, @Nullable String refusal) {
    boolean passes =
        message instanceof Yield || message instanceof ErrorMessage || message instanceof Abort;
    if (passes || !(waits || !said.isEmpty())) {
      return false;
    }
    said.add(new Said(message, refusal));
    if (said.size() == MOST && !holds) {
      holds = true;
      client.hold();
    }
    return true;
  }

  /** The next message whose time has come; null when there is none. */
  @Nullable Said next() {
    if (waits) {
      return null;
    }
    Said next = said.poll();
    if (said.isEmpty()) {
      release();
    }
    return next;
  }

  boolean isEmpty() {
    return said.isEmpty();
  }

  /** Nobody is there any more who said it. */
  void clear() {
    waits = false;
    said.clear();
    release();
  }

  private void release() {
    if (holds) {
      holds = false;
      client.release();
    }
  }
}
