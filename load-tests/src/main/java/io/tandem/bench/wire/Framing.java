package io.tandem.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;

/** How a message becomes octets on the wire. */
public enum Framing {
  /** A client's WebSocket frame, masked. */
  WEBSOCKET_CLIENT {
    @Override
    ByteBuf frame(ByteBufAllocator allocator, boolean text, ByteBuf message) {
      int length = message.readableBytes();
      ByteBuf frame = allocator.directBuffer(14 + length);
      webSocketHeader(frame, text, 0x80, length);
      frame.writeInt(MASK);
      mask(message, length, frame);
      return frame;
    }
  },

  /** A server's WebSocket frame: the same octets for every receiver. */
  WEBSOCKET_SERVER {
    @Override
    ByteBuf frame(ByteBufAllocator allocator, boolean text, ByteBuf message) {
      ByteBuf header = allocator.directBuffer(10 + copied(message));
      webSocketHeader(header, text, 0, message.readableBytes());
      return headed(allocator, header, message);
    }
  },

  /** A head before the message. */
  RAWSOCKET {
    @Override
    ByteBuf frame(ByteBufAllocator allocator, boolean text, ByteBuf message) {
      ByteBuf header = allocator.directBuffer(FrameHead.LENGTH + copied(message));
      int head = FrameHead.of(FrameType.MESSAGE, message.readableBytes());
      return headed(allocator, header.writeInt(head), message);
    }
  };

  /** Any key does: a load generator hides nothing from proxies. Not 0, so that unmasking costs. */
  private static final int MASK = 0x5C3A9E71;

  private static final long WIDE_MASK = (MASK & 0xFFFF_FFFFL) << 32 | (MASK & 0xFFFF_FFFFL);

  /** Copying a message up to this length into its frame is cheaper than a frame of two parts. */
  private static final int COPIED = 4096;

  /** The frame; the message stays with the caller. */
  abstract ByteBuf frame(ByteBufAllocator allocator, boolean text, ByteBuf message);

  private static int copied(ByteBuf message) {
    return message.readableBytes() > COPIED ? 0 : message.readableBytes();
  }

  private static ByteBuf headed(ByteBufAllocator allocator, ByteBuf header, ByteBuf message) {
    if (message.readableBytes() > COPIED) {
      return allocator
          .compositeDirectBuffer(2)
          .addComponents(true, header, message.retainedDuplicate());
    }
    return header.writeBytes(message, message.readerIndex(), message.readableBytes());
  }

  private static void webSocketHeader(ByteBuf frame, boolean text, int masked, int length) {
    frame.writeByte(0x80 | (text ? 1 : 2));
    if (length < 126) {
      frame.writeByte(masked | length);
    } else if (length < 1 << 16) {
      frame.writeByte(masked | 126).writeShort(length);
    } else {
      frame.writeByte(masked | 127).writeLong(length);
    }
  }

  private static void mask(ByteBuf message, int length, ByteBuf frame) {
    int from = message.readerIndex();
    int done = 0;
    for (; done + Long.BYTES <= length; done += Long.BYTES) {
      frame.writeLong(message.getLong(from + done) ^ WIDE_MASK);
    }
    for (; done < length; done++) {
      frame.writeByte(message.getByte(from + done) ^ MASK >>> (24 - done % 4 * 8));
    }
  }
}
