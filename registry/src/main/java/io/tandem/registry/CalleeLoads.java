package io.tandem.registry;

import java.util.concurrent.ConcurrentHashMap;

/**
 * How many calls callees of one realm have now that this node's callers have made through {@link
 * InvocationPolicy#LEAST_BUSY} registrations. What callers of other nodes have made is not known
 * here. Any thread; as large as there are callees with such calls.
 */
public final class CalleeLoads {

  private final ConcurrentHashMap<Long, Integer> bySession = new ConcurrentHashMap<>();

  /** The session is given a call more. */
  public void begin(long session) {
    bySession.merge(session, 1, Integer::sum);
  }

  /** One of the session's calls is over, or goes to another one. */
  public void end(long session) {
    bySession.computeIfPresent(session, (id, calls) -> calls == 1 ? null : calls - 1);
  }

  int of(long session) {
    return bySession.getOrDefault(session, 0);
  }

  /** How many callees have such calls. */
  public int callees() {
    return bySession.size();
  }
}
