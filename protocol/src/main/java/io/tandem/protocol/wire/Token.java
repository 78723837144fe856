package io.tandem.protocol.wire;

/**
 * What a {@link TokenReader} finds next. A value is one token, or all from LIST or MAP to its end.
 */
public enum Token {
  NULL,
  FALSE,
  TRUE,
  /** A whole number of at most 64 bits with sign. */
  INTEGER,
  /** A whole number beyond that. */
  BIG_INTEGER,
  FLOAT,
  TEXT,
  BINARY,
  /** The key of a map's next entry; always text (SER-08). */
  KEY,
  LIST,
  END_LIST,
  MAP,
  END_MAP,
  /** A CBOR tag; the value it belongs to follows. */
  TAG,
  /** A MessagePack extension or a CBOR simple value: nothing that another format knows. */
  EXTENSION;
}
