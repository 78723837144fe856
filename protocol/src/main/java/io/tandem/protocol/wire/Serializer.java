package io.tandem.protocol.wire;

import java.util.Locale;

/** The encodings of WAMP messages (SER-01). One of them is fixed for the life of a transport. */
public enum Serializer {
  /** UTF-8 text; binary values travel as in SER-05. */
  JSON,
  /** MessagePack 5 (SER-03). */
  MSGPACK,
  /** RFC 8949 (SER-04). */
  CBOR;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in WebSocket subprotocols and in configurations: json, msgpack, cbor. */
  public String wireName() {
    return wireName;
  }

  /** Whether messages are text: one kind of WebSocket message only is legal for each (WS-05). */
  public boolean isText() {
    return this == JSON;
  }
}
