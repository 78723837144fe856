package io.tandem.node.router;

import io.tandem.registry.Callee;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls of one session in order when a callee cannot take one of them (O1, ORD-03). Made
 * for a session that has more than one call under way; owned by its lane.
 *
 * <p>A call that was refused is placed again where no later call of the session has gone. Its later
 * calls wait until every call that is on its way to the callee that has left is decided, which its
 * lane does in their order: refused, or failed by the callee's end. The wait is bounded: in number
 * by the calls that a session may have, in time by {@link #PATIENCE}.
 */
final class CallOrder {

  /** Longest wait for the verdict on calls that are on their way to a callee that has left. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  private static final int SLOTS = 64;
  private static final int MOST_KNOWN = 48;

  // The newest call that each callee was given, by its session: an open hash table without boxes.
  private final long[] callees = new long[SLOTS];
  private final long[] newest = new long[SLOTS];
  private int known;

  /** What a callee that is not in the table may have been given. */
  private long newestOfOthers;

  /** By number: calls on their way to a callee that has refused an earlier one. */
  private final TreeMap<Long, PendingCall> undecided = new TreeMap<>();

  /** By number: calls that have no callee. */
  private final TreeMap<Long, PendingCall> waiting = new TreeMap<>();

  private Scheduler.@Nullable Timer patience;

  /** Whether waiting calls are being placed now. */
  boolean proceeding;

  // ---- who was given what ----

  /**
   * The callee is given this call, or a part of it, while an earlier one of the session is under
   * way.
   */
  void given(Callee callee, PendingCall call) {
    long number = call.nextCall();
    int slot = slot(callee);
    if (callees[slot] == 0) {
      if (known == MOST_KNOWN) {
        forget();
        newestOfOthers = number;
        slot = slot(callee);
      }
      callees[slot] = callee.session();
      known++;
    }
    newest[slot] = Math.max(newest[slot], number);
  }

  /** Whether the callee was given a later call of the session than this one. */
  boolean isOvertaken(PendingCall call, Callee callee) {
    int slot = slot(callee);
    return (callees[slot] == 0 ? newestOfOthers : newest[slot]) > call.number();
  }

  /** The slot of the callee, or the free one where it belongs. */
  private int slot(Callee callee) {
    int slot = (int) ((callee.session() * 0x9E3779B97F4A7C15L) >>> 58);
    while (callees[slot] != 0 && callees[slot] != callee.session()) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    return slot;
  }

  private void forget() {
    if (known > 0) {
      Arrays.fill(callees, 0);
      Arrays.fill(newest, 0);
      known = 0;
    }
    newestOfOthers = 0;
  }

  // ---- who waits ----

  /** Whether a new call has to wait for its place. */
  boolean holds() {
    return !waiting.isEmpty() || !undecided.isEmpty();
  }

  /** The call waits for its place. */
  void await(PendingCall call) {
    call.waited = true;
    waiting.put(call.number(), call);
  }

  /**
   * The callee that refused the call has left: what it was sent later, for whichever of its
   * registrations, is undecided until its lane has told.
   */
  void left(Callee callee, PendingCall refused) {
    if (undecided.containsKey(refused.number())) {
      return;
    }
    for (PendingCall call : refused.caller.calls.values()) {
      if (call.number() > refused.number() && call.isAt(callee)) {
        undecided.put(call.number(), call);
      }
    }
  }

  /** The call is refused, or over; returns whether others may go on by that. */
  boolean decided(PendingCall call) {
    waiting.remove(call.number());
    return undecided.remove(call.number()) != null;
  }

  /** No call of the session is under way. */
  void rest() {
    forget();
    stopWaiting();
  }

  /** The call that has its turn, which waits no longer; null when there is none. */
  @Nullable PendingCall next() {
    boolean isHeld =
        !waiting.isEmpty() && !undecided.isEmpty() && undecided.firstKey() < waiting.firstKey();
    return waiting.isEmpty() || isHeld ? null : waiting.pollFirstEntry().getValue();
  }

  /** Bounds the wait, where there is one. */
  void watch(Scheduler scheduler, Runnable goOn) {
    if (undecided.isEmpty()) {
      stopWaiting();
    } else if (patience == null) {
      patience =
          scheduler.schedule(
              PATIENCE,
              () -> {
                patience = null;
                undecided.clear();
                goOn.run();
              });
    }
  }

  void stopWaiting() {
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
  }
}
