package io.tandem.node.router;

import io.tandem.registry.Histogram;
import io.tandem.registry.Scheduler;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts. Any thread adds; the management port reads. Every drop has a reason here. */
public final class RouterMetrics {

  /** Why something was dropped without an answer to anybody. */
  public enum Drop {
    /** A PUBLISH without acknowledge that was refused: its URI, its rights, its options (PS-13). */
    PUBLICATION_REFUSED,
    /** An EVENT longer than its receiver, or a link between nodes, accepts (TR-04). */
    EVENT_TOO_LONG,
    /** An EVENT that its receiver's serializer cannot carry (SER-09). */
    EVENT_UNTRANSLATABLE,
    /** An EVENT for a client inside the node that has too much waiting. */
    EVENT_RECEIVER_FULL,
    /** An EVENT for a session that was just closed. */
    EVENT_SESSION_CLOSED,
    /** An event for a lane that has too much waiting. */
    EVENT_LANE_FULL,
    /** An event for a node that has too much waiting. */
    EVENT_LINK_FULL,
    /** Something for a node whose release does not know it. */
    NODE_TOO_OLD,
    /** A YIELD or ERROR for an invocation that is over (RPC-12). */
    LATE_ANSWER,
    /** A further CALL of a call that is over (RPC-PCI-10). */
    LATE_PART,
    /** A progressive YIELD that nobody asked for (RPC-PROG-07). */
    UNWANTED_PROGRESS,
    /** An event, or the answer to a call, for a node that the link does not reach now. */
    NODE_UNREACHABLE
  }

  public final LongAdder sessionsOpened = new LongAdder();
  public final LongAdder sessionsClosed = new LongAdder();
  public final LongAdder publications = new LongAdder();
  public final LongAdder events = new LongAdder();
  public final LongAdder calls = new LongAdder();

  /** Requests refused since their session makes the node keep too much. */
  public final LongAdder memoryRefusals = new LongAdder();

  /** Questions to authorizer procedures, and requests on which none, or no authorizer, decided. */
  public final LongAdder authorizerCalls = new LongAdder();

  public final LongAdder authorizerFailures = new LongAdder();

  /** Logins that failed by the client's fault, and attempts refused since it has to pause. */
  public final LongAdder loginsFailed = new LongAdder();

  public final LongAdder loginsPaused = new LongAdder();

  /** Realms opened by a template, and joins refused since it has as many as it may. */
  public final LongAdder realmsMade = new LongAdder();

  public final LongAdder realmsRefused = new LongAdder();

  /** How often a client was held since it sent faster than it may. */
  public final LongAdder rateHolds = new LongAdder();

  public final LongAdder invocations = new LongAdder();
  public final LongAdder requestIdGaps = new LongAdder();

  /** How calls of clients have failed. */
  public final CallErrors callErrors = new CallErrors();

  private final Map<Latency, Histogram> latencies = new EnumMap<>(Latency.class);
  private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);
  private final Map<CloseCause, LongAdder> closes = new EnumMap<>(CloseCause.class);
  private final Map<HandshakeRefusal, LongAdder> refusals = new EnumMap<>(HandshakeRefusal.class);

  public RouterMetrics() {
    for (Latency latency : Latency.values()) {
      latencies.put(latency, Histogram.ofTimes());
    }
    for (Drop drop : Drop.values()) {
      drops.put(drop, new LongAdder());
    }
    for (CloseCause cause : CloseCause.values()) {
      closes.put(cause, new LongAdder());
    }
    for (HandshakeRefusal reason : HandshakeRefusal.values()) {
      refusals.put(reason, new LongAdder());
    }
  }

  /** How long it took, in nanoseconds. */
  @SuppressWarnings("NullAway") // the constructor fills the map
  public Histogram latency(Latency of) {
    return latencies.get(of);
  }

  /**
   * Measures how long it takes from now on.
   *
   * @param clock read now, and by whoever completes it
   * @return the same
   */
  public <T> CompletionStage<T> measured(Latency of, Scheduler clock, CompletionStage<T> underWay) {
    long begun = clock.nanoTime();
    underWay.whenComplete((done, failure) -> latency(of).add(clock.nanoTime() - begun));
    return underWay;
  }

  /** Things dropped for this reason. */
  @SuppressWarnings("NullAway") // the constructor fills the map
  public LongAdder drops(Drop reason) {
    return drops.get(reason);
  }

  /** Transports closed for this cause. */
  @SuppressWarnings("NullAway") // the constructor fills the map
  public LongAdder closes(CloseCause cause) {
    return closes.get(cause);
  }

  /** Connections refused, before they were transports, for this reason. */
  @SuppressWarnings("NullAway") // the constructor fills the map
  public LongAdder refusals(HandshakeRefusal reason) {
    return refusals.get(reason);
  }
}
