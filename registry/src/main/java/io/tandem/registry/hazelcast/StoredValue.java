package io.tandem.registry.hazelcast;

import java.util.Arrays;

/**
 * What stands in Hazelcast for one record: its body, and who wrote it. Every write is an operation
 * with a number of its own, so that a writer whose answer got lost finds its success here, even
 * after others have written too. Immutable.
 *
 * <p>As octets: the layout (1), birth, number of writes since, the latest operations, body.
 */
final class StoredValue {

  /** How many operations a record remembers: what others may write before an answer is missed. */
  static final int REMEMBERED = 8;

  private static final int LAYOUT = 1;

  /** The operation that made the record. */
  private final long birth;

  /** How many operations rewrote it since. */
  private final long writes;

  /** The latest of these, newest first. */
  private final long[] latest;

  private final byte[] body;

  private StoredValue(long birth, long writes, long[] latest, byte[] body) {
    this.birth = birth;
    this.writes = writes;
    this.latest = latest;
    this.body = body;
  }

  /** A record that did not exist before. */
  static StoredValue born(long operation, byte[] body) {
    return new StoredValue(operation, 0, new long[0], body);
  }

  /** The record after this operation. */
  StoredValue rewritten(long operation, byte[] newBody) {
    long[] longer = new long[Math.min(latest.length + 1, REMEMBERED)];
    longer[0] = operation;
    System.arraycopy(latest, 0, longer, 1, longer.length - 1);
    return new StoredValue(birth, writes + 1, longer, newBody);
  }

  /** The fields of the value, for its {@link ValueFormat}. */
  RecordInput body() {
    return new RecordInput(body);
  }

  /** Whether this operation made the record. */
  boolean isBornOf(long operation) {
    return birth == operation;
  }

  /** Whether this operation is known to have made or rewritten the record. */
  boolean knows(long operation) {
    return birth == operation || Arrays.stream(latest).anyMatch(known -> known == operation);
  }

  /** Whether an operation on the earlier record that is not known here can have happened. */
  boolean forgot(StoredValue earlier) {
    return birth == earlier.birth && writes - earlier.writes > REMEMBERED;
  }

  byte[] encode() {
    RecordOutput out = new RecordOutput().octet(LAYOUT).bits(birth).number(writes);
    out.number(latest.length);
    for (long operation : latest) {
      out.bits(operation);
    }
    return out.raw(body).toByteArray();
  }

  static StoredValue decode(byte[] octets) {
    RecordInput in = new RecordInput(octets);
    int layout = in.octet();
    if (layout != LAYOUT) {
      throw new IllegalArgumentException("a shared record has the unknown layout " + layout);
    }
    long birth = in.bits();
    long writes = in.number();
    long[] latest = new long[in.count()];
    for (int index = 0; index < latest.length; index++) {
      latest[index] = in.bits();
    }
    return new StoredValue(birth, writes, latest, in.rest());
  }
}
