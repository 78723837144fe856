package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;
import java.util.Locale;

/** How a serialized message becomes bytes on the wire. */
enum Framing {
  /** One unmasked frame, text for JSON and binary for the others (WS-04, WS-05). */
  WEBSOCKET {
    @Override
    int headerLength(int length) {
      return length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
    }

    @Override
    int messageLength(ByteBuf frame) {
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

  /** A head before the message, which is below 2^24 octets (RS-11). */
  RAWSOCKET {
    @Override
    int headerLength(int length) {
      return FrameHead.LENGTH;
    }

    @Override
    int messageLength(ByteBuf frame) {
      return frame.readableBytes() - FrameHead.LENGTH;
    }

    @Override
    void header(ByteBuf frame, Serializer serializer, int length) {
      frame.writeInt(FrameHead.of(FrameType.MESSAGE, length));
    }
  };

  private static final int FINAL = 0x80;
  private static final int TEXT = 1;
  private static final int BINARY = 2;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** What clients call the transport: websocket, rawsocket. */
  String wireName() {
    return wireName;
  }

  abstract int headerLength(int length);

  /** The octets of the message in a frame made here. */
  abstract int messageLength(ByteBuf frame);

  abstract void header(ByteBuf frame, Serializer serializer, int length);

  /** The frame of a message, in a buffer of exactly its size. */
  final ByteBuf frame(ByteBufAllocator allocator, Serializer serializer, ByteSink message) {
    int length = message.length();
    int size = headerLength(length) + length;
    ByteBuf frame = allocator.directBuffer(size, size);
    header(frame, serializer, length);
    return frame.writeBytes(message.array(), 0, length);
  }
}
