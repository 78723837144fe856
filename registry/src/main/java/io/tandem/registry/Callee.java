package io.tandem.registry;

/**
 * One callee behind a registration: where its session lives and what it asked for.
 *
 * @param ordinal its place in the order of registration, given by the shared record; grows for
 *     every callee that a registration ever had
 * @param discloseCaller whether this callee asked to be told who calls (RPC-IDENT-07)
 * @param forwardTimeout whether this callee watches the call's timeout itself (RPC-TMO-04)
 * @param replaces whether it takes the place of whoever offered the procedure before (RPC-SHR-09)
 */
public record Callee(
    NodeId node,
    int lane,
    long session,
    long ordinal,
    boolean discloseCaller,
    boolean forwardTimeout,
    boolean replaces) {

  /** A callee that replaces nobody. */
  public Callee(
      NodeId node,
      int lane,
      long session,
      long ordinal,
      boolean discloseCaller,
      boolean forwardTimeout) {
    this(node, lane, session, ordinal, discloseCaller, forwardTimeout, false);
  }

  /** The same callee at this place in the order. */
  public Callee at(long newOrdinal) {
    return new Callee(node, lane, session, newOrdinal, discloseCaller, forwardTimeout, replaces);
  }

  /** Whether both are the registration of the same session. */
  public boolean sameSession(Callee other) {
    return session == other.session && lane == other.lane && node.equals(other.node);
  }
}
