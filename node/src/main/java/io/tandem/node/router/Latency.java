package io.tandem.node.router;

import java.util.Locale;

/** What a router measures the time of; the names are metric labels. */
public enum Latency {
  /** From a client's CALL until it is over: answered, canceled or timed out. */
  CALL,
  /** From an INVOCATION for a client until its final YIELD or ERROR. */
  INVOCATION,
  /**
   * From a PUBLISH, or its arrival from another node, until all subscribers of a lane have the
   * EVENT in their queues.
   */
  PUBLICATION,
  /** Until the record and the other nodes know of the first subscriber that a lane has. */
  SUBSCRIBE,
  /** Until the record and the other nodes know of a registration. */
  REGISTER,
  /** From HELLO to WELCOME or ABORT, the client's time for its proof included. */
  LOGIN,
  /** What an authenticator takes that is a procedure or blocks. */
  AUTHENTICATOR,
  /** What an authorizer takes that does not decide at once. */
  AUTHORIZER,
  /** By how much a loop is late with what is due: it had something else to do. */
  TURN;

  /** As a label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
