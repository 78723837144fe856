package io.tandem.cluster.wire.eventbus;

import io.tandem.cluster.link.Wire;
import io.tandem.registry.NodeId;
import org.jspecify.annotations.Nullable;

/** What the event bus calls a node: the addresses it listens at, and the names it is reached by. */
final class BusAddress {

  private BusAddress() {}

  /**
   * The address of this life of the node for one stream of others: {@code name#incarnation}, with
   * {@code /stream} behind it for those of lanes.
   */
  static String of(NodeId node, int stream) {
    String address = node.text();
    return stream == Wire.NODE ? address : address + '/' + stream;
  }

  /**
   * The name of the node for the bus, which has one connection for each name: the next way to the
   * same node has another one.
   *
   * @param address for one stream
   * @param way counts from 0
   */
  static String name(String address, int way) {
    return address + '.' + way;
  }

  /** The node that an address or a name speaks of; null for any other text. */
  static @Nullable NodeId node(String text) {
    int hash = text.lastIndexOf('#');
    int end = hash + 1;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    if (hash < 1) {
      return null;
    }
    try {
      String incarnation = text.substring(hash + 1, end);
      return new NodeId(text.substring(0, hash), Long.parseUnsignedLong(incarnation));
    } catch (NumberFormatException noNode) {
      return null;
    }
  }
}
