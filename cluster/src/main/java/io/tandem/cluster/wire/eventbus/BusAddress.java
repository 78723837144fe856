package io.tandem.cluster.wire.eventbus;

import io.tandem.registry.NodeId;
import org.jspecify.annotations.Nullable;

/** What the event bus calls a node: the address it listens at, and the names it is reached by. */
final class BusAddress {

  private BusAddress() {}

  /** The one address that this life of the node listens at, {@code name#incarnation}. */
  static String of(NodeId node) {
    return node.text();
  }

  /**
   * The name of the node for the bus, which has one connection for each name: the next way to the
   * same node has another one.
   *
   * @param way counts from 0
   */
  static String name(NodeId node, int way) {
    return of(node) + '/' + way;
  }

  /** The node that an address or a name speaks of; null for any other text. */
  static @Nullable NodeId node(String text) {
    int hash = text.lastIndexOf('#');
    int slash = text.indexOf('/', hash);
    if (hash < 1) {
      return null;
    }
    try {
      String incarnation = text.substring(hash + 1, slash < 0 ? text.length() : slash);
      return new NodeId(text.substring(0, hash), Long.parseUnsignedLong(incarnation));
    } catch (NumberFormatException noNode) {
      return null;
    }
  }
}
