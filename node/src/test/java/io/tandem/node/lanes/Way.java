package io.tandem.node.lanes;

import io.tandem.client.TransportOptions;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.wire.Serializer;
import java.util.List;

/** How a session reaches the node: one of the transports with one of the serializers. */
record Way(boolean rawSocket, Serializer serializer) {

  private static final List<Way> ALL =
      List.of(
          new Way(false, Serializer.JSON),
          new Way(true, Serializer.MSGPACK),
          new Way(false, Serializer.CBOR),
          new Way(true, Serializer.JSON),
          new Way(false, Serializer.MSGPACK),
          new Way(true, Serializer.CBOR));

  /** The ways in turn. */
  static Way of(int number) {
    return ALL.get(number % ALL.size());
  }

  TransportOptions to(TestNode node) {
    return TransportOptions.to(rawSocket ? node.rawSocket() : node.webSocket())
        .withSerializer(serializer);
  }

  @Override
  public String toString() {
    return (rawSocket ? "RawSocket " : "WebSocket ") + serializer.wireName();
  }
}
