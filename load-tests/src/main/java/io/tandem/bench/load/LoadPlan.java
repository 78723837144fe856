package io.tandem.bench.load;

import io.tandem.protocol.wire.Serializer;

/**
 * What is sent.
 *
 * @param kind calls or publications
 * @param serializer encoding of all messages
 * @param connections callers, each with a callee of its own, or publishers, each with a topic
 * @param fanout subscribers of each topic
 * @param payloadBytes length of the one text argument
 * @param rate calls or publications per second, all connections together; 0 for closed loops: each
 *     connection sends the next message when one was answered, or delivered to all
 * @param window messages that each closed loop has under way
 * @param eventLoops of the generator
 */
public record LoadPlan(
    Kind kind,
    Serializer serializer,
    int connections,
    int fanout,
    int payloadBytes,
    double rate,
    int window,
    int eventLoops) {

  /** The shortest payload that can be measured. */
  public static final int MIN_PAYLOAD = Stamp.LENGTH;

  /** The two things that a router does. */
  public enum Kind {
    /** A call, answered by a callee with what it was called with. */
    RPC("call", "calls"),
    /** A publication, delivered to the subscribers of its topic. */
    PUBSUB("delivery", "deliveries");

    private final String unit;
    private final String units;

    Kind(String unit, String units) {
      this.unit = unit;
      this.units = units;
    }

    /** What is counted. */
    public String unit() {
      return unit;
    }

    /** Many of them. */
    public String units() {
      return units;
    }
  }

  public boolean isClosedLoop() {
    return rate == 0;
  }

  /** How many messages are counted for each one sent. */
  public int receivedPerSent() {
    return kind == Kind.RPC ? 1 : fanout;
  }
}
