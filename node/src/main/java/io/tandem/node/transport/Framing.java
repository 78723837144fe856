package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;

/** How a serialized message becomes bytes on the wire. */
enum Framing {
  /** One unmasked frame, text for JSON and binary for the others (WS-04, WS-05). */
  WEBSOCKET {
    @Override
    int overhead(Serializer serializer, int length) {
      return length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
    }

    @Override
    int messageLength(ByteBuf frame, Serializer serializer) {
      int length = frame.getByte(frame.readerIndex() + 1);
      return frame.readableBytes() - (length < 126 ? 2 : length == 126 ? 4 : 10);
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {
      frame.writeByte(FINAL | (serializer.isText() ? TEXT : BINARY));
      if (length < 126) {
        frame.writeByte(length);
      } else if (length < 1 << 16) {
        frame.writeByte(126).writeShort(length);
      } else {
        frame.writeByte(127).writeLong(length);
      }
    }
  },

  /** The same for clients that take compressed messages; long ones are ({@link Compression}). */
  DEFLATED {
    @Override
    int overhead(Serializer serializer, int length) {
      return WEBSOCKET.overhead(serializer, length);
    }

    @Override
    int messageLength(ByteBuf frame, Serializer serializer) {
      return WEBSOCKET.messageLength(frame, serializer);
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {
      WEBSOCKET.header(frame, serializer, length);
    }
  },

  /** A head before the message, which is below 2^24 octets (RS-11). */
  RAWSOCKET {
    @Override
    int overhead(Serializer serializer, int length) {
      return FrameHead.LENGTH;
    }

    @Override
    int messageLength(ByteBuf frame, Serializer serializer) {
      return frame.readableBytes() - FrameHead.LENGTH;
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {
      frame.writeInt(FrameHead.of(FrameType.MESSAGE, length));
    }
  },

  /** A message as it is: what carries it tells where it ends. */
  BARE {
    @Override
    int overhead(Serializer serializer, int length) {
      return 0;
    }

    @Override
    int messageLength(ByteBuf frame, Serializer serializer) {
      return frame.readableBytes();
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {}
  },

  /**
   * An element of a batch, which becomes a frame together with others: text ends with a separator,
   * anything else begins with its length (BAT-02, BAT-04).
   */
  BATCHED {
    @Override
    int overhead(Serializer serializer, int length) {
      return serializer.isText() ? 1 : Integer.BYTES;
    }

    @Override
    int messageLength(ByteBuf frame, Serializer serializer) {
      return frame.readableBytes() - overhead(serializer, 0);
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {
      if (!serializer.isText()) {
        frame.writeInt(length);
      }
    }

    @Override
    void trailer(ByteBuf frame, Serializer serializer) {
      if (serializer.isText()) {
        frame.writeByte(SEPARATOR);
      }
    }
  },

  /** The same in text, for clients that separate by another octet (BAT-03). */
  BATCHED_OTHERWISE {
    @Override
    int overhead(Serializer serializer, int length) {
      return 1;
    }

    @Override
    int messageLength(ByteBuf frame, Serializer serializer) {
      return frame.readableBytes() - 1;
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {}

    @Override
    void trailer(ByteBuf frame, Serializer serializer) {
      frame.writeByte(OTHER_SEPARATOR);
    }
  };

  /** What ends a message of a batch in text; neither stands in JSON as it is. */
  static final byte SEPARATOR = 0x1E;

  static final byte OTHER_SEPARATOR = 0x18;

  /** The bit of a frame's head that says that its message is compressed: RSV1. */
  static final int COMPRESSED = 0x40;

  private static final int FINAL = 0x80;
  private static final int TEXT = 1;
  private static final int BINARY = 2;

  /** Octets around a message of this length. */
  abstract int overhead(Serializer serializer, int length);

  /** The octets of the message in a frame made here. */
  abstract int messageLength(ByteBuf frame, Serializer serializer);

  abstract void header(ByteBuf frame, Serializer serializer, int length);

  void trailer(ByteBuf frame, Serializer serializer) {}

  /** The frame of a message, in a buffer of exactly its size. */
  final ByteBuf frame(ByteBufAllocator allocator, Serializer serializer, ByteSink message) {
    int length = message.length();
    int size = overhead(serializer, length) + length;
    ByteBuf frame = allocator.directBuffer(size, size);
    header(frame, serializer, length);
    frame.writeBytes(message.array(), 0, length);
    trailer(frame, serializer);
    return frame;
  }
}
