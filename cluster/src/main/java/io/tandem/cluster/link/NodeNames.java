package io.tandem.cluster.link;

import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.NodeId;

/**
 * Nodes in an item. Nearly always it is the sender or the receiver, which takes one octet; any
 * other is written out. Immutable.
 */
final class NodeNames {

  private static final int SENDER = 0;
  private static final int RECEIVER = 1;
  private static final int OTHER = 2;

  private final NodeId self;
  private final NodeId otherNode;

  NodeNames(NodeId self, NodeId otherNode) {
    this.self = self;
    this.otherNode = otherNode;
  }

  void write(FieldWriter out, NodeId node) {
    if (node.equals(self)) {
      out.number(SENDER);
    } else if (node.equals(otherNode)) {
      out.number(RECEIVER);
    } else {
      out.number(OTHER);
      out.text(node.name());
      out.number(node.incarnation());
    }
  }

  NodeId read(FieldReader in) throws MalformedException {
    return switch (in.below(OTHER + 1, "a node")) {
      case SENDER -> otherNode;
      case RECEIVER -> self;
      default -> new NodeId(in.text(), in.number());
    };
  }
}
