package io.tandem.bench.fuzz;

import io.tandem.protocol.wire.Serializer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is changed by chance; everything beside it is as a client should have it. */
public enum Target {
  /** The opening handshake of WebSocket, and its frames. */
  WEBSOCKET(null),
  /** The opening handshake of RawSocket, and its frames. */
  RAWSOCKET(null),
  /** Messages in JSON: their values, their order, their octets. */
  JSON(Serializer.JSON),
  /** Messages in MessagePack. */
  MSGPACK(Serializer.MSGPACK),
  /** Messages in CBOR. */
  CBOR(Serializer.CBOR),
  /** HELLO and AUTHENTICATE of all methods. */
  AUTHENTICATION(null);

  private final @Nullable Serializer serializer;

  Target(@Nullable Serializer serializer) {
    this.serializer = serializer;
  }

  /** The one that is aimed at, or null for any. */
  @Nullable Serializer serializer() {
    return serializer;
  }

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
