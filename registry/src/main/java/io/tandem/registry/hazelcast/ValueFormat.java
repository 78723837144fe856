package io.tandem.registry.hazelcast;

import io.tandem.registry.NodeId;

/**
 * How values of a kind become octets, in a way that nodes of different releases can share: a later
 * release appends fields, an earlier one keeps what it does not know when it rewrites a value.
 */
interface ValueFormat<V> {

  /** Reads the fields that this release knows and leaves the rest unread. */
  V read(RecordInput in);

  /** Writes a value that nobody has written before. */
  void write(V value, RecordOutput out);

  /** Writes the successor of a value, with all that this release does not know of it. */
  default void rewrite(V value, RecordInput before, RecordOutput out) {
    read(before);
    write(value, out);
    out.raw(before.rest());
  }

  ValueFormat<NodeId> NODE =
      new ValueFormat<>() {
        @Override
        public NodeId read(RecordInput in) {
          return new NodeId(in.text(), in.bits());
        }

        @Override
        public void write(NodeId value, RecordOutput out) {
          out.text(value.name()).bits(value.incarnation());
        }
      };

  ValueFormat<Long> NUMBER =
      new ValueFormat<>() {
        @Override
        public Long read(RecordInput in) {
          return in.number();
        }

        @Override
        public void write(Long value, RecordOutput out) {
          out.number(value);
        }
      };
}
